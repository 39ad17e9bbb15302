import { describe, expect, it, vi } from 'vitest';
import { panelResolver, resolver } from '../../src/index.ts';
import { withBackend } from './forge-runtime.ts';

type Invoke = (request: never) => Promise<unknown>;

async function invoke(
  target: Invoke,
  functionKey: string,
  payload: unknown,
  answer: () => Response | Promise<Response>,
  context: unknown = {},
) {
  let value: unknown;
  const calls = await withBackend(answer, async () => {
    value = await target({ call: { functionKey, payload }, context } as never);
  });
  return { value, calls };
}

const nothing = () => new Response(null, { status: 204 });

describe('the admin page’s resolver', () => {
  it('turns an operation into one call and its answer into a value', async () => {
    const { value, calls } = await invoke(resolver, 'profile', { id: 'p-1' }, () => Response.json({ id: 'p-1' }));
    expect(calls).toEqual([{ remote: 'backend', path: '/api/profiles/p-1', method: 'GET', body: undefined }]);
    expect(value).toEqual({ ok: true, value: { id: 'p-1' } });
  });

  it.each([
    ['createConnection', { connection: { name: 'Acme' } }, 'POST', '/api/connections', { name: 'Acme' }],
    ['updateConnection', { id: 'c', connection: { name: 'B' } }, 'PUT', '/api/connections/c', { name: 'B' }],
    ['deleteConnection', { id: 'c' }, 'DELETE', '/api/connections/c', undefined],
    ['testStoredConnection', { id: 'c' }, 'POST', '/api/connections/test', { id: 'c' }],
    ['azureProjects', { connectionId: 'c', query: 'Ta n' }, 'GET', '/api/connections/c/projects?query=Ta+n', undefined],
    ['jiraProjects', { query: '', after: '50' }, 'GET', '/api/jira/projects?after=50', undefined],
    [
      'updateProfile',
      { id: 'p', settings: { name: 'x' }, revision: 3 },
      'PUT',
      '/api/profiles/p',
      { settings: { name: 'x' }, revision: 3 },
    ],
    ['enableProfile', { id: 'p' }, 'POST', '/api/profiles/p/enable', undefined],
    ['startInitialSync', { id: 'p' }, 'POST', '/api/profiles/p/initial-sync', undefined],
    [
      'startInitialSync',
      { id: 'p', options: { mode: 're-sync' } },
      'POST',
      '/api/profiles/p/initial-sync',
      { mode: 're-sync' },
    ],
    ['pauseInitialSync', { id: 'p' }, 'POST', '/api/profiles/p/initial-sync/pause', undefined],
    ['stopInitialSync', { id: 'p' }, 'POST', '/api/profiles/p/initial-sync/stop', undefined],
    ['errors', { id: 'p', after: 'k' }, 'GET', '/api/profiles/p/errors?after=k', undefined],
    ['retryErrors', { refs: ['a'] }, 'POST', '/api/errors/retry', { refs: ['a'] }],
    ['usage', { event: { page: 'home' } }, 'POST', '/forge/usage', { page: 'home' }],
    ['chooseSide', { refs: ['a'], side: 'jira' }, 'POST', '/api/errors/choose', { refs: ['a'], side: 'jira' }],
    ['errorValues', { refs: ['a'] }, 'POST', '/api/errors/values', { refs: ['a'] }],
    ['previewProfile', { id: 'p' }, 'GET', '/api/profiles/p/plan', undefined],
    ['adoption', { id: 'p' }, 'GET', '/api/profiles/p/adoption', undefined],
    ['adopt', { id: 'p' }, 'POST', '/api/profiles/p/adoption', {}],
    ['renewHookSecret', { id: 'c' }, 'POST', '/api/connections/c/hook-secret', undefined],
    ['profileStop', { id: 'p' }, 'GET', '/api/profiles/p/stop', undefined],
  ])('%s', async (name, payload, method, path, body) => {
    const { value, calls } = await invoke(resolver, name, payload, nothing);
    expect(calls).toEqual([{ remote: 'backend', method, path, body }]);
    expect(value).toEqual({ ok: true, value: null });
  });

  it.each([[{ id: '../connections/c' }], [{ id: '..' }], [{ id: '' }], [{ id: 7 }], [{}]])(
    'refuses %j, which is no id, without a call',
    async (payload) => {
      const { value, calls } = await invoke(resolver, 'deleteProfile', payload, nothing);
      expect(calls).toEqual([]);
      expect(value).toEqual({ ok: false, error: { code: 'invalid-request', message: 'id must be an id' } });
    },
  );

  it('passes on the backend’s own words, with the place in the request', async () => {
    const problem = { code: 'invalid-request', message: 'name: must not be empty', path: 'settings.name' };
    const { value } = await invoke(resolver, 'createProfile', { profile: {} }, () =>
      Response.json({ error: problem }, { status: 400 }),
    );
    expect(value).toEqual({ ok: false, error: problem });
  });

  it.each([
    ['unreachable', () => Promise.reject(new Error('timeout')), 'unreachable'],
    ['broken', () => new Response('<html>', { status: 500 }), 'unavailable'],
    ['strange', () => new Response('no json', { status: 404 }), 'http-404'],
    ['no longer willing', () => new Response('', { status: 401 }), 'unauthorized'],
  ])('says in words that the backend is %s', async (_, answer, code) => {
    const { value } = await invoke(resolver, 'overview', {}, answer);
    expect(value).toMatchObject({ ok: false, error: { code } });
    expect((value as { error: { message: string } }).error.message).toMatch(/^Tandem .*\.$/);
  });
});

