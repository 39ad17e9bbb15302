// The transport against a real server: what it sends, how it classifies failures, where it refuses to go.

import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { publicAddresses } from '../../backend/src/http/addresses.ts';
import { decode } from '../../backend/src/http/decode.ts';
import { createGovernor, memoryBlocks } from '../../backend/src/http/governor.ts';
import {
  type CallRecord,
  createTransport,
  HttpFailure,
  type HttpRequest,
  type Transport,
} from '../../backend/src/http/transport.ts';
import { SyncFailure } from '../../backend/src/sync/errors.ts';
import { json, startServer, type TestServer } from './server.ts';

let server: TestServer;
let media: TestServer;
let transport: Transport;
let calls: CallRecord[];
let answer: Parameters<typeof startServer>[0];

beforeEach(async () => {
  calls = [];
  answer = (_, response) => json(response, 200, { ok: true });
  server = await startServer((request, response) => answer(request, response));
  media = await startServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.end('bytes');
  });
  transport = createTransport({
    addresses: { ...publicAddresses, origins: [server.origin, media.origin] },
    governor: createGovernor({ blocks: memoryBlocks() }),
    onCall: (call) => calls.push(call),
  });
});

afterEach(async () => {
  await transport.close();
  await Promise.all([server.close(), media.close()]);
});

const request = (more: Partial<HttpRequest> = {}): HttpRequest => ({
  side: 'jira',
  operation: 'GET thing/{id}',
  method: 'GET',
  url: new URL(`${server.origin}/thing/1`),
  authorization: 'Basic c29tZW9uZTpzZWNyZXQtdG9rZW4=',
  lane: { connection: 'c1', endpoint: 'read', caller: 'p1' },
  ...more,
});

const failure = async (promise: Promise<unknown>): Promise<HttpFailure> => {
  const error = await promise.then(
    () => new Error('nothing failed'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HttpFailure)) throw error;
  return error;
};

const write = (more: Partial<HttpRequest> = {}) =>
  request({
    operation: 'PUT thing/{id}',
    method: 'PUT',
    body: { kind: 'json', value: { summary: 'Quartz & "zebra"' } },
    ...more,
  });

describe('answers', () => {
  it('come with status, headers and parsed JSON, and are counted by operation', async () => {
    answer = (_, response) => json(response, 200, { n: 1 }, { 'x-thing': 'yes' });
    const result = await transport.send(request());
    expect(result).toMatchObject({ status: 200, json: { n: 1 } });
    expect(result.header('X-Thing')).toBe('yes');
    expect(server.seen[0]?.headers.authorization).toBe('Basic c29tZW9uZTpzZWNyZXQtdG9rZW4=');
    expect(calls).toMatchObject([{ operation: 'GET thing/{id}', status: 200, connection: 'c1', side: 'jira' }]);
  });

  it.each([400, 404, 409, 410, 412, 413, 415, 422])('of %i are left to the caller', async (status) => {
    answer = (_, response) => json(response, status, { errors: { summary: 'no' } });
    expect(await transport.send(request())).toMatchObject({ status, json: { errors: { summary: 'no' } } });
  });

  it('that are no JSON have none', async () => {
    answer = (_, response) => response.end('<html>');
    expect(await transport.send(request())).toMatchObject({ text: '<html>', json: undefined });
  });

  it('larger than the limit are an error that says so', async () => {
    answer = (_, response) => response.end('x'.repeat(5000));
    const error = await transport.send(request({ maxBytes: 1000 })).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SyncFailure);
    expect((error as SyncFailure).error).toMatchObject({ code: 'unavailable', value: 'size' });
  });

  it('that redirect are returned and not followed', async () => {
    answer = (_, response) => {
      response.writeHead(302, { location: `${media.origin}/signin` });
      response.end();
    };
    expect((await transport.send(request())).status).toBe(302);
    expect(media.seen).toHaveLength(0);
  });
});

