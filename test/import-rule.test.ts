// Holds the direction of dependencies: inner parts know nothing of outer ones.

import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** What each part may import of the project besides itself; `'*'` is any part of the backend. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'backend/src/sync': [],
  'backend/src/reconcile': ['backend/src/sync'],
  'backend/src/http': ['backend/src/sync', 'backend/src/reconcile/ports.ts'],
  'backend/src/jira': ['backend/src/sync', 'backend/src/reconcile/ports.ts', 'backend/src/http'],
  'backend/src/azure': ['backend/src/sync', 'backend/src/reconcile/ports.ts', 'backend/src/http'],
  'backend/src/store': ['backend/src/sync', 'backend/src/reconcile/ports.ts'],
  'backend/src/telemetry': [
    'backend/src/sync',
    'backend/src/reconcile/ports.ts',
    'backend/src/store',
    'backend/src/data-policy',
  ],
  'backend/src/notifications': [
    'backend/src/sync',
    'backend/src/reconcile/ports.ts',
    'backend/src/http',
    'backend/src/jira',
    'backend/src/store',
  ],
  'backend/src/data-policy': [],
  'backend/src/profile-file': ['backend/src/sync'],
  'backend/src/jobs': ['*'],
  'backend/src/routes': ['*'],
  'backend/src/cli': ['*'],
  'backend/src': ['*'],
  'backend/build.ts': ['backend/sbom.ts'],
  'backend/sbom.ts': [],
  'forge-app': [],
  src: ['forge-app'],
};

const parts = Object.keys(allowed).sort((a, b) => b.length - a.length);
const partOf = (file: string) => parts.find((part) => file === part || file.startsWith(`${part}/`));

function importsOf(file: string): readonly string[] {
  const { module, errors } = parseSync(file, readFileSync(join(root, file), 'utf8'));
  expect(errors, file).toEqual([]);
  return [
    ...module.staticImports.map((entry) => entry.moduleRequest.value),
    ...module.staticExports.flatMap((entry) =>
      entry.entries.flatMap((e) => (e.moduleRequest ? [e.moduleRequest.value] : [])),
    ),
    ...module.dynamicImports.map((entry) =>
      readFileSync(join(root, file), 'utf8').slice(entry.moduleRequest.start + 1, entry.moduleRequest.end - 1),
    ),
  ];
}

const mayImport = (from: string, to: string): boolean => {
  const part = partOf(from);
  const target = partOf(to);
  if (part === undefined || target === undefined) return false;
  if (part === target) return true;
  return (allowed[part] ?? []).some((rule) =>
    rule === '*' ? to.startsWith('backend/') : to === rule || to.startsWith(`${rule}/`),
  );
};

/** Every import that the rule forbids, as `from -> to`. */
function violations(files: readonly string[], imports: (file: string) => readonly string[]): readonly string[] {
  return files.flatMap((file) =>
    imports(file)
      .filter((name) => name.startsWith('.'))
      .map((name) => relative(root, join(root, dirname(file), name)))
      .filter((to) => !mayImport(file, to))
      .map((to) => `${file} -> ${to}`),
  );
}

const sources = globSync('{src,forge-app,backend}/**/*.{ts,tsx}', { cwd: root }).filter(
  (file) => !file.includes('node_modules') && !file.includes('dist/'),
);

describe('the import rule', () => {
  it('holds for every product file', () => {
    expect(sources.length).toBeGreaterThan(0);
    expect(violations(sources, importsOf)).toEqual([]);
  });

  it.each([
    ['the core reaching for an adapter', 'backend/src/sync/plan.ts', '../jira/client.ts'],
    ['the engine reaching for a store', 'backend/src/reconcile/engine.ts', '../store/state-store.ts'],
    ['an adapter reaching for the engine', 'backend/src/azure/reader.ts', '../reconcile/engine.ts'],
    ['one side reaching for the other', 'backend/src/azure/reader.ts', '../jira/reader.ts'],
    ['the Forge app reaching for the backend', 'forge-app/backend.ts', '../backend/src/app.ts'],
    ['the product reaching for the tests', 'backend/src/main.ts', '../../test/run.ts'],
  ])('refuses %s', (_, file, name) => {
    expect(violations([file], () => [name])).toHaveLength(1);
  });
});
