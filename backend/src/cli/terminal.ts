// What a command says and where: results on standard output, the rest on standard error. Colour and the progress line only
// on a terminal; a reader that went away (EPIPE) ends the output and not the work.

import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

export interface Terminal {
  /** Somebody sits before it, so that questions can be asked. */
  readonly interactive: boolean;
  /** A line of the result. */
  print(line: string): void;
  /** One JSON document, on one line. */
  json(value: unknown): void;
  /** For people: notes, warnings, what goes on. */
  note(line: string): void;
  /** Replaces the progress line; nothing without a terminal. */
  progress(text: string | null): void;
  /** In a result line; plain when standard output is no terminal or NO_COLOR is set. */
  paint(style: Style, text: string): string;
  /** The same for notes. */
  paintNote(style: Style, text: string): string;
  /** Resolves when all that was printed has left the process. */
  flushed(): Promise<void>;
  /** Called once when nobody reads standard output any more. */
  onClosed(listener: () => void): void;
}

export function createTerminal(
  stdout: NodeJS.WriteStream = process.stdout,
  stderr: NodeJS.WriteStream = process.stderr,
  stdin: NodeJS.ReadStream = process.stdin,
): Terminal {
  let closed = false;
  let shown = false;
  const listeners: (() => void)[] = [];
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
    if (closed) return;
    closed = true;
    for (const listener of listeners) listener();
  });
  // Without standard error there is nobody to tell.
  stderr.on('error', () => {});
  const clear = () => {
    if (shown) stderr.write('\r\x1b[K');
    shown = false;
  };
  const print = (line: string) => {
    clear();
    if (!closed) stdout.write(`${line}\n`);
  };
  return {
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    print,
    json: (value) => print(JSON.stringify(value)),
    note(line) {
      clear();
      stderr.write(`${line}\n`);
    },
    progress(text) {
      if (stderr.isTTY !== true) return;
      clear();
      if (text === null) return;
      // One row at most: a wrapped line could not be taken back.
      stderr.write(text.slice(0, Math.max(10, (stderr.columns ?? 80) - 1)));
      shown = true;
    },
    paint: (style, text) => styleText(style, text, { stream: stdout }),
    paintNote: (style, text) => styleText(style, text, { stream: stderr }),
    flushed: () => (closed ? Promise.resolve() : new Promise((resolve) => void stdout.write('', () => resolve()))),
    onClosed(listener) {
      if (closed) listener();
      else listeners.push(listener);
    },
  };
}
