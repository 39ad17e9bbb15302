// A plain client for the tests of this folder: any path, any token, answers as they are. Not how Tandem speaks with Azure.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AzureSimulator } from './server.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely; expectations check what is there.
export type Body = any;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface TestClient {
  call(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer>;
  get(path: string): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  /** A JSON Patch of a work item. */
  patch(id: number, ops: readonly unknown[], query?: string): Promise<Answer>;
  /** A new work item; the answer may be a refusal. */
  tryCreate(type: string, fields: Readonly<Record<string, unknown>>, query?: string): Promise<Answer>;
  /** A new work item's id. */
  create(type: string, fields?: Readonly<Record<string, unknown>>): Promise<number>;
}

export const PATCH_TYPE = 'application/json-patch+json';

export const field = (name: string, value: unknown) => ({ op: 'add', path: `/fields/${name}`, value });
export const relation = (rel: string, url: string | number, attributes: Record<string, unknown> = {}) => ({
  op: 'add',
  path: '/relations/-',
  value: { rel, url: typeof url === 'number' ? `http://any/_apis/wit/workItems/${url}` : url, attributes },
});

/** `pat` undefined calls without credentials. */
export function clientOf(simulator: AzureSimulator, pat: string | undefined = simulator.ordinary.pat): TestClient {
  const call: TestClient['call'] = async (method, path, body, contentType = 'application/json') => {
    const version = /[?&]api-version=/.test(path) ? '' : `${path.includes('?') ? '&' : '?'}api-version=7.1-preview`;
    const headers = new Headers();
    if (pat !== undefined) headers.set('authorization', `Basic ${Buffer.from(`:${pat}`).toString('base64')}`);
    if (body !== undefined) headers.set('content-type', contentType);
    const response = await fetch(`${simulator.url}${path}${version}`, {
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: json && text !== '' ? JSON.parse(text) : text };
  };
  const tryCreate: TestClient['tryCreate'] = (type, fields, query = '') =>
    call(
      'POST',
      `/Tandem/_apis/wit/workitems/$${encodeURIComponent(type)}${query}`,
      Object.entries(fields).map(([name, value]) => field(name, value)),
      PATCH_TYPE,
    );
  return {
    call,
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    patch: (id, ops, query = '') => call('PATCH', `/_apis/wit/workitems/${id}${query}`, ops, PATCH_TYPE),
    tryCreate,
    create: async (type, fields = {}) => {
      const made = await tryCreate(type, { 'System.Title': 'A title', ...fields });
      if (made.status !== 200) throw new Error(`not created: ${JSON.stringify(made.body)}`);
      return made.body.id;
    },
  };
}

export async function control(simulator: AzureSimulator, method: string, path: string, body?: unknown): Promise<Body> {
  const response = await fetch(`${simulator.kernel.url}/_control${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

export interface Receiver {
  readonly url: string;
  readonly received: { readonly headers: Record<string, unknown>; readonly body: Body }[];
  /** Statuses to answer, in turn; 200 once they are used up. */
  readonly answers: number[];
  close(): Promise<void>;
}

/** Something that service hooks can be sent to. */
export async function startReceiver(): Promise<Receiver> {
  const received: Receiver['received'] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
