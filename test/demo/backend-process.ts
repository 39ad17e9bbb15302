// The real backend as a process of its own, which the demo may kill and start again.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from '../forge-host/manifest.ts';

export interface BackendOptions {
  /** Holds the database, the key and the log. */
  readonly dataDir: string;
  readonly port: number;
  /** The settings, by the names of backend/src/settings.ts. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface BackendProcess {
  readonly logFile: string;
  /** Resolves when it answers. Throws with the end of its log when it doesn't come up. */
  start(): Promise<void>;
  /** SIGKILL: what it had in hand stays as it is. */
  kill(): Promise<void>;
  /** SIGTERM; SIGKILL when it does not end in time. */
  stop(): Promise<void>;
}

const startWithinMs = 60_000;
const stopWithinMs = 15_000;

export function backendProcess({ dataDir, port, environment }: BackendOptions): BackendProcess {
  const logFile = join(dataDir, 'backend.log');
  let running: ChildProcess | null = null;

  const ended = async (child: ChildProcess): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const child = running;
    running = null;
    if (child === null) return;
    child.kill(signal);
    const patience = new AbortController();
    const late = delay(stopWithinMs, undefined, { signal: patience.signal, ref: false })
      .then(() => child.kill('SIGKILL'))
      .catch(() => {});
    await ended(child);
    patience.abort();
    await late;
  };

  return {
    logFile,
    async start() {
      if (running !== null) throw new Error('the backend runs already');
      const log = await open(logFile, 'a');
      const child = spawn(process.execPath, [join(root, 'backend/src/main.ts')], {
        cwd: dataDir,
        env: { ...inherited(), ...environment, PORT: String(port) },
        stdio: ['ignore', log.fd, log.fd, 'ipc'],
      });
      running = child;
      await log.close();
      const patience = AbortSignal.timeout(startWithinMs);
      const outcome = await Promise.race([
        once(child, 'message', { signal: patience }).then(() => 'ready' as const),
        once(child, 'exit', { signal: patience }).then(() => 'ended' as const),
      ]).catch(() => 'late' as const);
      child.channel?.unref();
      if (outcome === 'ready') return;
      await end('SIGKILL');
      const what = outcome === 'ended' ? 'ended' : 'was not ready in time';
      throw new Error(`the backend ${what}: ${await lastLines(logFile)}`);
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

/** The backend reads all its settings from variables: those of whoever starts the demo must not reach it. */
function inherited(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(TANDEM|FORGE|DATABASE|DATASTORE|PORT$|NODE_OPTIONS)/.test(name),
  );
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-5).join('\n') || 'it said nothing';
}
