// The Azure DevOps simulator as a program of the bench. Its service hooks post to the backend by themselves.

import { type AzureSimulator, startAzureSimulator } from '../simulators/azure/server.ts';
import { serve, usage } from './process.ts';

let azure: AzureSimulator | undefined;

const running = (): AzureSimulator => {
  if (!azure) throw new Error('the simulator was not started');
  return azure;
};

const commands = {
  async start({ seed }: { readonly seed: 'team' | 'empty' }) {
    azure = await startAzureSimulator({ seed });
    const { url, ordinary, synchronizer, project } = azure;
    return { url, ordinary, synchronizer, project };
  },
  async eventsIdle(_: null) {
    await running().kernel.events.idle();
    return running().kernel.events.report().published;
  },
  usage: async (_: null) => usage(),
};

export type AzureCommands = typeof commands;

serve(commands, async () => azure?.close());
