// Says how far something is: one line that is written over on a terminal, and a line at each quarter elsewhere.

export interface Progress {
  tell(step: string): void;
  /** `0 of 0` is not told. */
  count(what: string, done: number, total: number): void;
  end(): void;
}

const quarters = 4;
const barLength = 24;

export const silent: Progress = { tell: () => {}, count: () => {}, end: () => {} };

export function progressOn(stream: NodeJS.WriteStream): Progress {
  if (stream.isTTY) {
    const over = (line: string) => stream.write(`\r\x1b[K${line}`);
    return {
      tell: over,
      count: (what, done, total) => {
        const full = total === 0 ? 0 : Math.round((barLength * done) / total);
        over(`${what} ${'█'.repeat(full)}${'░'.repeat(barLength - full)} ${done} of ${total}`);
      },
      end: () => over(''),
    };
  }
  const told = new Set<string>();
  const once = (key: string, line: string) => {
    if (told.has(key)) return;
    told.add(key);
    stream.write(`${line}\n`);
  };
  return {
    tell: (step) => once(step, step),
    count: (what, done, total) => {
      if (total > 0) once(`${what} ${Math.floor((quarters * done) / total)}`, `${what} ${done} of ${total}`);
    },
    end: () => {},
  };
}