describe('failures', () => {
  it.each([
    [401, {}, 'unauthorized', false],
    [403, {}, 'forbidden', false],
    [429, { 'retry-after': '7' }, 'rate-limited', false],
    [500, {}, 'unavailable', true],
    [503, { 'retry-after': '3' }, 'unavailable', true],
  ] as const)('of status %i with %j are %s', async (status, headers, code, mayHaveLanded) => {
    answer = (_, response) => json(response, status, {}, headers);
    const error = await failure(transport.send(write()));
    expect(error.error.code).toBe(code);
    expect(error.mayHaveLanded).toBe(mayHaveLanded);
    expect(server.seen).toHaveLength(1);
  });

  it('carry the time to wait, in seconds or as a date', async () => {
    answer = (_, response) => json(response, 429, {}, { 'retry-after': '7' });
    expect((await failure(transport.send(request()))).error.retryAfterMs).toBe(7000);
    answer = (_, response) => json(response, 429, {}, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() });
    const other = request({ lane: { connection: 'c2', endpoint: 'read', caller: 'p1' } });
    const wait = (await failure(transport.send(other))).error.retryAfterMs ?? 0;
    expect(wait).toBeGreaterThan(50_000);
    expect(wait).toBeLessThanOrEqual(60_000);
  });

  it('mask what was sent, and tokens', async () => {
    answer = ({ body }, response) =>
      json(response, 500, { message: `cannot store ${body}`, auth: 'Bearer abc.def', token: 'secret-token' });
    const error = await failure(transport.send(write()));
    expect(error.error.detail).toContain('cannot store');
    for (const secret of ['Quartz', 'zebra', 'secret-token', 'abc.def']) {
      expect(error.error.detail).not.toContain(secret);
      expect(error.message).not.toContain(secret);
    }
  });

  it('say nothing of an HTML page', async () => {
    answer = (_, response) => {
      response.writeHead(502);
      response.end('<html><body>proxy of someone</body></html>');
    };
    expect((await failure(transport.send(write()))).error.detail).toBeUndefined();
  });

  it('of a socket that broke: a read is tried once more, a write never', async () => {
    answer = ({ number }, response) => {
      if (number === 1) response.destroy();
      else json(response, 200, { ok: true });
    };
    expect((await transport.send(request())).status).toBe(200);
    expect(server.seen).toHaveLength(2);

    answer = (_, response) => response.destroy();
    const error = await failure(transport.send(write()));
    expect(error.error).toMatchObject({ code: 'unavailable', value: 'socket' });
    expect(error.mayHaveLanded).toBe(true);
    expect(server.seen).toHaveLength(3);
  });

  it('of a POST that only reads are tried once more when it says so', async () => {
    answer = ({ number }, response) => (number === 1 ? response.destroy() : json(response, 200, {}));
    await transport.send(write({ method: 'POST', safe: true }));
    expect(server.seen).toHaveLength(2);
  });

  it('of a refused connection have surely not landed', async () => {
    const { origin } = server;
    await server.close();
    const error = await failure(transport.send(write({ url: new URL(`${origin}/thing/1`) })));
    expect(error).toMatchObject({ mayHaveLanded: false, error: { code: 'unavailable' } });
  });

  it('of a server that never answers end with the timeout, and may have landed', async () => {
    answer = () => undefined;
    const error = await failure(transport.send(write({ timeoutMs: 100 })));
    expect(error).toMatchObject({ mayHaveLanded: true, error: { code: 'unavailable', value: 'timeout' } });
    expect(calls).toMatchObject([{ status: 0 }]);
  });
});

