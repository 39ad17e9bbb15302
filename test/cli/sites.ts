// Two simulated sites and what the command line needs to reach them; people's own requests to either.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AzureSimulator, startAzureSimulator } from '../simulators/azure/server.ts';
import { type JiraSimulator, startJiraSimulator } from '../simulators/jira/server.ts';
import { createVirtualClock } from '../simulators/kernel/clock.ts';
import type { Variables } from './tandem.ts';

// biome-ignore lint/suspicious/noExplicitAny: what the services answer is read freely in tests.
type Answer = any;

export interface TestSites {
  readonly jira: JiraSimulator;
  readonly azure: AzureSimulator;
  /** A folder of the test, removed at the end. */
  readonly folder: string;
  /** Addresses and credentials of the synchronizer's account. */
  readonly env: Variables;
  inJira(method: string, path: string, body?: unknown): Promise<Answer>;
  inAzure(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Requests to both sites since the last `forgetCalls` that may have changed something. */
  writes(): Promise<readonly string[]>;
  forgetCalls(): Promise<void>;
  close(): Promise<void>;
}

export async function startSites(): Promise<TestSites> {
  const clock = createVirtualClock();
  const jira = await startJiraSimulator({ clock, seed: 'empty', indexLagMs: 0 });
  const azure = await startAzureSimulator({ clock, seed: 'empty' });
  const folder = await mkdtemp(join(tmpdir(), 'tandem-cli-'));
  const origins = [jira.url, jira.mediaUrl, new URL(azure.url).origin];
  const controls = [jira.kernel.url, azure.kernel.url].map((url) => `${url}/_control/calls`);
  return {
    jira,
    azure,
    folder,
    env: {
      TANDEM_ALLOWED_ORIGINS: origins.join(','),
      TANDEM_DATA_DIR: join(folder, 'data'),
      TANDEM_SCAN_OVERLAP_MS: '0',
      JIRA_URL: jira.url,
      JIRA_EMAIL: jira.accounts.synchronizer.email,
      JIRA_API_TOKEN: jira.accounts.synchronizer.token,
      AZURE_DEVOPS_URL: azure.url,
      AZURE_DEVOPS_PAT: azure.synchronizer.pat,
    },
    inJira: (method, path, body) => {
      const { email, token } = jira.accounts.ordinary;
      return request(`${jira.url}/rest/api/3/${path}`, method, `${email}:${token}`, 'application/json', body);
    },
    inAzure: (method, path, body) => {
      const url = `${azure.url}/${path}${path.includes('?') ? '&' : '?'}api-version=7.1`;
      const patch = method === 'PATCH' || path.includes('/workitems/$');
      const type = patch ? 'application/json-patch+json' : 'application/json';
      return request(url, method, `:${azure.ordinary.pat}`, type, body);
    },
    writes: async () => {
      const reports = await Promise.all(controls.map(async (url) => (await fetch(url)).json() as Answer));
      return reports.flatMap(({ recent }) => recent.filter(mayWrite).map(({ operation }: Answer) => operation));
    },
    forgetCalls: async () => {
      for (const url of controls) await fetch(url, { method: 'DELETE' });
    },
    async close() {
      await Promise.all([jira.close(), azure.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** POSTs that only read. */
const reading = /search\/jql|bulkfetch|wiql|workitemsbatch|reporting/;

const mayWrite = ({ method, operation }: Answer): boolean =>
  method !== 'GET' && method !== 'OPTIONS' && !reading.test(operation);

async function request(url: string, method: string, user: string, type: string, body: unknown): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(user).toString('base64')}`,
      accept: 'application/json',
      'content-type': type,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} → ${response.status}: ${answer.slice(0, 2000)}`);
  return answer === '' ? null : JSON.parse(answer);
}
