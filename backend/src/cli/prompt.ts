// Asks a person at a terminal: texts, secrets that are not shown, one of a list. Not used without a terminal.

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { exitCodes, Failure } from './failure.ts';

export interface Question {
  readonly fallback?: string;
  /** What is typed is not shown. */
  readonly hidden?: boolean;
  /** What is wrong with the answer; null when nothing is. The question is then asked again. */
  readonly wrong?: (answer: string) => string | null;
}

export interface Prompt {
  ask(question: string, options?: Question): Promise<string>;
  /** By number or by name. */
  choose<T extends { readonly key: string; readonly name: string }>(question: string, among: readonly T[]): Promise<T>;
  say(text: string): void;
  close(): void;
}

export function openPrompt(
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Prompt {
  let muted = false;
  const shown = new Writable({
    write(chunk, _encoding, done) {
      if (!muted) output.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input, output: shown, terminal: true });
  const ended = new AbortController();
  lines.once('SIGINT', () => ended.abort());
  lines.once('close', () => ended.abort());

  const answerTo = async (question: string, hidden: boolean): Promise<string> => {
    if (hidden) output.write(question);
    muted = hidden;
    try {
      return (await lines.question(hidden ? '' : question, { signal: ended.signal })).trim();
    } catch (error) {
      if (!ended.signal.aborted) throw error;
      throw new Failure('Nothing was written.', { code: 'cancelled', exit: exitCodes.failed }, { cause: error });
    } finally {
      muted = false;
      if (hidden) output.write('\n');
    }
  };

  const prompt: Prompt = {
    async ask(question, { fallback, hidden = false, wrong } = {}) {
      for (;;) {
        const answer = (await answerTo(`${question}${fallback ? ` [${fallback}]` : ''}: `, hidden)) || (fallback ?? '');
        const problem = answer === '' ? 'An answer is needed.' : (wrong?.(answer) ?? null);
        if (problem === null) return answer;
        output.write(`  ${problem}\n`);
      }
    },
    async choose(question, among) {
      for (const [index, one] of among.entries()) {
        const names = one.key === one.name ? one.name : `${one.key}  ${one.name}`;
        output.write(`  ${String(index + 1).padStart(3)}  ${names}\n`);
      }
      const find = (answer: string) => {
        const wanted = answer.toLowerCase();
        const named = among.find(({ key, name }) => key.toLowerCase() === wanted || name.toLowerCase() === wanted);
        return named ?? (/^\d+$/.test(answer) ? among[Number(answer) - 1] : undefined);
      };
      const [only, second] = among;
      const answer = await prompt.ask(question, {
        ...(only && !second ? { fallback: only.key } : {}),
        wrong: (given) => (find(given) ? null : 'Give a number or a name of the list.'),
      });
      const found = find(answer);
      if (!found) throw new Error('an answer of the list was taken');
      return found;
    },
    say: (text) => void output.write(`${text}\n`),
    close: () => lines.close(),
  };
  return prompt;
}
