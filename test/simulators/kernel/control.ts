// The control surface under /_control, for tests: faults, calls, events, clock, state. Nothing of the real services is here.
import { Hono } from 'hono';
import { z } from 'zod';
import { eventModeSchema, type SimulatorEvent } from './events.ts';
import { faultSchema } from './faults.ts';
import type { KernelContext, SimulatorParts } from './kernel.ts';

export interface ControlDoc {
  readonly method: string;
  /** From `/_control` on. */
  readonly path: string;
  /** The shape of the JSON body. */
  readonly body?: string;
  readonly meaning: string;
}

const MODES = '{mode:"deliver"|"drop"|"duplicate"|"delay"|"reorder",ms?}';
const FAULT =
  '{match:{method?,path?},kind:"latency"|"status"|"lost-answer"|"late-landing",status?,ms?,retryAfter?,times?,probability?}';

const DOCS: readonly ControlDoc[] = [
  { method: 'GET', path: '/_control', meaning: 'This list.' },
  {
    method: 'POST',
    path: '/_control/faults',
    body: FAULT,
    meaning:
      'Adds a fault. path: a prefix, or a pattern with * for the whole path. latency: waits ms, then handles. ' +
      "status: answers that status in the service's own form (retryAfter in seconds), without handling. " +
      'lost-answer: handles, then breaks the connection. late-landing: breaks the connection at once and handles ms later. ' +
      'times: leaves after so many requests. probability: 0 to 1, from a seeded sequence.',
  },
  { method: 'GET', path: '/_control/faults', meaning: 'The faults in force, with how often each was met.' },
  { method: 'DELETE', path: '/_control/faults', meaning: 'Removes all faults.' },
  {
    method: 'GET',
    path: '/_control/calls',
    meaning: '{total, byOperation, recent}: calls since the start or the last reset; control calls are not counted.',
  },
  { method: 'DELETE', path: '/_control/calls', meaning: 'Resets the counts.' },
  {
    method: 'POST',
    path: '/_control/events',
    body: MODES,
    meaning:
      'How events are delivered from now on. delay: each ms late. reorder: held for ms, then let go last first. ' +
      'Events that the former mode held are let go at once.',
  },
  { method: 'GET', path: '/_control/events', meaning: 'The mode, what is pending, and counts.' },
  { method: 'POST', path: '/_control/events/idle', meaning: 'Answers once no event is pending.' },
  {
    method: 'POST',
    path: '/_control/event-sinks',
    body: '{url,headers?}',
    meaning:
      'Sends every raw event to that URL as a JSON POST, with X-Simulator-Event-Id and X-Simulator-Event-Type; any answer but 2xx makes another attempt.',
  },
  { method: 'GET', path: '/_control/event-sinks', meaning: 'The sinks.' },
  { method: 'DELETE', path: '/_control/event-sinks', meaning: 'Removes all sinks.' },
  { method: 'DELETE', path: '/_control/event-sinks/{id}', meaning: 'Removes one sink.' },
  {
    method: 'POST',
    path: '/_control/clock',
    body: '{advanceMs}',
    meaning: 'Moves the clock forward and runs what became due.',
  },
  { method: 'GET', path: '/_control/clock', meaning: '{now}: milliseconds since the epoch.' },
  { method: 'GET', path: '/_control/state', meaning: 'All data as JSON, with the accounts and their credentials.' },
  {
    method: 'GET',
    path: '/_control/violations',
    meaning: 'What broke the official description: {enabled, violations, operationsChecked}.',
  },
  { method: 'DELETE', path: '/_control/violations', meaning: 'Forgets the violations.' },
];

const SEED_DOC: ControlDoc = {
  method: 'POST',
  path: '/_control/seed',
  body: '{set:"team"|"empty"}',
  meaning:
    "Puts the data back to a start, with all that tests changed of fields, rules, workflow and rights; people's tokens go on working. " +
    'Faults, the mode of events, the clock, lags and limits stay.',
};

const ACT_AS_DOC: ControlDoc = {
  method: 'POST',
  path: '/_control/act-as',
  body: '{user}',
  meaning:
    'Finds a person by account id or e-mail and answers {user, authorization}: the header value to call as that person. ' +
    'A request with the header X-Simulator-Act-As: USER acts as that person at once.',
};

const sinkSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  headers: z.record(z.string(), z.string()).default({}),
});
const clockSchema = z.strictObject({ advanceMs: z.int().min(0) });
const actAsSchema = z.strictObject({ user: z.string().min(1) });

