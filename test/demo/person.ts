// An ordinary person on each side, at the services' public APIs: what the story and the page's visitors act as.

export interface Request {
  readonly method?: string;
  /** JSON; the content type follows from the path on the Azure side. */
  readonly body?: unknown;
  readonly form?: FormData;
  readonly bytes?: Uint8Array<ArrayBuffer>;
}

export interface Person {
  /** Throws an Error with the service's own words when it refuses. */
  call<T>(path: string, request?: Request): Promise<T>;
  /** How often the service was called so far. */
  calls(): number;
  bytes(url: string): Promise<Buffer>;
}

const basic = (user: string, secret: string) => `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;

/** `path` beneath `/rest/api/3/`. */
export function jiraPerson(jira: { readonly url: string; readonly email: string; readonly token: string }): Person {
  const authorization = basic(jira.email, jira.token);
  let calls = 0;
  return {
    calls: () => calls,
    call: (path, request = {}) => {
      calls += 1;
      return send(`${jira.url}/rest/api/3/${path}`, authorization, request, {
        ...(request.form ? { 'x-atlassian-token': 'no-check' } : { 'content-type': 'application/json' }),
      });
    },
    bytes: (url) => {
      calls += 1;
      return download(url, authorization);
    },
  };
}

/** `path` beneath the organization. */
export function azurePerson(azure: { readonly url: string; readonly pat: string }): Person {
  const authorization = basic('', azure.pat);
  const version = (path: string) => (path.includes('/comments') ? '7.1-preview.4' : '7.1');
  const address = (path: string) => `${azure.url}/${path}${path.includes('?') ? '&' : '?'}api-version=${version(path)}`;
  let calls = 0;
  return {
    calls: () => calls,
    call: (path, request = {}) => {
      calls += 1;
      const patch = Array.isArray(request.body);
      const type = request.bytes
        ? 'application/octet-stream'
        : patch
          ? 'application/json-patch+json'
          : 'application/json';
      return send(address(path), authorization, request, { 'content-type': type });
    },
    bytes: (url) => {
      calls += 1;
      return download(`${url}${url.includes('?') ? '&' : '?'}api-version=7.1&download=true`, authorization);
    },
  };
}

async function send<T>(
  url: string,
  authorization: string,
  request: Request,
  headers: Readonly<Record<string, string>>,
): Promise<T> {
  const body = request.form ?? request.bytes ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
  const response = await fetch(url, {
    method: request.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { authorization, accept: 'application/json', ...(body === undefined ? {} : headers) },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`${request.method ?? 'GET'} ${new URL(url).pathname}: ${response.status} ${text.slice(0, 500)}`);
  return (text === '' ? null : JSON.parse(text)) as T;
}

async function download(url: string, authorization: string): Promise<Buffer> {
  const response = await fetch(url, { headers: { authorization } });
  if (!response.ok) throw new Error(`GET ${new URL(url).pathname}: ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
