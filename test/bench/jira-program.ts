// The Jira simulator as a program of the bench. Its events go through the app's own cut to the backend, as Forge sends them.

import { cutJiraEvent } from '../../forge-app/handlers/cut-event.ts';
import { createIssuer, type InstalledApp } from '../forge-host/issuer.ts';
import { type JiraSimulator, startJiraSimulator } from '../simulators/jira/server.ts';
import { serve, usage } from './process.ts';

let jira: JiraSimulator | undefined;

const running = (): JiraSimulator => {
  if (!jira) throw new Error('the simulator was not started');
  return jira;
};

const commands = {
  async start({ seed }: { readonly seed: 'team' | 'empty' }) {
    jira = await startJiraSimulator({ seed });
    const { url, mediaUrl, cloudId, apiBaseUrl, accounts, project } = jira;
    return { url, mediaUrl, cloudId, apiBaseUrl, accounts, project };
  },
  /** Answers the keys that the backend verifies the events' tokens with. */
  async sendEvents({ to, app }: { readonly to: { readonly url: string }; readonly app: InstalledApp }) {
    const issuer = await createIssuer();
    running().kernel.events.subscribe({
      id: 'tandem',
      deliver: async (event) => {
        const events = cutJiraEvent(event.body);
        if (events.length === 0) return;
        const token = await issuer.mint(app, {
          module: { type: 'trigger', key: 'jira-item-events' },
          withContext: false,
        });
        const answer = await fetch(`${to.url}/forge/events`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ events }),
        });
        if (!answer.ok) throw new Error(`the backend answered ${answer.status}`);
      },
    });
    return issuer.jwks;
  },
  /** Resolves when no event is under way; answers how many were published so far. */
  async eventsIdle(_: null) {
    await running().kernel.events.idle();
    return running().kernel.events.report().published;
  },
  usage: async (_: null) => usage(),
};

export type JiraCommands = typeof commands;

serve(commands, async () => jira?.close());
