// The kernel as a client meets it: over HTTP, with every kind of fault, big bodies, the control surface.
import { randomBytes } from 'node:crypto';
import { Agent, createServer, request as httpRequest } from 'node:http';
import { Hono } from 'hono';
import { afterEach, describe, expect, it } from 'vitest';
import { ACT_AS_HEADER, type Kernel, startKernel } from './kernel.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** A small service: notes that are written and read, and a blob store. */
async function start(): Promise<{ kernel: Kernel; notes: Map<string, string> }> {
  const notes = new Map<string, string>();
  const blobs = new Map<string, Uint8Array<ArrayBuffer>>();
  const kernel = await startKernel({
    name: 'notes',
    port: 0,
    build: ({ events, clock }) => {
      const app = new Hono();
      app.get('/notes/:id', (c) => {
        const note = notes.get(c.req.param('id'));
        return note === undefined ? c.json({ error: 'no note' }, 404) : c.json({ note });
      });
      app.put('/notes/:id', async (c) => {
        const id = c.req.param('id');
        notes.set(id, await c.req.text());
        events.publish({ id: `e-${notes.size}`, type: 'note.written', at: clock.now(), body: { id } });
        return c.json({ id });
      });
      app.put('/blobs/:id', async (c) => {
        blobs.set(c.req.param('id'), new Uint8Array(await c.req.arrayBuffer()));
        return c.body(null, 204);
      });
      app.get('/blobs/:id', (c) => new Response(blobs.get(c.req.param('id')) ?? null));
      app.get('/whoami', (c) => c.text(c.req.header('authorization') ?? 'nobody'));
      return {
        app,
        dumpState: () => ({ notes: Object.fromEntries(notes) }),
        seed: (body) => {
          if (typeof body !== 'object' || body === null || !('set' in body) || body.set !== 'empty') {
            throw new Error('set: must be "empty"');
          }
          notes.clear();
        },
        actAs: (user) => (user === 'dana' ? { user: 'id-of-dana', authorization: 'Basic dana' } : undefined),
        faultAnswer: ({ status }) =>
          Response.json({ error: `fault ${status}` }, { status, headers: { 'x-real': 'yes' } }),
        controlDocs: [{ method: 'GET', path: '/_control/extra', meaning: 'More.' }],
        controlRoutes: new Hono().get('/extra', (c) => c.json({ extra: true })),
      };
    },
  });
  open.push(kernel);
  return { kernel, notes };
}

