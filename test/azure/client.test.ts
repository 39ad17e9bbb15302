// What the client makes of answers that only the real service's front doors give; all else is tested on the simulator.

import { describe, expect, it } from 'vitest';
import { type AzureCall, createAzureClient } from '../../backend/src/azure/client.ts';
import { parseOrganization } from '../../backend/src/azure/organization.ts';
import { projectSchema } from '../../backend/src/azure/wire.ts';
import { type HttpAnswer, HttpFailure, type HttpRequest, type Transport } from '../../backend/src/http/transport.ts';
import { syncError } from '../../backend/src/sync/errors.ts';

const call: AzureCall = {
  operation: 'GET projects/{id}',
  method: 'GET',
  path: ['projects', 'Tandem'],
  endpoint: 'read',
  scope: 'Project and Team (Read)',
};

interface Reply {
  readonly status: number;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

function clientOf(reply: (request: HttpRequest) => Reply, url = 'https://dev.azure.com/acme') {
  const sent: HttpRequest[] = [];
  const transport: Transport = {
    send: async (request): Promise<HttpAnswer> => {
      sent.push(request);
      const { status, json, headers = {} } = reply(request);
      if (status === 401) {
        throw new HttpFailure(syncError('unauthorized', { side: 'azure' }), { mayHaveLanded: false, status, json });
      }
      return { status, header: (name) => headers[name.toLowerCase()] ?? null, text: '', json };
    },
    open: async () => {
      throw new Error('not used');
    },
    close: async () => {},
  };
  const organization = parseOrganization(url);
  const client = createAzureClient({ organization, pat: 'pät', transport, connectionId: 'c', caller: 'p' });
  return { client, sent };
}

describe('the Azure client', () => {
  it.each<[string, Reply]>([
    ['203 with a page', { status: 203, headers: { 'content-type': 'text/html' } }],
    [
      'a redirect to the sign-in page',
      { status: 302, headers: { location: 'https://spsprodweu5.vssps.visualstudio.com/_signin' } },
    ],
    ['200 with a page', { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } }],
  ])('takes %s for a refused token', async (_, reply) => {
    const { client } = clientOf(() => reply);
    await expect(client.call(call, projectSchema)).rejects.toMatchObject({
      error: { code: 'unauthorized', level: 'connection' },
    });
  });

  it('tells a missing scope, named as on the page of tokens, from a wrong token', async () => {
    const { client } = clientOf((request) =>
      request.url.pathname.endsWith('/connectionData') ? { status: 200, json: {} } : { status: 401 },
    );
    await expect(client.call(call, projectSchema)).rejects.toMatchObject({
      error: { code: 'connection-forbidden', value: 'Project and Team (Read)' },
    });
    const wrong = clientOf(() => ({ status: 401 }));
    await expect(wrong.client.call(call, projectSchema)).rejects.toMatchObject({ error: { code: 'unauthorized' } });
  });

  it('sends the token as the password of Basic, in UTF-8, and the version of the API', async () => {
    const { client, sent } = clientOf(() => ({ status: 200, json: { id: '1', name: 'Tandem' } }));
    await client.call(call, projectSchema);
    expect(sent[0]?.authorization).toBe(`Basic ${Buffer.from(':pät').toString('base64')}`);
    expect(sent[0]?.url.href).toBe('https://dev.azure.com/acme/_apis/projects/Tandem?api-version=7.1');
  });

  it('asks the host of identities for people', async () => {
    const { client, sent } = clientOf(
      () => ({ status: 200, json: { id: '1', name: 'x' } }),
      'https://acme.visualstudio.com',
    );
    await client.call({ ...call, host: 'identity', path: ['graph', 'users'] }, projectSchema);
    expect(sent[0]?.url.host).toBe('acme.vssps.visualstudio.com');
  });

  it('encodes names in addresses and never leaves the organization', async () => {
    const { client, sent } = clientOf(() => ({ status: 200, json: { id: '1', name: 'x' } }));
    await client.call({ ...call, project: 'A/B & ü', path: ['wit', 'workitems', '$User Story'] }, projectSchema);
    expect(sent[0]?.url.pathname).toBe('/acme/A%2FB%20%26%20%C3%BC/_apis/wit/workitems/$User%20Story');
    await expect(client.call({ ...call, project: '..' }, projectSchema)).rejects.toMatchObject({
      error: { code: 'unreachable' },
    });
    expect(sent).toHaveLength(1);
  });

  it('names the place, not the value, of an answer of another form', async () => {
    const { client } = clientOf(() => ({ status: 200, json: { id: 5, name: 'secret' } }));
    await expect(client.call(call, projectSchema)).rejects.toMatchObject({
      error: { code: 'unavailable', detail: expect.stringContaining('id is not of the documented form') },
    });
  });
});
