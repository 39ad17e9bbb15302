// Runs the `tandem` command as its users do: a process of its own, with nothing of this one's environment.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { compileCache } from '../compile-cache.ts';

export const program = join(import.meta.dirname, '../../backend/src/cli/tandem.ts');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type Variables = Readonly<Record<string, string>>;

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export function startTandem(args: readonly string[], env: Variables = {}, input = ''): Running {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...compileCache(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  const ended = (async (): Promise<Ended> => {
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    return { code: child.exitCode, stdout, stderr };
  })();
  return { child, ended };
}

export const tandem = (args: readonly string[], env?: Variables, input?: string): Promise<Ended> =>
  startTandem(args, env, input).ended;
