// What both simulators are built on: a Node HTTP server around the simulator's Hono app, with call counts, faults, events,
// a movable clock, a check against the official descriptions, and the control surface under /_control.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Hono } from 'hono';
import { type Calls, createCalls } from './calls.ts';
import { createVirtualClock, type VirtualClock } from './clock.ts';
import { type ControlDoc, createControl } from './control.ts';
import { createEventBus, type EventBus } from './events.ts';
import { createFaults, type Fault, type Faults, type StatusFault } from './faults.ts';
import { drain, readRequest, sendResponse } from './http.ts';
import { checkerOff, type SpecChecker } from './spec-checker.ts';

export interface KernelOptions {
  /** Named in GET /_control and in GET /_control/state. */
  readonly name: string;
  /** 0 takes a free port. The server listens on 127.0.0.1 only. */
  readonly port: number;
  readonly clock?: VirtualClock;
  /** Off when left out. */
  readonly checker?: SpecChecker;
  /** Called once the port is known and before any request is handled. */
  readonly build: (context: KernelContext) => SimulatorParts | Promise<SimulatorParts>;
}

/** What the simulator may use from its first line on. */
export interface KernelContext {
  readonly name: string;
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly clock: VirtualClock;
  readonly faults: Faults;
  readonly calls: Calls;
  readonly events: EventBus;
  readonly checker: SpecChecker;
}

export interface ActAsAnswer {
  /** The person as the service names them (account id, unique name…). */
  readonly user: string;
  /** A ready `Authorization` header value of that person. */
  readonly authorization: string;
}

export interface SimulatorParts {
  /** Everything outside /_control. */
  readonly app: Hono;
  /** Other spellings of a path that mean the same, for faults that name one of them. */
  readonly spellings?: (path: string) => readonly string[];
  /** Everything that GET /_control/state shows; the admin, ordinary and synchronizer accounts with their credentials included. */
  readonly dumpState: () => unknown;
  /** POST /_control/seed: puts the simulator's data back to the start it names. Throws an Error whose message says what was wrong. */
  readonly seed?: (body: unknown) => unknown;
  /** Finds a person by account id, e-mail or name; undefined when there is none. */
  readonly actAs?: (user: string) => ActAsAnswer | undefined;
  /** The real service's answer to a `status` fault: body and headers. Retry-After is added by the kernel. */
  readonly faultAnswer?: (fault: StatusFault, request: Request) => Response;
  /** More control routes, below /_control, with what GET /_control says of them. */
  readonly controlRoutes?: Hono;
  readonly controlDocs?: readonly ControlDoc[];
}

export interface Kernel extends KernelContext {
  /** Stops listening, drops open connections and forgets what is scheduled. */
  close(): Promise<void>;
}

/** Names a person (account id, e-mail) whose authorization replaces the request's own. */
export const ACT_AS_HEADER = 'x-simulator-act-as';

const CONTROL_PREFIX = '/_control';

export async function startKernel(options: KernelOptions): Promise<Kernel> {
  const clock = options.clock ?? createVirtualClock();
  const ownsClock = options.clock === undefined;
  const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 0 });
  const port = await listen(server, options.port);
  const context: KernelContext = {
    name: options.name,
    url: `http://127.0.0.1:${port}`,
    port,
    clock,
    faults: createFaults(),
    calls: createCalls(),
    events: createEventBus(clock),
    checker: options.checker ?? checkerOff(),
  };
  const ready = Promise.resolve(options.build(context)).then((parts) => createHandler(context, parts));
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    ready
      .then((handle) => handle(incoming, outgoing))
      .catch(() => {
        // The client left while it was sending, or the simulator itself is broken: end the connection either way.
        outgoing.destroy();
      });
  });
  const close = async (): Promise<void> => {
    if (ownsClock) clock.close();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  try {
    await ready;
  } catch (error) {
    await close();
    throw error;
  }
  return { ...context, close };
}

async function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

type NodeHandler = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

function createHandler(context: KernelContext, parts: SimulatorParts): NodeHandler {
  const { clock, faults, calls, checker } = context;
  const control = createControl(context, parts);

  /** The simulator's own work on a request, checked. */
  const handle = (request: Request): Promise<Response> =>
    checker.checked(actingAs(request, parts), (inner) => parts.app.fetch(inner));

  return async (incoming, outgoing) => {
    const method = incoming.method ?? 'GET';
    const path = pathOf(incoming.url);
    if (path === CONTROL_PREFIX || path.startsWith(`${CONTROL_PREFIX}/`)) {
      return sendResponse(await control.fetch(await readRequest(incoming, context.url)), outgoing);
    }

    const operation = checker.operationOf(method, path) ?? routeName(parts.app, method, path);
    const call = calls.record({ method, path, operation, at: clock.now() });
    const fault: Fault | undefined = faults.take(method, path, ...(parts.spellings?.(path) ?? []));
    if (fault) call.fault = fault.kind;
    const request = await readRequest(incoming, context.url);
    const answer = async (): Promise<void> => {
      const response = await handle(request);
      call.status = response.status;
      await sendResponse(response, outgoing);
    };

    switch (fault?.kind) {
      case undefined:
        return answer();
      case 'latency':
        await clock.wait(fault.ms);
        return answer();
      case 'status': {
        call.status = fault.status;
        return sendResponse(faultResponse(fault, request, parts), outgoing);
      }
      case 'lost-answer': {
        await drain(await handle(request));
        incoming.socket.destroy();
        return;
      }
      case 'late-landing': {
        // The request came in whole: the client cannot know whether it did.
        incoming.socket.destroy();
        clock.schedule(fault.ms, async () => drain(await handle(request)));
        return;
      }
      default:
        fault satisfies never;
    }
  };
}

function actingAs(request: Request, parts: SimulatorParts): Request {
  const user = request.headers.get(ACT_AS_HEADER);
  if (user === null) return request;
  const acting = parts.actAs?.(user);
  // An unknown person must not fall back to the caller's own rights.
  request.headers.set('authorization', acting?.authorization ?? 'Basic dW5rbm93bjo=');
  request.headers.delete(ACT_AS_HEADER);
  return request;
}

function faultResponse(fault: StatusFault, request: Request, parts: SimulatorParts): Response {
  const usual = () => parts.faultAnswer?.(fault, request) ?? new Response(null, { status: fault.status });
  const base = fault.body === undefined ? usual() : Response.json(fault.body, { status: fault.status });
  const response = new Response(base.body, { status: fault.status, headers: base.headers });
  if (fault.retryAfter !== undefined) response.headers.set('retry-after', String(fault.retryAfter));
  return response;
}

/** The path as sent, without query; of an absolute target, its path. */
function pathOf(target: string | undefined): string {
  if (target === undefined) return '/';
  if (!target.startsWith('/')) return URL.canParse(target) ? new URL(target).pathname : '/';
  const end = target.search(/[?#]/);
  return end === -1 ? target : target.slice(0, end);
}

/** Names an operation by the app's own route, for want of a description: `:id` becomes `{id}`. */
function routeName(app: Hono, method: string, path: string): string {
  const [handlers] = app.router.match(method, path);
  for (const [[, route]] of handlers.toReversed()) {
    if (route.path.includes('*')) continue;
    return `${method} ${route.path.replace(/:([A-Za-z0-9_]+)(\{[^/]*\})?\??/g, '{$1}')}`;
  }
  return `${method} (unknown)`;
}
