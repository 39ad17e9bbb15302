// A simulated organization with our side opened on it, and a person who works in it by plain requests. Used by the tests here.

import { type OpenAzureOptions, openAzure } from '../../backend/src/azure/side.ts';
import { publicAddresses } from '../../backend/src/http/addresses.ts';
import { createGovernor, memoryBlocks } from '../../backend/src/http/governor.ts';
import { createTransport, type Transport } from '../../backend/src/http/transport.ts';
import type { SidePort } from '../../backend/src/reconcile/ports.ts';
import type { ItemSnapshot, Marker } from '../../backend/src/sync/model.ts';
import { type AzureSimulator, type AzureSimulatorOptions, startAzureSimulator } from '../simulators/azure/server.ts';

export interface WorkItem {
  readonly id: number;
  readonly rev: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly relations?: readonly {
    readonly rel: string;
    readonly url: string;
    readonly attributes: Record<string, unknown>;
  }[];
}

/** Someone who edits by hand: every answer but 2xx is an error of the test. */
export interface Worker {
  create(type: string, fields: Readonly<Record<string, unknown>>): Promise<WorkItem>;
  edit(id: string | number, fields: Readonly<Record<string, unknown>>): Promise<WorkItem>;
  patch(id: string | number, operations: readonly unknown[]): Promise<WorkItem>;
  get(id: string | number): Promise<WorkItem>;
  call(method: string, path: string, body?: unknown, contentType?: string): Promise<unknown>;
}

export interface Site {
  readonly simulator: AzureSimulator;
  readonly transport: Transport;
  readonly side: SidePort;
  open(
    more?: Partial<Omit<OpenAzureOptions, 'profile'>> & { pat?: string; filter?: string; project?: string },
  ): SidePort;
  readonly worker: Worker;
  /** The simulator's control surface; answers parsed. */
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  addPat(wanted: { user: string; scopes?: readonly string[]; expiresInMs?: number }): Promise<string>;
  /** Moves the clock past every lag. */
  settle(): Promise<void>;
  /** Operations that reached the simulator since the last call of this, with their counts. */
  calls(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export const project = 'Tandem';
/** Longer than the lags of search and of the reporting feeds. */
const lagMs = 60_000;

export async function openSite(options: AzureSimulatorOptions = { seed: 'empty' }): Promise<Site> {
  const simulator = await startAzureSimulator(options);
  const { kernel } = simulator;
  const transport = createTransport({
    addresses: { ...publicAddresses, origins: [new URL(simulator.url).origin] },
    governor: createGovernor({ blocks: memoryBlocks() }),
  });

  const open: Site['open'] = (more = {}) => {
    const { pat, filter, project: name = project, ...rest } = more;
    return openAzure({
      connection: { id: 'connection', url: simulator.url, pat: pat ?? simulator.synchronizer.pat },
      transport,
      profile: {
        id: 'profile',
        settings: {
          azure: { project: name, ...(filter === undefined ? {} : { filter }) },
          comments: { direction: 'both', enabled: true, deleted: 'delete' },
          timeZone: 'Europe/Berlin',
        },
      },
      setFingerprint: (ids) => JSON.stringify([...ids].sort()),
      ...rest,
    });
  };

  const call: Worker['call'] = async (method, path, body, contentType = 'application/json') => {
    const url = new URL(`${simulator.url}/${path}`);
    if (!url.searchParams.has('api-version')) url.searchParams.set('api-version', '7.1');
    const answer = await fetch(url, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`:${simulator.ordinary.pat}`).toString('base64')}`,
        ...(body === undefined ? {} : { 'content-type': contentType }),
      },
      ...(body === undefined ? {} : { body: body instanceof Uint8Array ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const patch: Worker['patch'] = async (id, operations) =>
    (await call('PATCH', `_apis/wit/workitems/${id}`, operations, 'application/json-patch+json')) as WorkItem;
  const adds = (fields: Readonly<Record<string, unknown>>) =>
    Object.entries(fields).map(([name, value]) => ({ op: 'add', path: `/fields/${name}`, value }));

  const control: Site['control'] = async (method, path, body) => {
    const answer = await fetch(`${new URL(simulator.url).origin}/_control/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };

  return {
    simulator,
    transport,
    control,
    addPat: async (wanted) => {
      const made = (await control('POST', 'pats', wanted)) as { pat: string };
      return made.pat;
    },
    side: open(),
    open,
    worker: {
      call,
      patch,
      create: async (type, fields) =>
        (await call(
          'POST',
          `${project}/_apis/wit/workitems/$${encodeURIComponent(type)}`,
          adds(fields),
          'application/json-patch+json',
        )) as WorkItem,
      edit: (id, fields) => patch(id, adds(fields)),
      get: async (id) => (await call('GET', `_apis/wit/workitems/${id}?$expand=all`)) as WorkItem,
    },
    settle: async () => {
      await kernel.clock.advance(lagMs);
    },
    calls: () => {
      const { byOperation } = kernel.calls.report();
      kernel.calls.reset();
      return byOperation;
    },
    close: async () => {
      await transport.close();
      await simulator.close();
    },
  };
}

let nonce = 0;

/** A marker of the right form; whose key made it does not matter to the adapter. */
export const newMarker = (sourceId = '10001'): Marker => {
  nonce += 1;
  return { sourceId, token: `tandem1.test${nonce}.abcdefghijklmnopqrstuv` };
};

/** Reads an item that must be there. */
export async function found(side: SidePort, id: string | number, comments = false): Promise<ItemSnapshot> {
  const outcome = await side.reader.read(String(id), { comments });
  if (outcome.kind !== 'found') throw new Error(`work item ${id} is ${outcome.kind}`);
  return outcome.item;
}

export const streamOf = (bytes: Uint8Array, piece = 64 * 1024): ReadableStream<Uint8Array> => {
  let from = 0;
  return new ReadableStream(
    {
      pull(controller) {
        if (from >= bytes.byteLength) return controller.close();
        controller.enqueue(bytes.subarray(from, from + piece));
        from += piece;
      },
    },
    { highWaterMark: 0 },
  );
};
