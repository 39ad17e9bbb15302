// A fault names a path as the descriptions spell it and meets a request however its client spelled that path.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AzureSimulator, startAzureSimulator } from '../azure/server.ts';
import { type JiraSimulator, startJiraSimulator } from '../jira/server.ts';

let jira: JiraSimulator;
let azure: AzureSimulator;
beforeAll(async () => {
  jira = await startJiraSimulator({ seed: 'empty' });
  azure = await startAzureSimulator({ seed: 'empty' });
});
afterAll(() => Promise.all([jira?.close(), azure?.close()]));

const status = async (url: string, authorization: string) => (await fetch(url, { headers: { authorization } })).status;

describe('a fault', () => {
  it.each([
    ['directly', () => jira.url],
    ['by the gateway', () => jira.apiBaseUrl],
  ])('meets a Jira call that comes %s', async (_, base) => {
    jira.kernel.faults.add({ kind: 'status', status: 503, match: { path: '/rest/api/3/myself' }, times: 1 });
    const bearer = `Bearer ${jira.appSystemToken}`;
    const basic = Buffer.from(`${jira.accounts.ordinary.email}:${jira.accounts.ordinary.token}`).toString('base64');
    const authorization = base() === jira.url ? `Basic ${basic}` : bearer;
    expect(await status(`${base()}/rest/api/3/myself`, authorization)).toBe(503);
    expect(await status(`${base()}/rest/api/3/myself`, authorization)).toBe(200);
  });

  it.each([
    ['/acme/_apis/wit/fields', '/acme/Tandem/_apis/wit/fields'],
    ['/_apis/wit/fields', '/acme/_apis/wit/fields'],
    ['/Tandem/_apis/wit/fields', '/acme/Tandem/_apis/wit/fields'],
    ['/acme/Tandem/_apis/wit/fields', '/acme/Tandem/_apis/wit/fields'],
  ])('that names %s meets an Azure DevOps call of %s', async (path, called) => {
    azure.kernel.faults.add({ kind: 'status', status: 503, match: { path }, times: 1 });
    const authorization = `Basic ${Buffer.from(`:${azure.ordinary.pat}`).toString('base64')}`;
    const url = `${new URL(azure.url).origin}${called}?api-version=7.1`;
    expect(await status(url, authorization)).toBe(503);
    expect(await status(url, authorization)).toBe(200);
  });
});
