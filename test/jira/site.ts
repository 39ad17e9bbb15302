// A Jira simulator with the adapter opened on it: what the tests of this folder start from.

import { createHash } from 'node:crypto';
import { publicAddresses } from '../../backend/src/http/addresses.ts';
import { createGovernor, memoryBlocks } from '../../backend/src/http/governor.ts';
import { type CallRecord, createTransport } from '../../backend/src/http/transport.ts';
import type { JiraAuth, JiraClientCache } from '../../backend/src/jira/client.ts';
import { openJira } from '../../backend/src/jira/side.ts';
import type { SidePort, UpdateOutcome } from '../../backend/src/reconcile/ports.ts';
import { SyncFailure } from '../../backend/src/sync/errors.ts';
import type { FieldValue, ItemSnapshot } from '../../backend/src/sync/model.ts';
import { type Profile, profileSchema } from '../../backend/src/sync/profile.ts';
import { type JiraSimulatorOptions, startJiraSimulator } from '../simulators/jira/server.ts';

export interface Site {
  readonly simulator: Awaited<ReturnType<typeof startJiraSimulator>>;
  readonly jira: SidePort;
  /** Opens the profile again, by default as the synchronizer and with nothing remembered. */
  open(more?: {
    auth?: JiraAuth;
    filter?: string;
    apiUrl?: string;
    project?: string;
    cache?: JiraClientCache;
  }): SidePort;
  /** Attempts since the last `calls.length = 0`. */
  readonly calls: CallRecord[];
  /** A request of a person; Dana, an ordinary member, unless named. Throws when Jira refuses it. */
  person(method: string, path: string, body?: unknown, who?: string): Promise<unknown>;
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Makes an issue as a person and returns its id. */
  newIssue(fields?: Record<string, unknown>, who?: string): Promise<string>;
  close(): Promise<void>;
}

export const text = (words: string): FieldValue => ({ kind: 'text', text: words });
export const labels = (...names: string[]): FieldValue => ({
  kind: 'options',
  options: names.map((name) => ({ name })),
});
export const adf = (words: string) => ({
  version: 1,
  type: 'doc',
  content: [{ type: 'paragraph', content: [{ type: 'text', text: words }] }],
});
export const rich = (words: string) => ({ kind: 'richText', format: 'adf', adf: adf(words) }) as const;

const kinds = {
  summary: 'text',
  description: 'richText',
  priority: 'option',
  labels: 'options',
  assignee: 'user',
  reporter: 'user',
  duedate: 'date',
  fixVersions: 'options',
  components: 'options',
  timeoriginalestimate: 'number',
  timeestimate: 'number',
  customfield_10016: 'number',
  customfield_10040: 'text',
  customfield_10043: 'dateTime',
  customfield_10044: 'option',
  customfield_10045: 'options',
  customfield_10046: 'user',
  customfield_10047: 'url',
  customfield_10048: 'options',
} as const;

export const testProfile = (jira: { project: string; filter?: string }): Profile => ({
  id: 'p1',
  installationId: 'i1',
  jiraConnectionId: 'c1',
  azureConnectionId: 'c2',
  status: 'enabled',
  revision: 1,
  settings: profileSchema.parse({
    name: 'Tandem',
    jira,
    azure: { project: 'Tandem' },
    types: [{ jira: 'Story', azure: 'User Story' }],
    fields: Object.entries(kinds).map(([id, kind]) => ({ jira: id, azure: `Custom.${id}`, kind })),
  }),
});

export async function startSite(options: JiraSimulatorOptions = {}): Promise<Site> {
  const simulator = await startJiraSimulator({ seed: 'empty', ...options });
  const calls: CallRecord[] = [];
  const transport = createTransport({
    addresses: { ...publicAddresses, origins: [simulator.url] },
    governor: createGovernor({ blocks: memoryBlocks() }),
    onCall: (call) => calls.push(call),
  });
  const { email, token } = simulator.accounts.synchronizer;
  const request = async (method: string, url: string, body: unknown, headers: Record<string, string>) => {
    const response = await fetch(url, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${answer}`);
    return answer === '' ? undefined : (JSON.parse(answer) as unknown);
  };
  const site: Site = {
    simulator,
    calls,
    jira: undefined as unknown as SidePort,
    open: (more = {}) =>
      openJira({
        connection: {
          id: 'c1',
          siteUrl: simulator.url,
          apiUrl: more.apiUrl ?? simulator.url,
          siteId: simulator.url,
          auth: more.auth ?? { kind: 'basic', email, token },
        },
        profile: testProfile({
          project: more.project ?? simulator.project,
          ...(more.filter === undefined ? {} : { filter: more.filter }),
        }),
        transport,
        setFingerprint: (ids) => createHash('sha256').update(ids.join(' ')).digest('hex'),
        ...(more.cache === undefined ? {} : { cache: more.cache }),
      }),
    person: (method, path, body, who = simulator.accounts.ordinary.email) =>
      request(method, `${simulator.url}/rest/api/3/${path}`, body, { authorization: simulator.authorizationOf(who) }),
    control: (method, path, body) => request(method, `${simulator.url}/_control/${path}`, body, {}),
    async newIssue(fields = {}, who) {
      const created = await site.person(
        'POST',
        'issue',
        {
          fields: {
            project: { key: simulator.project },
            issuetype: { name: 'Story' },
            summary: 'A story',
            ...fields,
          },
        },
        who,
      );
      return (created as { id: string }).id;
    },
    async close() {
      await transport.close();
      const { violations } = simulator.kernel.checker;
      await simulator.close();
      if (violations.length > 0) throw new Error(`against the description: ${JSON.stringify(violations)}`);
    },
  };
  return Object.assign(site, { jira: site.open() });
}

/** The item, or a failure of the test. */
export async function readItem(jira: SidePort, id: string, comments = true): Promise<ItemSnapshot> {
  const outcome = await jira.reader.read(id, { comments });
  if (outcome.kind !== 'found') throw new Error(`issue ${id} is ${outcome.kind}`);
  return outcome.item;
}

export async function failureOf(promise: Promise<unknown>): Promise<SyncFailure> {
  const thrown: unknown = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (thrown instanceof SyncFailure) return thrown;
  throw new Error('no failure of synchronization', { cause: thrown });
}

export const operations = (calls: readonly CallRecord[]): readonly string[] => calls.map(({ operation }) => operation);

/** The outcome of a write that went through, or a failure of the test. */
export function written(outcome: UpdateOutcome): UpdateOutcome & { kind: 'written' } {
  if (outcome.kind !== 'written') throw new Error(`the update is ${JSON.stringify(outcome)}`);
  return outcome;
}
