// The manifest against everything that Forge's own validator checks offline, and against what that validator does not see.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ManifestSchema, ProcessorBuilder, ValidationTypes } from '@forge/manifest';
import { parseSync } from 'oxc-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { issueMarkerValue, issueProperty } from '../backend/src/jira/markers.ts';
import * as handlers from '../src/index.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Keyed {
  readonly key: string;
}
interface Endpoint extends Keyed {
  readonly remote: string;
  readonly auth?: { readonly appSystemToken?: { readonly enabled: boolean } };
}
interface Manifest {
  readonly modules: {
    readonly trigger: readonly (Keyed & {
      readonly events: readonly unknown[];
      readonly function?: string;
      readonly endpoint?: string;
    })[];
    readonly endpoint: readonly Endpoint[];
    readonly scheduledTrigger: readonly (Keyed & { readonly endpoint: string; readonly interval: string })[];
    readonly preUninstall: readonly (Keyed & { readonly endpoint: string })[];
    readonly function: readonly (Keyed & { readonly handler: string })[];
    readonly 'jira:entityProperty': readonly {
      readonly propertyKey: string;
      readonly values: readonly { readonly path: string }[];
    }[];
  };
  readonly resources: readonly (Keyed & { readonly path: string })[];
  readonly remotes: readonly (Keyed & {
    readonly baseUrl: Readonly<Record<string, string>>;
    readonly operations: readonly string[];
    readonly auth: Readonly<Record<'appSystemToken' | 'appUserToken', { readonly enabled: boolean }>>;
  })[];
  readonly permissions: { readonly scopes: readonly string[] };
}

const manifest = parse(read('manifest.yml')) as Manifest;
const { modules } = manifest;
const events = modules.trigger.flatMap((trigger) => trigger.events);
const scopes = new Set(manifest.permissions.scopes);

interface EventScopes {
  readonly productEvent: string;
  readonly oAuthScopes: { readonly current: readonly string[] };
}
const known = (
  JSON.parse(read('node_modules/@forge/manifest/out/mapping/product-event-to-scope-mapping.json')) as {
    readonly mapping: readonly EventScopes[];
  }
).mapping;
const productEvents = events.filter((event): event is string => typeof event === 'string' && !isLifecycle(event));

/** https://developer.atlassian.com/platform/forge/events-reference/life-cycle/ */
const lifecycleEvents = ['avi:forge:installed:app', 'avi:forge:upgraded:app', 'avi:forge:uninstalled:app'];
function isLifecycle(event: unknown): boolean {
  return typeof event === 'string' && event.startsWith('avi:forge:');
}

describe('Forge’s validator', () => {
  const started = process.cwd();
  beforeAll(() => process.chdir(root));
  afterAll(() => process.chdir(started));

  it.each(Object.values(ValidationTypes))('%s finds nothing', async (type) => {
    const { success, errors } = await ProcessorBuilder.instance()
      .withValidation(type)
      .build()
      .process(undefined as unknown as string & ManifestSchema);
    expect(errors ?? []).toEqual([]);
    expect(success).toBe(true);
  });
});

describe('events', () => {
  it('are plain strings, the only form whose scopes the validator checks', () => {
    expect(events.filter((event) => typeof event !== 'string')).toEqual([]);
  });

  it('exist: a misspelt one would never arrive', () => {
    const names = new Set(known.map(({ productEvent }) => productEvent));
    expect(productEvents.filter((event) => !names.has(event))).toEqual([]);
    expect(events.filter(isLifecycle)).toEqual(lifecycleEvents);
  });

  it('arrive once each', () => {
    expect(events).toHaveLength(new Set(events).size);
  });

  it('of items go to the function that cuts them to ids, never whole to the backend', () => {
    const elsewhere = modules.trigger.filter(
      ({ events: wanted, ...trigger }) => !wanted.every(isLifecycle) && trigger.function !== 'on-jira-event',
    );
    expect(elsewhere).toEqual([]);
  });
});

describe('scopes', () => {
  it('cover the events', () => {
    const needed = known
      .filter(({ productEvent }) => productEvents.includes(productEvent))
      .flatMap(({ oAuthScopes }) => oAuthScopes.current);
    expect([...new Set(needed)].filter((scope) => !scopes.has(scope))).toEqual([]);
  });

  it('let Forge send the tokens that the remote asks for', () => {
    const [remote] = manifest.remotes;
    expect(remote?.auth.appSystemToken.enabled).toBe(scopes.has('read:app-system-token'));
    expect(remote?.auth.appUserToken.enabled).toBe(scopes.has('read:app-user-token'));
  });

  const specFile = join(root, '../shared/specs/jira-cloud-v3.json');
  const description = globSync(specFile).length > 0 ? readFileSync(specFile, 'utf8') : undefined;

  it.skipIf(description === undefined)(
    'are those of the calls that the backend makes and of the events, no more',
    () => {
      const called = new Set(jiraCalls().flatMap((call) => scopesOf(call, JSON.parse(description ?? '{}'))));
      const told = known
        .filter(({ productEvent }) => productEvents.includes(productEvent))
        .flatMap(({ oAuthScopes }) => oAuthScopes.current);
      const needed = new Set([...called, ...told, ...agileScopes, ...platformScopes]);
      expect([...scopes].sort()).toEqual([...needed].sort());
    },
  );
});

