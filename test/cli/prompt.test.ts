// Questions at a terminal: hidden answers are not shown, wrong ones are asked again.

import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { openPrompt } from '../../backend/src/cli/prompt.ts';

function terminal() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let shown = '';
  let asked = 0;
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  const prompt = openPrompt(input, output);
  return {
    prompt,
    shown: () => shown,
    /** Types each answer once the next question is there. */
    type: async (...answers: string[]) => {
      for (const answer of answers) {
        while (shown.indexOf(': ', asked) < 0) await new Promise((resolve) => setImmediate(resolve));
        asked = shown.length;
        input.write(`${answer}\n`);
      }
    },
    end: () => input.end(),
  };
}

describe('a prompt', () => {
  it('does not show what is typed as a secret', async () => {
    const { prompt, type, shown } = terminal();
    const answer = prompt.ask('Token', { hidden: true });
    await type('very-secret');
    expect(await answer).toBe('very-secret');
    expect(shown()).toContain('Token: ');
    expect(shown()).not.toContain('very-secret');
    prompt.close();
  });

  it('asks again until the answer is right, and takes the fallback for an empty one', async () => {
    const { prompt, type, shown } = terminal();
    const answer = prompt.ask('Number', { wrong: (text) => (/^\d+$/.test(text) ? null : 'Digits only.') });
    await type('abc', '', '7');
    expect(await answer).toBe('7');
    expect(shown()).toContain('Digits only.');
    const other = prompt.ask('Colour', { fallback: 'red' });
    await type('');
    expect(await other).toBe('red');
    prompt.close();
  });

  it.each(['2', 'ops', 'Operations'])('chooses by number, key or name: %s', async (typed) => {
    const { prompt, type } = terminal();
    const among = [
      { key: 'TAN', name: 'Tandem' },
      { key: 'OPS', name: 'Operations' },
    ];
    const answer = prompt.choose('Project', among);
    await type('9', typed);
    expect((await answer).key).toBe('OPS');
    prompt.close();
  });

  it('ends the command when the terminal goes away', async () => {
    const { prompt, end } = terminal();
    const answer = prompt.ask('Anything');
    end();
    await expect(answer).rejects.toMatchObject({ details: { code: 'cancelled', exit: 1 } });
  });
});
