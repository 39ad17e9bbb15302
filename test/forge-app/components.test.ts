// The components that the pages use are those of UI Kit, and the local host draws every one: nothing works only here.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** What the pages import of `@forge/react`, as values. */
const used = new Set(
  globSync('forge-app/**/*.{ts,tsx}', { cwd: root }).flatMap((file) =>
    parseSync(file, read(file))
      .module.staticImports.filter(({ moduleRequest }) => moduleRequest.value === '@forge/react')
      .flatMap(({ entries }) => entries)
      .flatMap(({ isType, importName }) => (isType || importName.name == null ? [] : [importName.name])),
  ),
);
const components = [...used].filter((name) => /^[A-Z]/.test(name)).sort();

/** `Button: (node, render) => …` */
const drawn = new Set(
  globSync('test/forge-host/page/components/*.tsx', { cwd: root }).flatMap((file) =>
    [...read(file).matchAll(/^ {2}([A-Z]\w+): /gm)].map(([, name]) => name),
  ),
);

it('uses what @forge/react has', async () => {
  // It looks for Forge as it is loaded.
  Object.assign(globalThis, { __bridge: { callBridge: () => Promise.resolve() } });
  const uiKit = await import('@forge/react');
  expect(components).toContain('ProgressTracker');
  expect([...used].filter((name) => !(name in uiKit))).toEqual([]);
});

it('is drawn by the local host', () => {
  expect(components.filter((name) => !drawn.has(name))).toEqual([]);
});