/** Of Forge's own APIs: the tokens that the remote gets, and the privacy API. */
const platformScopes = ['read:app-system-token', 'read:app-user-token', 'report:personal-data'];

/** As the Agile API's own pages name them (api-group-board, api-group-sprint); its description is not among ours. */
const agileScopes = [
  'read:board-scope:jira-software',
  'read:project:jira',
  'read:sprint:jira-software',
  'write:sprint:jira-software',
  'delete:sprint:jira-software',
];

interface Call {
  readonly method: string;
  readonly path: string;
}

/** Every `{ method, path }` that the Jira client is given, with `{}` for what is filled in. */
function jiraCalls(): readonly Call[] {
  const calls = globSync('backend/src/{jira,routes}/**/*.ts', { cwd: root }).flatMap((file) => {
    const source = read(file);
    return [...source.matchAll(/path: (?:`([^`]+)`|'([^']+)')/g)].map((match): Call => {
      const around = source.slice(Math.max(0, match.index - 200), match.index);
      const method = [...around.matchAll(/method: '([A-Z]+)'/g)].at(-1)?.[1] ?? 'GET';
      return { method: method.toLowerCase(), path: (match[1] ?? match[2] ?? '').replace(/\$\{[^}]*\}/g, '{}') };
    });
  });
  expect(calls.length).toBeGreaterThan(15);
  return calls;
}

interface Description {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly security?: readonly { readonly OAuth2?: readonly string[] }[] }>>>
  >;
}

function scopesOf({ method, path }: Call, { paths }: Description): readonly string[] {
  const found = Object.entries(paths).find(([name]) => name.replace(/\{[^}]*\}/g, '{}') === `/rest/api/3/${path}`);
  return found?.[1][method]?.security?.flatMap(({ OAuth2 }) => OAuth2 ?? []) ?? [];
}

describe('the backend', () => {
  it('may compute and store, in every region from the one that there is', () => {
    for (const { operations, baseUrl } of manifest.remotes) {
      expect(operations).toEqual(expect.arrayContaining(['compute', 'storage']));
      expect(Object.keys(baseUrl)).toEqual(['default', 'EU']);
      expect(Object.values(baseUrl).every((url) => url.startsWith('https://'))).toBe(true);
    }
  });

  it('gets the system token with every call of Forge’s own', () => {
    for (const endpoint of modules.endpoint) expect(endpoint.auth?.appSystemToken?.enabled, endpoint.key).toBe(true);
  });

  it('is ticked every five minutes, brought a token every hour and asked about people every day, within the five schedules that an app may have', () => {
    expect(modules.scheduledTrigger.map(({ interval }) => interval).sort()).toEqual(['day', 'fiveMinute', 'hour']);
  });

  it('is reached only through endpoints that exist', () => {
    const keys = new Set(modules.endpoint.map(({ key }) => key));
    const named = [...modules.scheduledTrigger, ...modules.preUninstall, ...modules.trigger].flatMap(
      ({ endpoint }) => endpoint ?? [],
    );
    expect(named.filter((endpoint) => !keys.has(endpoint))).toEqual([]);
    expect([...keys].filter((key) => !named.includes(key))).toEqual([]);
  });
});

describe('keys and files', () => {
  it('keep within 23 characters', () => {
    const keyed: readonly Keyed[] = [...modules.function, ...manifest.resources, ...manifest.remotes];
    expect(keyed.filter(({ key }) => key.length > 23)).toEqual([]);
  });

  it('name handlers that src/index.ts exports as functions, and all of them', () => {
    const named = modules.function.map(({ handler }) => handler.replace(/^index\./, ''));
    expect([...named].sort()).toEqual(Object.keys(handlers).sort());
    for (const handler of Object.values(handlers)) expect(handler).toBeTypeOf('function');
  });

  it('name pages that exist and can be parsed', () => {
    for (const { path } of manifest.resources) expect(parseSync(path, read(path)).errors).toEqual([]);
  });

  it('declare for JQL what the marker of a pair holds', () => {
    const [declared] = modules['jira:entityProperty'];
    const marker = issueMarkerValue({ token: 't', sourceId: '17' }, 'profile');
    expect(declared?.propertyKey).toBe(issueProperty);
    expect(declared?.values.map(({ path }) => path).filter((path) => !Object.hasOwn(marker, path))).toEqual([]);
  });
});