describe('streams', () => {
  it('go out with the announced length', async () => {
    const bytes = new TextEncoder().encode('0123456789');
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes.slice(0, 4));
        controller.enqueue(bytes.slice(4));
        controller.close();
      },
    });
    await transport.send(
      request({
        method: 'POST',
        body: { kind: 'stream', stream, length: 10, contentType: 'application/octet-stream' },
      }),
    );
    expect(server.seen[0]).toMatchObject({ body: '0123456789' });
    expect(server.seen[0]?.headers['content-length']).toBe('10');
  });

  it('are followed to a media host without credentials', async () => {
    answer = (_, response) => {
      response.writeHead(303, { location: `${media.origin}/file?token=x` });
      response.end();
    };
    const result = await transport.open(request());
    expect(await new Response(result.body).text()).toBe('bytes');
    expect(media.seen[0]?.headers.authorization).toBeUndefined();
    expect(calls.map(({ operation }) => operation)).toEqual(['GET thing/{id}', 'GET thing/{id} (media)']);
  });

  it('are not followed to any other host', async () => {
    answer = (_, response) => {
      response.writeHead(302, { location: 'https://evil.example/file' });
      response.end();
    };
    await expect(transport.open(request())).rejects.toMatchObject({ error: { code: 'forbidden', value: 'address' } });
  });

  it('end after a few redirects', async () => {
    answer = (_, response) => {
      response.writeHead(302, { location: `${server.origin}/again` });
      response.end();
    };
    await expect(transport.open(request())).rejects.toMatchObject({ error: { code: 'unavailable' } });
    expect(server.seen).toHaveLength(6);
  });

  it('that break off fail where they are read', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('some');
      setImmediate(() => response.destroy());
    };
    const result = await transport.open(request());
    await expect(new Response(result.body).text()).rejects.toMatchObject({ error: { code: 'unavailable' } });
  });
});

describe('a hostile answer', () => {
  const ended = (more: Partial<HttpRequest> = {}) => transport.send(request(more)).catch((thrown: unknown) => thrown);

  it('that goes on for ever ends at the limit, and so does its connection', async () => {
    let closed = false;
    answer = (_, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(64 * 1024)));
      };
      response.on('drain', more);
      response.on('close', () => {
        closed = true;
      });
      more();
    };
    expect(await ended({ maxBytes: 1024 * 1024 })).toMatchObject({ error: { code: 'unavailable', value: 'size' } });
    await expect.poll(() => closed).toBe(true);
  });

  it('that unpacks to more than it was is measured as unpacked', async () => {
    const packed = gzipSync(Buffer.alloc(8 * 1024 * 1024));
    expect(packed.length).toBeLessThan(16 * 1024);
    answer = (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(packed);
    };
    expect(await ended({ maxBytes: 1024 * 1024 })).toMatchObject({ error: { code: 'unavailable', value: 'size' } });
  });

  it('that comes letter by letter ends with the time of the call', async () => {
    answer = (_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(timer));
    };
    expect(await ended({ timeoutMs: 100 })).toMatchObject({ error: { code: 'unavailable', value: 'timeout' } });
  });

  it.each([
    ['lists', '['.repeat(100_000)],
    ['lists that end', `${'['.repeat(3_000)}${']'.repeat(3_000)}`],
    ['objects', `${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`],
  ])('of %s within one another is no answer', async (_, text) => {
    answer = (_request, response) => response.end(text);
    const answered = await transport.send(request());
    expect(answered.json).toBeUndefined();
    expect(() => decode(z.object({}), answered, 'jira', 'GET thing')).toThrow(/not JSON/);
  });

  it('with brackets in its texts is what it is', async () => {
    const value = { text: `${'['.repeat(5_000)}\\"{`, list: [1] };
    answer = (_, response) => json(response, 200, value);
    expect((await transport.send(request())).json).toEqual(value);
  });

  it.each([
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47])],
    ['a list', '[1]'],
    ['a number', '7'],
    ['nothing', ''],
    ['another type within', '{"id":{"deep":[]}}'],
  ])('that is %s where an object was to be is an error that names the place and no value', async (_, body) => {
    answer = (_request, response) => response.end(body);
    const answered = await transport.send(request());
    expect(() => decode(z.object({ id: z.string() }), answered, 'jira', 'GET thing')).toThrow(HttpFailure);
  });

  it('that claims to be another service’s is read by nobody: a redirect carries no body and no credentials', async () => {
    answer = (_, response) => {
      response.writeHead(307, { location: `${media.origin}/elsewhere` });
      response.end();
    };
    expect((await transport.send(write())).status).toBe(307);
    await transport.open(request());
    expect(media.seen).toHaveLength(1);
    expect(media.seen[0]?.headers.authorization).toBeUndefined();
    expect(media.seen[0]?.body).toBe('');
  });
});
