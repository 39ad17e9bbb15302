// `--once`: sets up, plays the story, judges, and makes the one line that says how it went.

import type { BigQueryServer } from '../simulators/bigquery/server.ts';
import { lookAtAzure, lookAtJira } from './look.ts';
import type { Progress } from './progress.ts';
import { type Scene, sceneOf } from './scene.ts';
import { runInitialSync, setUp } from './set-up.ts';
import type { Stack } from './stack.ts';
import { play } from './story.ts';
import { type Patience, until } from './until.ts';
import { judge, type Rules, type Verdict } from './verdict.ts';
import { choicesOf } from './visitor.ts';
import { waitTimes } from './wait-times.ts';

export interface Outcome extends Verdict {
  readonly ok: boolean;
  /** Of the initial sync, by side. */
  readonly calls: { readonly jira: number; readonly azure: number };
  readonly callsPerItem: { readonly jira: number; readonly azure: number; readonly total: number };
  /** From an edit until the counterpart shows it, in milliseconds. */
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly edits: number;
  /** Errors that Tandem shows its admin, by code. */
  readonly errors: Readonly<Record<string, number>>;
  /** Requests that broke the official descriptions of the two APIs. */
  readonly violations: number;
  readonly waitTimesMs: Readonly<Record<string, number>>;
  readonly seconds: number;
}

const initialSyncWithinMs = 120_000;
const settles = { timeoutMs: 12_000, everyMs: 500 };

export async function playOnce(stack: Stack, { tell, count }: Progress): Promise<Outcome> {
  const started = performance.now();
  const { admin, jira, azure } = stack;
  tell('connecting the two projects');
  const profileId = await setUp(stack);
  await countAnew(stack);
  const sync = await runInitialSync(
    admin,
    profileId,
    ({ done, failed, queued }) => count('initial sync', done + failed, queued),
    initialSyncWithinMs,
  );
  const calls = { jira: await callsOf(jira.kernel.url), azure: await callsOf(azure.kernel.url) };
  const items = Math.max(1, sync.queued);

  const problems: string[] = [];
  if (sync.status !== 'done') problems.push(`the initial sync ended as ${sync.status}`);
  if (sync.failed > 0) problems.push(`${sync.failed} items failed in the initial sync`);
  const scene = sceneOf(stack, tell);
  // The story is of items that have their counterparts.
  if (problems.length === 0) {
    try {
      await play(scene);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  tell('looking at both sides');
  const { settings } = await admin.call('profile', { id: profileId });
  // What the story waited for in vain does not come by waiting on.
  const patience = problems.length === 0 ? settles : { ...settles, timeoutMs: 0 };
  const verdict = await settledVerdict(scene, { settings, people: await peopleOf(scene) }, patience);
  problems.push(...verdict.problems);
  const errors = await noErrors(stack, profileId, patience);
  for (const [code, count] of Object.entries(errors)) problems.push(`Tandem shows its admin ${count} × ${code}`);
  const violations = (await violationsOf(jira.kernel.url)) + (await violationsOf(azure.kernel.url));
  if (violations > 0) problems.push(`${violations} requests broke the official descriptions`);
  if (stack.cloud) problems.push(...(await unmeasured(stack.cloud.bigQuery)));
  const sorted = scene.latencies.toSorted((a, b) => a - b);
  const perItem = (count: number) => Number((count / items).toFixed(2));
  return {
    ok: problems.length === 0,
    ...verdict,
    problems,
    calls,
    callsPerItem: { jira: perItem(calls.jira), azure: perItem(calls.azure), total: perItem(calls.jira + calls.azure) },
    medianMs: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0),
    p99Ms: Math.round(sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0),
    edits: sorted.length,
    errors,
    violations,
    waitTimesMs: Object.fromEntries(waitTimes.map(({ variable, ms }) => [variable, ms])),
    seconds: Math.round((performance.now() - started) / 100) / 10,
  };
}

/** Looks until both sides agree, or until nothing that was wrong has changed for so long that it stays. */
async function settledVerdict(scene: Scene, rules: Rules, patience: Patience): Promise<Verdict> {
  let last: Verdict | null = null;
  const look = async () => {
    const [left, right] = await Promise.all([
      lookAtJira(scene.jira, scene.stack.jira.project),
      lookAtAzure(scene.azure, scene.project),
    ]);
    last = judge(left, right, rules);
    return last.problems.length === 0 ? last : null;
  };
  try {
    return await until('both sides agree', look, patience);
  } catch (error) {
    if (last === null) throw error;
    return last;
  }
}

async function peopleOf({ jira, azure, stack, project }: Scene): Promise<Rules['people']> {
  const hands = { jira, azure, jiraProject: stack.jira.project, azureProject: project };
  const names = async (side: 'jira' | 'azure') =>
    new Set((await choicesOf(hands, side)).people.map(({ name }) => name));
  return { jira: await names('jira'), azure: await names('azure') };
}

/** Errors that are about to be tried again count when they stay. */
async function noErrors(stack: Stack, profileId: string, patience: Patience): Promise<Outcome['errors']> {
  const look = async () => {
    const errors = await errorsOf(stack, profileId);
    return Object.keys(errors).length === 0 ? errors : null;
  };
  return until('no error is left', look, patience).catch(() => errorsOf(stack, profileId));
}

async function errorsOf({ admin }: Stack, id: string): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  let after: string | undefined;
  do {
    const page = await admin.call('errors', { id, ...(after === undefined ? {} : { after }) });
    for (const { code } of page.errors) counts[code] = (counts[code] ?? 0) + 1;
    after = page.next ?? undefined;
  } while (after !== undefined);
  return counts;
}

/** What is amiss in the warehouse: the calls of both sides must come there, and nothing be refused. */
async function unmeasured({ rows, refusals }: BigQueryServer): Promise<readonly string[]> {
  const measured = async () => {
    const names = new Set(rows('metrics').map(({ name }) => name));
    return ['calls.jira', 'calls.azure', 'points.jira', 'items.done'].every((name) => names.has(name)) || null;
  };
  const [counted] = await Promise.allSettled([until('BigQuery has the counts', measured, { timeoutMs: 20_000 })]);
  return [...(counted.status === 'rejected' ? ['the counts did not come to BigQuery'] : []), ...refusals];
}

async function countAnew({ jira, azure }: Stack): Promise<void> {
  for (const { kernel } of [jira, azure]) await fetch(`${kernel.url}/_control/calls`, { method: 'DELETE' });
}

const callsOf = async (url: string): Promise<number> =>
  ((await (await fetch(`${url}/_control/calls`)).json()) as { total: number }).total;

const violationsOf = async (url: string): Promise<number> =>
  ((await (await fetch(`${url}/_control/violations`)).json()) as { violations: readonly unknown[] }).violations.length;