const control = async (kernel: Kernel, method: string, path: string, body?: unknown): Promise<Response> =>
  fetch(`${kernel.url}/_control${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
const addFault = async (kernel: Kernel, fault: unknown): Promise<void> => {
  expect((await control(kernel, 'POST', '/faults', fault)).status).toBe(201);
};
const put = (kernel: Kernel, id: string, text: string): Promise<Response> =>
  fetch(`${kernel.url}/notes/${id}`, { method: 'PUT', body: text });
const get = (kernel: Kernel, id: string): Promise<Response> => fetch(`${kernel.url}/notes/${id}`);

describe('faults', () => {
  it('status: answers as the real service would, without handling, and leaves after `times`', async () => {
    const { kernel, notes } = await start();
    await addFault(kernel, {
      match: { method: 'put', path: '/notes' },
      kind: 'status',
      status: 429,
      retryAfter: 7,
      times: 1,
    });
    const refused = await put(kernel, 'a', 'one');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('7');
    expect(refused.headers.get('x-real')).toBe('yes');
    expect(await refused.json()).toEqual({ error: 'fault 429' });
    expect(notes.size).toBe(0);
    expect((await put(kernel, 'a', 'two')).status).toBe(200);
    expect(notes.get('a')).toBe('two');
  });

  it('lost-answer: the write is done, the client gets a broken connection', async () => {
    const { kernel, notes } = await start();
    await addFault(kernel, { match: { path: '/notes' }, kind: 'lost-answer', times: 1 });
    await expect(put(kernel, 'a', 'done')).rejects.toThrow();
    expect(notes.get('a')).toBe('done');
  });

  it('late-landing: the client fails at once, the write lands when the clock gets there', async () => {
    const { kernel, notes } = await start();
    await addFault(kernel, { match: { path: '/notes' }, kind: 'late-landing', ms: 60_000, times: 1 });
    await expect(put(kernel, 'a', 'late')).rejects.toThrow();
    await control(kernel, 'POST', '/clock', { advanceMs: 59_000 });
    expect(notes.has('a')).toBe(false);
    await control(kernel, 'POST', '/clock', { advanceMs: 1_000 });
    expect(notes.get('a')).toBe('late');
  });

  it('latency: holds the request until the clock has moved, then handles it', async () => {
    const { kernel, notes } = await start();
    await addFault(kernel, { match: {}, kind: 'latency', ms: 3_600_000, times: 1 });
    const pending = put(kernel, 'a', 'slow');
    while (kernel.calls.report().total === 0) await new Promise(setImmediate);
    expect(notes.has('a')).toBe(false);
    await control(kernel, 'POST', '/clock', { advanceMs: 3_600_000 });
    expect((await pending).status).toBe(200);
    expect(notes.get('a')).toBe('slow');
  });

  it.each<[string, { method?: string; path?: string }, string, string, boolean]>([
    ['a prefix', { path: '/rest/api/3/issue' }, 'GET', '/rest/api/3/issue/TAN-1', true],
    ['a prefix in another case', { path: '/acme/_apis/WIT' }, 'GET', '/acme/_apis/wit/workitems/1', true],
    [
      'a pattern for the whole path',
      { path: '/acme/*/workitems/*' },
      'GET',
      '/acme/Tandem/_apis/wit/workitems/1',
      true,
    ],
    [
      'a pattern that ends too early',
      { path: '/acme/*/workitems' },
      'GET',
      '/acme/Tandem/_apis/wit/workitems/1',
      false,
    ],
    ['signs that mean nothing here', { path: '/a/$batch*' }, 'PATCH', '/a/$batch', true],
    ['another method', { method: 'PUT', path: '/' }, 'GET', '/x', false],
    ['nothing named', {}, 'DELETE', '/x', true],
  ])('matches by %s', async (_, match, method, path, expected) => {
    const { kernel } = await start();
    kernel.faults.add({ match, kind: 'lost-answer' });
    expect(kernel.faults.take(method, path) !== undefined).toBe(expected);
  });

  it('thins out by probability, the same way each time', async () => {
    const { kernel } = await start();
    const draw = (): boolean[] => {
      kernel.faults.clear();
      kernel.faults.add({ kind: 'lost-answer', probability: 0.3 });
      return Array.from({ length: 200 }, () => kernel.faults.take('GET', '/') !== undefined);
    };
    const first = draw();
    expect(draw()).toEqual(first);
    const hits = first.filter(Boolean).length;
    expect(hits).toBeGreaterThan(30);
    expect(hits).toBeLessThan(90);
  });

  it.each<[unknown, RegExp]>([
    [{ kind: 'explode' }, /kind/],
    [{ kind: 'status' }, /status/],
    [{ kind: 'status', status: 200 }, /status/],
    [{ kind: 'latency' }, /ms/],
    [{ kind: 'lost-answer', times: 0 }, /times/],
    [{ kind: 'lost-answer', probability: 2 }, /probability/],
    [{ kind: 'lost-answer', match: { path: 'notes' } }, /begins with/],
    [{ kind: 'lost-answer', matched: {} }, /matched/],
  ])('refuses %j by name', async (fault, problem) => {
    const { kernel } = await start();
    const refused = await control(kernel, 'POST', '/faults', fault);
    expect(refused.status).toBe(400);
    expect(((await refused.json()) as { error: string }).error).toMatch(problem);
  });

  it('lists and removes faults', async () => {
    const { kernel } = await start();
    await addFault(kernel, { match: { path: '/notes' }, kind: 'status', status: 503, retryAfter: 1 });
    await put(kernel, 'a', 'x');
    const listed = (await (await control(kernel, 'GET', '/faults')).json()) as unknown[];
    expect(listed).toMatchObject([{ id: 1, hits: 1, fault: { kind: 'status', status: 503 } }]);
    await control(kernel, 'DELETE', '/faults');
    expect((await put(kernel, 'a', 'x')).status).toBe(200);
  });
});

describe('calls', () => {
  it('counts by operation, keeps the last 1,000, and resets', async () => {
    const { kernel } = await start();
    await put(kernel, 'a', 'x');
    await get(kernel, 'a');
    await get(kernel, 'b');
    await fetch(`${kernel.url}/nothing/here?x=1`);
    const report = await (await control(kernel, 'GET', '/calls')).json();
    expect(report).toMatchObject({
      total: 4,
      byOperation: { 'PUT /notes/{id}': 1, 'GET /notes/{id}': 2, 'GET (unknown)': 1 },
      recent: [{ status: 200 }, { status: 200 }, { status: 404 }, { path: '/nothing/here', status: 404 }],
    });
    await control(kernel, 'DELETE', '/calls');
    expect(kernel.calls.report().total).toBe(0);
    for (let index = 0; index < 2500; index += 1) {
      kernel.calls.record({ method: 'GET', path: `/${index}`, operation: 'GET x', at: 0 });
    }
    expect(kernel.calls.report()).toMatchObject({ total: 2500, byOperation: { 'GET x': 2500 } });
    expect(
      kernel.calls
        .report()
        .recent.map(({ path }) => path)
        .slice(0, 1),
    ).toEqual(['/1500']);
    expect(kernel.calls.report().recent).toHaveLength(1000);
  });
});

describe('bodies and connections', () => {
  it('carries 20 MB up and down unchanged', async () => {
    const { kernel } = await start();
    const blob = randomBytes(20_000_000);
    expect((await fetch(`${kernel.url}/blobs/x`, { method: 'PUT', body: blob })).status).toBe(204);
    const back = Buffer.from(await (await fetch(`${kernel.url}/blobs/x`)).arrayBuffer());
    expect(back.equals(blob)).toBe(true);
  });

  it('takes chunked uploads and keeps the connection open', async () => {
    const { kernel, notes } = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = (chunks: readonly string[]): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const outgoing = httpRequest(`${kernel.url}/notes/c`, { method: 'PUT', agent }, (incoming) => {
          const { localPort } = incoming.socket;
          incoming.resume().on('end', () => resolve(localPort));
        });
        outgoing.on('error', reject);
        for (const chunk of chunks) outgoing.write(chunk);
        outgoing.end();
      });
    const first = await send(['a', 'b']);
    expect(await send(['c', 'd', 'é'])).toBe(first);
    expect(notes.get('c')).toBe('cdé');
    agent.destroy();
  });

  it('leaves a request without effect that breaks off in the middle', async () => {
    const { kernel, notes } = await start();
    const outgoing = httpRequest(`${kernel.url}/notes/half`, { method: 'PUT', headers: { 'content-length': '100' } });
    outgoing.on('error', () => {});
    outgoing.write('only half of');
    while (kernel.calls.report().total === 0) await new Promise(setImmediate);
    outgoing.destroy();
    await put(kernel, 'whole', 'x');
    expect([...notes.keys()]).toEqual(['whole']);
    expect(kernel.calls.report().recent).toMatchObject([{ path: '/notes/half', status: 0 }, { path: '/notes/whole' }]);
  });

  it('answers HEAD without a body', async () => {
    const { kernel } = await start();
    await put(kernel, 'a', 'x');
    const head = await fetch(`${kernel.url}/notes/a`, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
  });
});

describe('control surface', () => {
  it('documents itself, with what the simulator adds', async () => {
    const { kernel } = await start();
    const docs = (await (await control(kernel, 'GET', '')).json()) as {
      method: string;
      path: string;
      meaning: string;
    }[];
    const listed = docs.map(({ method, path }) => `${method} ${path}`);
    for (const wanted of [
      'POST /_control/faults',
      'DELETE /_control/faults',
      'POST /_control/events',
      'GET /_control/calls',
      'DELETE /_control/calls',
      'POST /_control/clock',
      'GET /_control/state',
      'POST /_control/seed',
      'POST /_control/act-as',
      'GET /_control/extra',
    ]) {
      expect(listed).toContain(wanted);
    }
    expect(docs.every(({ meaning }) => meaning.length > 0)).toBe(true);
    expect(await (await control(kernel, 'GET', '/extra')).json()).toEqual({ extra: true });
  });

  it('every documented GET works', async () => {
    const { kernel } = await start();
    const docs = (await (await control(kernel, 'GET', '')).json()) as { method: string; path: string }[];
    for (const { path } of docs.filter(({ method }) => method === 'GET')) {
      expect((await fetch(kernel.url + path)).status, path).toBe(200);
    }
  });

  it('dumps state, seeds, and says what was wrong with a seed', async () => {
    const { kernel } = await start();
    await put(kernel, 'a', 'x');
    expect(await (await control(kernel, 'GET', '/state')).json()).toEqual({ notes: { a: 'x' } });
    const refused = await control(kernel, 'POST', '/seed', { set: 'full' });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({ error: 'set: must be "empty"' });
    expect((await control(kernel, 'POST', '/seed', { set: 'empty' })).status).toBe(200);
    expect(await (await control(kernel, 'GET', '/state')).json()).toEqual({ notes: {} });
  });

  it('acts as a person, never as nobody in particular', async () => {
    const { kernel } = await start();
    const dana = await control(kernel, 'POST', '/act-as', { user: 'dana' });
    expect(await dana.json()).toEqual({ user: 'id-of-dana', authorization: 'Basic dana' });
    expect((await control(kernel, 'POST', '/act-as', { user: 'zoe' })).status).toBe(404);
    const who = async (user?: string): Promise<string> => {
      const headers = { authorization: 'Basic own', ...(user === undefined ? {} : { [ACT_AS_HEADER]: user }) };
      return (await fetch(`${kernel.url}/whoami`, { headers })).text();
    };
    expect(await who()).toBe('Basic own');
    expect(await who('dana')).toBe('Basic dana');
    expect(await who('zoe')).not.toBe('Basic own');
  });

  it('moves the clock forward only', async () => {
    const { kernel } = await start();
    const before = kernel.clock.now();
    const moved = (await (await control(kernel, 'POST', '/clock', { advanceMs: 86_400_000 })).json()) as {
      now: number;
    };
    expect(moved.now - before).toBeGreaterThanOrEqual(86_400_000);
    expect((await control(kernel, 'POST', '/clock', { advanceMs: -1 })).status).toBe(400);
    expect((await control(kernel, 'POST', '/clock', {})).status).toBe(400);
  });

  it('names what it does not have', async () => {
    const { kernel } = await start();
    const missing = await control(kernel, 'GET', '/wether');
    expect(missing.status).toBe(404);
    expect(await missing.json()).toEqual({
      error: 'there is no GET /_control/wether; GET /_control lists what there is',
    });
    const broken = await fetch(`${kernel.url}/_control/clock`, { method: 'POST', body: '{' });
    expect(await broken.json()).toEqual({ error: 'the body is not JSON' });
  });

  it('posts raw events to a sink, again until it takes them', async () => {
    const { kernel } = await start();
    const got: { type: string | undefined; id: string | undefined; body: string }[] = [];
    const sink = createServer(async (incoming, outgoing) => {
      let body = '';
      for await (const chunk of incoming) body += String(chunk);
      const { 'x-simulator-event-type': type, 'x-simulator-event-id': id } = incoming.headers;
      got.push({ type: String(type), id: String(id), body });
      outgoing.writeHead(got.length === 1 ? 500 : 204).end();
    });
    await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
    const address = sink.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const url = `http://127.0.0.1:${address.port}/events`;
    open.push({ close: () => new Promise((resolve) => sink.close(() => resolve())) });

    const added = await control(kernel, 'POST', '/event-sinks', { url });
    expect(added.status).toBe(201);
    expect(await (await control(kernel, 'GET', '/event-sinks')).json()).toEqual([{ id: 'sink-1', url }]);
    await put(kernel, 'a', 'x');
    while (kernel.events.report().failed === 0) await new Promise(setImmediate);
    await control(kernel, 'POST', '/clock', { advanceMs: 60_000 });
    await control(kernel, 'POST', '/events/idle');
    const expected = { type: 'note.written', id: 'e-1', body: '{"id":"a"}' };
    expect(got).toEqual([expected, expected]);

    expect((await control(kernel, 'DELETE', '/event-sinks/sink-1')).status).toBe(204);
    expect((await control(kernel, 'DELETE', '/event-sinks/sink-1')).status).toBe(404);
    await put(kernel, 'b', 'y');
    await kernel.events.idle();
    expect(got).toHaveLength(2);
  });

  it('sets the mode of delivery and refuses others', async () => {
    const { kernel } = await start();
    expect(await (await control(kernel, 'POST', '/events', { mode: 'delay', ms: 5 })).json()).toMatchObject({
      mode: 'delay',
      ms: 5,
    });
    expect((await control(kernel, 'POST', '/events', { mode: 'scramble' })).status).toBe(400);
    expect((await control(kernel, 'POST', '/event-sinks', { url: 'ftp://x' })).status).toBe(400);
  });
});

describe('starting', () => {
  it('fails and lets the port go when the simulator cannot be built', async () => {
    await expect(
      startKernel({
        name: 'broken',
        port: 0,
        build: () => {
          throw new Error('bad seed');
        },
      }),
    ).rejects.toThrow('bad seed');
  });

  it('says when the port is taken', async () => {
    const { kernel } = await start();
    const again = startKernel({
      name: 'x',
      port: kernel.port,
      build: () => ({ app: new Hono(), dumpState: () => null }),
    });
    await expect(again).rejects.toThrow('EADDRINUSE');
  });
});
