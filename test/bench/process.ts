// Programs of the bench that run in processes of their own, so that each one's CPU and memory can be told: a table of
// commands on one side, calls on the other.

import { fork } from 'node:child_process';

/** What a program answers; arguments and results cross as structured clones. */
export type Commands = Readonly<Record<string, (input: never) => Promise<unknown>>>;

interface Call {
  readonly id: number;
  readonly command: string;
  readonly input: unknown;
}

type Reply = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string };

export interface Program<C extends Commands> {
  call<K extends keyof C & string>(command: K, input: Parameters<C[K]>[0]): Promise<Awaited<ReturnType<C[K]>>>;
  /** Ends the process. */
  stop(): Promise<void>;
}

/** `file` calls `serve` with the commands whose type is given here. */
/** `flags`: of Node. */
export function startProgram<C extends Commands>(file: string, flags: readonly string[] = []): Program<C> {
  const child = fork(file, [], {
    execArgv: [...process.execArgv, ...flags],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      for (const { reject } of waiting.values()) reject(new Error(`${file} ended early (${signal ?? code})`));
      waiting.clear();
      resolve();
    });
  });
  child.on('message', (message) => {
    const reply = message as Reply;
    const call = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('error' in reply) call?.reject(new Error(reply.error));
    else call?.resolve(reply.value);
  });
  let calls = 0;
  return {
    call: async (command, input) => {
      const answer = Promise.withResolvers<unknown>();
      const call: Call = { id: ++calls, command, input };
      waiting.set(call.id, answer);
      child.send(call, (error) => error && answer.reject(error));
      return (await answer.promise) as never;
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

/** The other end. The process ends when its parent lets go of it, by intent or because it died. */
export function serve(commands: Commands, close: () => Promise<void>): void {
  process.on('message', (message) => {
    const { id, command, input } = message as Call;
    const run = commands[command] as ((input: unknown) => Promise<unknown>) | undefined;
    // A parent that is gone waits for no answer.
    const reply = (answer: Reply) => process.send?.(answer, undefined, undefined, () => {});
    if (!run) return void reply({ id, error: `there is no command ${command}` });
    run(input).then(
      (value) => reply({ id, value }),
      (error: unknown) => reply({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.once('disconnect', () => void close().finally(() => process.exit(0)));
}

export interface Usage {
  /** User and system time since the process began, ms. */
  readonly cpuMs: number;
  /** The most memory that the process held so far, bytes. */
  readonly peakBytes: number;
}

export function usage(): Usage {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return { cpuMs: (userCPUTime + systemCPUTime) / 1_000, peakBytes: maxRSS * 1024 };
}

/** Epoch ms with fractions: comparable between the processes of one machine. */
export const exactNow = (): number => performance.timeOrigin + performance.now();
