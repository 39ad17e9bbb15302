// What the story's steps share: the two people who act, and how they make, edit and look at items.

import { lookAtIssue, lookAtWorkItem } from './look.ts';
import { azurePerson, jiraPerson, type Person } from './person.ts';
import type { Seen } from './seen.ts';
import type { Stack } from './stack.ts';
import { until } from './until.ts';

export interface Scene {
  readonly stack: Pick<Stack, 'jira' | 'azure' | 'backend'>;
  readonly jira: Person;
  readonly azure: Person;
  readonly project: string;
  /** Milliseconds from an edit until its counterpart shows it. */
  readonly latencies: number[];
  readonly tell: (step: string) => void;
}

/** Longer than the longest of the shortened wait times together. */
export const patience = { timeoutMs: 30_000 };

export function sceneOf(stack: Scene['stack'], tell: (step: string) => void): Scene {
  const { email, token } = stack.jira.accounts.ordinary;
  return {
    stack,
    jira: jiraPerson({ url: stack.jira.url, email, token }),
    azure: azurePerson({ url: stack.azure.url, pat: stack.azure.ordinary.pat }),
    project: stack.azure.project,
    latencies: [],
    tell,
  };
}

export interface Pair {
  readonly issue: string;
  readonly workItem: string;
}

export async function newIssue({ jira, stack }: Scene, type: string, summary: string): Promise<string> {
  const fields = { project: { key: stack.jira.project }, issuetype: { name: type }, summary };
  return (await jira.call<{ id: string }>('issue', { body: { fields } })).id;
}

export async function newWorkItem({ azure, project }: Scene, type: string, title: string): Promise<string> {
  const body = [{ op: 'add', path: '/fields/System.Title', value: title }];
  const made = await azure.call<{ id: number }>(`${project}/_apis/wit/workitems/$${encodeURIComponent(type)}`, {
    body,
  });
  return String(made.id);
}

/** The work item with the issue's title, once it is there. */
export async function counterpartOf({ jira, azure, project }: Scene, issue: string): Promise<string> {
  const { title } = await lookAtIssue(jira, issue);
  const quoted = title.replaceAll("'", "''");
  const query = `SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = '${project}' AND [System.Title] = '${quoted}'`;
  return until(
    `${JSON.stringify(title)} has a work item`,
    async () => {
      const { workItems } = await azure.call<{ workItems: readonly { id: number }[] }>(`${project}/_apis/wit/wiql`, {
        body: { query },
      });
      const [found] = workItems;
      return found ? String(found.id) : null;
    },
    patience,
  );
}

export const setTitle = (azure: Person, workItem: string, title: string) =>
  azure.call(`_apis/wit/workitems/${workItem}`, {
    method: 'PATCH',
    body: [{ op: 'add', path: '/fields/System.Title', value: title }],
  });

export const setSummary = (jira: Person, issue: string, summary: string) =>
  jira.call(`issue/${issue}`, { method: 'PUT', body: { fields: { summary } } });

export const workItemShows = (scene: Scene, workItem: string, what: string, holds: (item: Seen) => boolean) =>
  until(what, async () => holds(await lookAtWorkItem(scene.azure, workItem)), patience);
export const issueShows = (scene: Scene, issue: string, what: string, holds: (item: Seen) => boolean) =>
  until(what, async () => holds(await lookAtIssue(scene.jira, issue)), patience);
