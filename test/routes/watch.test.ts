// What an administrator watches: sites that no longer fit a profile, and how a running profile keeps up.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope, SideCatalog } from '../../backend/src/reconcile/ports.ts';
import type { BySide } from '../../backend/src/sync/model.ts';
import { type Backend, madeProfile, settings, startBackend, type Tenant } from './kit.ts';

let backend: Backend & { close(): Promise<void> };
let owner: Tenant;
let profile: string;
let scope: Scope;
const context = { signal: new AbortController().signal, attempts: 0, initialJobs: 0 };

beforeAll(async () => {
  backend = await startBackend();
  owner = backend.tenant();
  ({ profile } = await madeProfile(backend, owner));
  scope = { installationId: await owner.installationId() };
});
afterAll(() => backend.close());

const drift = async () => (await owner.admin('GET', '/api/drift')).body.profiles;

describe('the drift watch', () => {
  const load = async (change: (catalogs: BySide<SideCatalog>) => BySide<SideCatalog> = (same) => same) => {
    const stored = await backend.service.config.lastCatalogs(scope, profile);
    if (!stored) throw new Error('nothing was loaded yet');
    await backend.service.deps.config.saveCatalogs(scope, profile, change(stored));
  };
  const parked = ({ jira, azure }: BySide<SideCatalog>): BySide<SideCatalog> => ({
    azure,
    jira: {
      ...jira,
      types: jira.types.map((type) => ({
        ...type,
        states: [...type.states, { name: 'Parked', category: 'active' as const }],
      })),
    },
  });

  it('tells of a new status with the next load of the catalogs, until it is accepted or saved over', async () => {
    await backend.service.handlers['refresh-catalogs']({ ...scope, profileId: profile }, context);
    await load();
    expect(await drift()).toEqual([]);
    await load(parked);
    const task = {
      path: 'types.0.states',
      level: 'warning',
      problem: 'The state "Parked" of "Task" in Jira is not mapped.',
    };
    expect(await drift()).toMatchObject([{ profileId: profile, profile: 'Team', tasks: [task] }]);
    expect((await owner.admin('POST', `/api/profiles/${profile}/drift/accept`)).status).toBe(204);
    expect(await drift()).toEqual([]);
    expect((await owner.admin('POST', `/api/profiles/${profile}/drift/check`)).status).toBe(202);
    expect((await backend.service.queue.waiting()).get('refresh-catalogs')).toBe(1);
  });

  it('counts what stands there when settings are saved as known', async () => {
    await owner.admin('PUT', `/api/profiles/${profile}`, { body: { settings, revision: 1 } });
    await load((stored) => ({ ...stored, azure: { ...stored.azure, types: [] } }));
    const [{ tasks }] = await drift();
    expect(tasks.map(({ problem }: { problem: string }) => problem)).toContain(
      'Azure DevOps has no type "Task" in this project.',
    );
    expect((await backend.tenant({ cloudId: 'drift-of-others' }).admin('GET', '/api/drift')).body.profiles).toEqual([]);
  });
});

describe('a drift outside the page', () => {
  it('is told once, by the ids that the mapping has, and again for what changes later', async () => {
    const watched = backend.tenant({ cloudId: 'drift-told' });
    const made = await madeProfile(backend, watched);
    const its = { installationId: await watched.installationId() };
    const { config, deps, handlers, notices } = backend.service;
    await watched.admin('PUT', '/api/notifications/issue', { body: { key: 'OPS-1' } });
    await handlers['refresh-catalogs']({ ...its, profileId: made.profile }, context);
    const known = await config.lastCatalogs(its, made.profile);
    if (!known) throw new Error('nothing was loaded yet');
    const lost = (field: string): BySide<SideCatalog> => ({
      ...known,
      azure: {
        ...known.azure,
        types: known.azure.types.map((type) => ({ ...type, fields: type.fields.filter(({ id }) => id !== field) })),
      },
    });
    const look = (catalogs: BySide<SideCatalog>) => deps.config.saveCatalogs(its, made.profile, catalogs);
    const told = async () => (await notices.recent(its, 10)).map(({ event }) => event);

    await look(lost('System.Title'));
    expect(await told()).toEqual([]);
    await look(known);
    await config.setStatus(its, made.profile, 'paused', null);
    await look(lost('System.Title'));
    await look(lost('System.Title'));
    const event = { kind: 'profile-drifted', profileId: made.profile, profile: 'Team', fails: expect.any(Boolean) };
    expect(await told()).toMatchObject([{ ...event, places: ['field System.Title in Azure DevOps'] }]);
    const shown = (await watched.admin('GET', '/api/notifications')).body.recent;
    expect(shown).toMatchObject([{ title: 'The profile “Team” no longer fits its sites', channel: 'issue' }]);
    backend.clock.advance(60_000);
    await look({ ...lost('System.Title'), jira: { ...known.jira, types: [] } });
    expect(await told()).toHaveLength(2);
  });
});

describe('the figures of a profile', () => {
  it.each([
    ['hours', 36],
    ['day', 24],
    ['week', 28],
  ])('are told for %s in %i steps, empty ones too', async (range, steps) => {
    const { figures } = backend.service;
    figures.count(scope, profile, { failed: false, lagMs: 4_000 });
    figures.count(scope, profile, { failed: true, lagMs: null });
    await figures.flush();
    const { body } = await owner.admin('GET', `/api/profiles/${profile}/figures?range=${range}`);
    expect(body.points).toHaveLength(steps);
    expect(body.points.at(-1)).toMatchObject({ averageLagMs: 4_000, longestLagMs: 4_000 });
    expect(body.points[0]).toMatchObject({ changes: 0, failed: 0, averageLagMs: null, longestLagMs: null });
  });
});