const SINK_TIMEOUT_MS = 10_000;

export function createControl(context: KernelContext, parts: SimulatorParts): Hono {
  const { clock, faults, calls, events, checker } = context;
  const control = new Hono({ strict: false }).basePath('/_control');
  const sinks = new Map<string, { url: string; unsubscribe: () => void }>();
  let lastSink = 0;

  control.get('/', (c) =>
    c.json([
      ...DOCS,
      ...(parts.seed ? [SEED_DOC] : []),
      ...(parts.actAs ? [ACT_AS_DOC] : []),
      ...(parts.controlDocs ?? []),
    ]),
  );

  control.post('/faults', async (c) => c.json(faults.add(faultSchema.parse(await readJson(c.req.raw))), 201));
  control.get('/faults', (c) => c.json(faults.list()));
  control.delete('/faults', (c) => {
    faults.clear();
    return c.body(null, 204);
  });

  control.get('/calls', (c) => c.json(calls.report()));
  control.delete('/calls', (c) => {
    calls.reset();
    return c.body(null, 204);
  });

  control.post('/events', async (c) => {
    events.setMode(eventModeSchema.parse(await readJson(c.req.raw)));
    return c.json(events.report());
  });
  control.get('/events', (c) => c.json(events.report()));
  control.post('/events/idle', async (c) => {
    await events.idle();
    return c.json(events.report());
  });

  control.post('/event-sinks', async (c) => {
    const { url, headers } = sinkSchema.parse(await readJson(c.req.raw));
    lastSink += 1;
    const id = `sink-${lastSink}`;
    const unsubscribe = events.subscribe({ id, deliver: (event) => postEvent(url, headers, event) });
    sinks.set(id, { url, unsubscribe });
    return c.json({ id, url }, 201);
  });
  control.get('/event-sinks', (c) => c.json([...sinks].map(([id, { url }]) => ({ id, url }))));
  control.delete('/event-sinks', (c) => {
    for (const sink of sinks.values()) sink.unsubscribe();
    sinks.clear();
    return c.body(null, 204);
  });
  control.delete('/event-sinks/:id', (c) => {
    const sink = sinks.get(c.req.param('id'));
    if (!sink) return c.json({ error: `no sink ${c.req.param('id')}` }, 404);
    sink.unsubscribe();
    sinks.delete(c.req.param('id'));
    return c.body(null, 204);
  });

  control.get('/clock', (c) => c.json({ now: clock.now() }));
  control.post('/clock', async (c) => {
    await clock.advance(clockSchema.parse(await readJson(c.req.raw)).advanceMs);
    return c.json({ now: clock.now() });
  });

  control.get('/state', async (c) => c.json((await parts.dumpState()) ?? null));

  control.get('/violations', (c) =>
    c.json({
      enabled: checker.enabled,
      violations: checker.violations,
      operationsChecked: checker.operationsChecked(),
    }),
  );
  control.delete('/violations', (c) => {
    checker.clearViolations();
    return c.body(null, 204);
  });

  const { seed, actAs } = parts;
  if (seed) control.post('/seed', async (c) => c.json((await seed(await readJson(c.req.raw))) ?? {}));
  if (actAs) {
    control.post('/act-as', async (c) => {
      const { user } = actAsSchema.parse(await readJson(c.req.raw));
      const answer = actAs(user);
      return answer ? c.json(answer) : c.json({ error: `nobody is called ${JSON.stringify(user)} here` }, 404);
    });
  }
  if (parts.controlRoutes) control.route('/', parts.controlRoutes);

  control.notFound((c) =>
    c.json({ error: `there is no ${c.req.method} ${c.req.path}; GET /_control lists what there is` }, 404),
  );
  control.onError((error, c) => {
    if (error instanceof z.ZodError) return c.json({ error: z.prettifyError(error) }, 400);
    return c.json({ error: error.message }, 400);
  });
  return control;
}

async function readJson(request: Request): Promise<unknown> {
  const text = await request.text();
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the body is not JSON');
  }
}

async function postEvent(url: string, headers: Record<string, string>, event: SimulatorEvent): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      'x-simulator-event-id': event.id,
      'x-simulator-event-type': event.type,
    },
    body: JSON.stringify(event.body),
    signal: AbortSignal.timeout(SINK_TIMEOUT_MS),
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`the sink answered ${response.status}`);
}