describe('a backend that does not answer', () => {
  const never = () => new Promise<Response>(() => {});
  const perhapsDone = /It may have been done all the same/;
  const asked = async (name: string, payload: unknown, answer: () => Promise<Response>) => {
    vi.useFakeTimers();
    try {
      const asking = invoke(resolver, name, payload, answer);
      await vi.advanceTimersByTimeAsync(24_000);
      return (await asking).value as { readonly ok: boolean; readonly error: { code: string; message: string } };
    } finally {
      vi.useRealTimers();
    }
  };

  it('is given up before Forge ends the function, in words', async () => {
    const { ok, error } = await asked('overview', {}, never);
    expect([ok, error.code]).toEqual([false, 'too-slow']);
    expect(error.message).toMatch(/^Tandem did not answer in time\. Try again/);
  });

  it.each([
    ['enableProfile', { id: 'p' }, true],
    ['deleteConnection', { id: 'c' }, true],
    ['profile', { id: 'p' }, false],
    ['previewSettings', { id: 'p', settings: {} }, false],
    ['testStoredConnection', { id: 'c' }, false],
  ])('leaves open whether %s was done: %#', async (name, payload, changes) => {
    const lost = () => Promise.reject(new Error('socket hang up'));
    for (const answer of [never, lost]) {
      expect(perhapsDone.test((await asked(name, payload, answer)).error.message)).toBe(changes);
    }
  });

  it('lets Forge ask the person for consent', async () => {
    const answer = () =>
      new Response('', { status: 401, headers: { 'forge-proxy-error': 'NEEDS_AUTHENTICATION_ERR' } });
    await expect(invoke(resolver, 'overview', {}, answer)).rejects.toThrow('Authentication Required');
  });
});

describe('the issue panel’s resolver', () => {
  const context = { extension: { issue: { id: '10017', key: 'TAN-17' } } };

  it('asks about the issue that Jira names, whatever the page says', async () => {
    const { calls } = await invoke(panelResolver, 'sync', { issueId: '10099' }, nothing, context);
    expect(calls).toEqual([{ remote: 'backend', method: 'POST', path: '/panel/10017/sync', body: undefined }]);
  });

  it('asks nothing outside an issue', async () => {
    const { value, calls } = await invoke(panelResolver, 'panel', {}, nothing, {});
    expect(calls).toEqual([]);
    expect(value).toMatchObject({ ok: false, error: { code: 'invalid-request' } });
  });
});
