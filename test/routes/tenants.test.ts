// Nothing crosses an installation: with another tenant's ids in paths and bodies, every route answers as if they did not
// exist, and changes nothing.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorRef } from '../../backend/src/routes/error-ref.ts';
import { type Backend, type Body, madeProfile, settings, startBackend, type Tenant } from './kit.ts';
import { storedPair } from './stored.ts';

let backend: Backend & { close(): Promise<void> };
let stranger: Tenant;
/** Ids of the tenant whom the stranger is after. */
let ids: { connection: string; profile: string; pair: string; app: string; installation: string };

beforeAll(async () => {
  backend = await startBackend();
  const owner = backend.tenant();
  stranger = backend.tenant({ cloudId: 'another-site' });
  const made = await madeProfile(backend, owner);
  const scope = { installationId: await owner.installationId() };
  const pair = await storedPair(backend.service, scope, made.profile);
  const connections = await backend.service.config.listConnections(scope);
  const app = connections.find(({ auth }) => auth === 'app')?.id ?? '';
  ids = { ...made, pair, app, installation: scope.installationId };
  await stranger.send('POST', '/forge/token');
});
afterAll(() => backend.close());

type Case = readonly [string, string, () => unknown];
const none = () => undefined;
const connectionInput = () => ({ name: 'Mine', url: backend.azure.url, pat: 'x' });
const projects = () => ({ jiraProject: 'TAN', azureConnectionId: ids.connection, azureProject: 'Tandem' });
const refs = () => [
  errorRef({ pair: ids.pair, record: 'e1', subject: 'summary' }),
  errorRef({ profile: ids.profile, side: 'jira', item: '10001', record: 'e1' }),
];

const file = JSON.stringify({ ...settings, name: undefined });

/** Every route that takes an id; `{connection}`, `{profile}` and `{app}` are the owner's. */
const cases: readonly Case[] = [
  ['PUT', '/api/connections/{connection}', connectionInput],
  ['DELETE', '/api/connections/{connection}', none],
  ['POST', '/api/connections/test', () => ({ id: ids.connection })],
  ['GET', '/api/connections/{connection}/projects', none],
  ['POST', '/api/connections/{connection}/hook-secret', none],
  ['POST', '/api/profiles', () => ({ azureConnectionId: ids.connection, settings })],
  ['GET', '/api/profiles/{profile}', none],
  ['PUT', '/api/profiles/{profile}', () => ({ settings, revision: 1 })],
  ['DELETE', '/api/profiles/{profile}', none],
  ['POST', '/api/profiles/{profile}/enable', none],
  ['POST', '/api/profiles/{profile}/pause', none],
  ['GET', '/api/profiles/{profile}/initial-sync', none],
  ['POST', '/api/profiles/{profile}/initial-sync', none],
  ['POST', '/api/profiles/{profile}/initial-sync', () => ({ mode: 're-sync' })],
  ['POST', '/api/profiles/{profile}/initial-sync/count', () => ({})],
  ['POST', '/api/profiles/{profile}/initial-sync/pause', none],
  ['POST', '/api/profiles/{profile}/initial-sync/resume', none],
  ['POST', '/api/profiles/{profile}/initial-sync/stop', none],
  ['GET', '/api/profiles/{profile}/preview?side=jira&key=TAN-1', none],
  ['GET', '/api/profiles/{profile}/people', none],
  ['GET', '/api/profiles/{profile}/plan', none],
  ['GET', '/api/profiles/{profile}/stop', none],
  ['POST', '/api/profiles/{profile}/drift/check', none],
  ['POST', '/api/profiles/{profile}/drift/accept', none],
  ['GET', '/api/profiles/{profile}/figures', none],
  ['GET', '/api/profiles/{profile}/undo', none],
  ['POST', '/api/profiles/{profile}/undo', () => ({ pairs: [ids.pair] })],
  ['POST', '/api/profiles/{profile}/plan', () => ({ settings })],
  ['POST', '/api/profiles/{profile}/hooks', none],
  ['GET', '/api/profiles/{profile}/draft', none],
  ['PUT', '/api/profiles/{profile}/draft', () => ({ draft: {}, after: null })],
  ['DELETE', '/api/profiles/{profile}/draft', none],
  ['GET', '/api/profiles/{profile}/history', none],
  ['POST', '/api/profiles/{profile}/differences', () => ({ settings })],
  ['POST', '/api/filter-count', () => ({ side: 'azure', azureConnectionId: ids.connection, project: 'Tandem' })],
  ['POST', '/api/people/match', () => ({ azureConnectionId: ids.connection, settings })],
  ['GET', '/api/profiles/{profile}/adoption', none],
  ['POST', '/api/profiles/{profile}/adoption', () => ({})],
  ['GET', '/api/profiles/{profile}/timeline?side=jira&key=TAN-1', none],
  ['GET', '/api/profiles/{profile}/export', none],
  ['POST', '/api/profile-files/import', () => ({ yaml: file, azureConnectionId: ids.connection })],
  ['GET', '/api/profiles/{profile}/errors', none],
  ['POST', '/api/errors/retry', () => ({ refs: refs() })],
  ['POST', '/api/errors/ignore', () => ({ refs: refs() })],
  ['POST', '/api/errors/choose', () => ({ ref: refs()[0], side: 'jira' })],
  ['POST', '/api/errors/choose', () => ({ refs: refs(), side: 'jira' })],
  ['POST', '/api/errors/values', () => ({ refs: refs().slice(0, 1) })],
  ['POST', '/api/suggest', projects],
  ['POST', '/api/catalogs', projects],
  ['POST', '/api/validate', () => ({ azureConnectionId: ids.connection, settings })],
];
const filled = (path: string) =>
  path.replace('{connection}', ids.connection).replace('{profile}', ids.profile).replace('{app}', ids.app);

