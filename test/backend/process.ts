// Starts the backend as a process of its own: main.ts, or what was built of it.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileCache } from '../compile-cache.ts';

const source = join(import.meta.dirname, '../../backend/src/main.ts');

export interface BackendProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Everything that was written so far, to both outputs. */
  output(): string;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Ends it for good, if it still runs, and removes its folder. */
  close(): Promise<void>;
}

/** Without waiting for it to be ready. */
export async function launch(
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  program = source,
): Promise<Omit<BackendProcess, 'url'>> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-backend-'));
  const child = spawn(process.execPath, [...args, program], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      ...compileCache(),
      PORT: '0',
      TANDEM_HOST: '127.0.0.1',
      TANDEM_DATA_DIR: folder,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  // `close`: the outputs have been read to their ends, too.
  const ended = once(child, 'close').then(([code, signal]): number | string => code ?? signal);
  return {
    child,
    ended,
    output: () => output,
    async close() {
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function startProcess(
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  program = source,
): Promise<BackendProcess> {
  const launched = await launch(environment, args, program);
  const ready = once(launched.child, 'message').then(([message]: { port: number }[]) => message?.port);
  const port = await Promise.race([ready, launched.ended.then(() => undefined)]);
  if (port === undefined) throw new Error(`the backend did not start: ${launched.output()}`);
  return { ...launched, url: `http://127.0.0.1:${port}` };
}
