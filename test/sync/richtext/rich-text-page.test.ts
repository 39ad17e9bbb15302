// The page on rich text says what the code does, and its pictures are there and small.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { samples } from './pictures/samples.ts';
import { pagePath, richTextPage } from './rich-text-page.ts';

it('docs/rich-text.md is up to date: node test/sync/richtext/rich-text-page.ts writes it', () => {
  expect(readFileSync(pagePath, 'utf8')).toBe(richTextPage());
});

it.each(samples.map(({ file }) => file))('there is a picture of %s', (file) => {
  const { size } = statSync(join(pagePath, '../richtext', `${file}.png`));
  expect(size).toBeGreaterThan(5_000);
  expect(size).toBeLessThan(60 * 1024);
});