/** All that the owner has, but for the system token, which every call of its own brings anew. */
async function owned(): Promise<string> {
  const tables = ['installations', 'connections', 'profiles', 'pairs', 'item_errors', 'initial_syncs', 'pending_items'];
  const rows = await Promise.all(
    tables.map(async (table) => {
      const found = await backend.service.pool.query(`select * from tandem.${table} where installation_id = $1`, [
        ids.installation,
      ]);
      return found.rows;
    }),
  );
  return JSON.stringify(rows, (name, value: unknown) => (name.startsWith('system_token') ? undefined : value));
}

describe('an id of another tenant', () => {
  it.each(cases)('in %s %s is unknown', async (method, path, body) => {
    const before = await owned();
    backend.calls.length = 0;
    const value = body();
    const answer = await stranger.admin(method, filled(path), value === undefined ? {} : { body: value });
    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'not-found' } } });
    expect(await owned()).toBe(before);
    expect(backend.calls.map(({ operation }) => operation).filter((name) => name !== 'GET mypermissions')).toEqual([]);
  });

  it('is not among the lists', async () => {
    const answer = await stranger.admin('GET', '/api/overview');
    expect(answer.body).toMatchObject({ connections: [], profiles: [], errors: 0 });
  });

  it.each([
    ['/api/profile-files/check', () => ({ yaml: file, profileId: ids.profile })],
    ['/api/profile-files/import', () => ({ yaml: file, profileId: ids.profile, revision: 1 })],
  ] as const)('in a file for POST %s is unknown', async (path, body) => {
    const before = await owned();
    expect(await stranger.admin('POST', path, { body: body() })).toMatchObject({ status: 404 });
    expect(await owned()).toBe(before);
  });

  it('is walked through on every route that takes one', async () => {
    const { body: document } = await backend.send('GET', '/openapi.json');
    const taking = Object.entries<Body>(document.paths).flatMap(([path, item]) =>
      Object.entries<Body>(item).flatMap(([method, operation]) => {
        const schema = JSON.stringify(operation.requestBody ?? '');
        const refers = /azureConnectionId|refs|"ref"|ProfileInput|SuggestInput/.test(schema);
        return /^\/api\/.*\{/.test(path) || refers ? [`${method.toUpperCase()} ${path}`] : [];
      }),
    );
    const walked = cases.map(
      ([method, path]) => `${method} ${path.replace(/\?.*/, '').replace(/\{(connection|profile)\}/, '{id}')}`,
    );
    expect(walked).toEqual(expect.arrayContaining(taking));
  });
});

describe('the connection to the app’s own Jira', () => {
  it.each([
    ['PUT', '/api/connections/{app}', connectionInput],
    ['DELETE', '/api/connections/{app}', none],
    ['POST', '/api/connections/test', () => ({ id: ids.app })],
    ['GET', '/api/connections/{app}/projects', none],
    ['POST', '/api/profiles', () => ({ azureConnectionId: ids.app, settings })],
  ] satisfies Case[])('is none of %s %s', async (method, path, body) => {
    const before = await owned();
    const value = body();
    const answer = await backend.tenant().admin(method, filled(path), value === undefined ? {} : { body: value });
    expect(answer.status).toBe(404);
    expect(await owned()).toBe(before);
  });
});
