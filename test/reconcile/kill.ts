// Kills a real process of Tandem at every step of a story and lets another take over: the end must be the same.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Step, steps } from '../../backend/src/reconcile/steps.ts';
import { otherSide, type Side } from '../../backend/src/sync/model.ts';
import { type Actions, actionsOf, type Twins } from './actions.ts';
import { type Files, filesOf } from './files.ts';
import { eventually, type Harness, startHarness } from './harness.ts';
import type { VictimOrder } from './victim.ts';

/** Longer than the lease of the dead and the settle time. */
const overMs = 31_000;

const states = { jira: { from: 'To Do', to: 'In Progress' }, azure: { from: 'New', to: 'Active' } } as const;

/** In Azure a status goes with the fields and a write is refused when somebody came between: these steps are Jira's alone. */
const happens = (step: Step, from: Side) =>
  !elsewhere.has(step) && (from === 'azure' || !/^(?:transition|late)-/.test(step));

/** Steps that both ways have are walked one way each, which halves the time; both ways if it is asked for. */
const both = process.env.TANDEM_TEST_KILLS === 'all';
const turns = { jira: 0, azure: 1 } as const;

/** Of policies that this story has none of: kill-scope.test.ts walks these. */
const elsewhere: ReadonlySet<Step> = new Set([
  'counterpart-deleted',
  'counterpart-restored',
  'mark-removed',
  'handed-over',
  'type-changed',
]);

export function killTests(from: Side): void {
  const target = otherSide(from);
  const tested = steps.filter(
    (step, place) => happens(step, from) && (both || place % 2 === turns[from] || !happens(step, target)),
  );
  let tandem: Harness;
  let people: Actions;
  let files: Files;
  let next: Promise<ChildProcess>;
  const prepared = new Map<
    Step,
    { readonly edited: Twins; readonly deleted: Twins; readonly comment: string; readonly unsaid: string }
  >();

  const spawn = async (): Promise<ChildProcess> => {
    const child = fork(join(import.meta.dirname, 'victim.ts'), {
      // A setting of the tests alone: Tandem refuses what it does not know.
      env: { ...process.env, TANDEM_TEST_KILLS: '', ...tandem.environment, TANDEM_WORKERS: '1' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await once(child, 'message');
    return child;
  };

  beforeAll(async () => {
    tandem = await startHarness({
      settings: (settings) => ({ ...settings, attachments: { ...settings.attachments, deleted: 'delete' } }),
      environment: { TANDEM_SETTLE_MS: '30000', TANDEM_LEASE_MS: '30000' },
    });
    people = actionsOf(tandem);
    files = filesOf(tandem);
    next = spawn();
    await tandem.startEvents();
    const workers = await tandem.startWorkers();
    const made = await Promise.all(
      tested.map(async (step) => {
        const [edited, deleted] = [await people.create(from, 'Edited'), await people.create(from, 'Deleted')];
        const comment = await people.comment(from, edited, 'first words');
        await people.attach(from, edited, 'old.txt', 'old');
        return { step, edited, deleted, comment, unsaid: await people.comment(from, edited, 'words taken back') };
      }),
    );
    for (const { step, edited, deleted, ...comments } of made) {
      const twins = async (id: string): Promise<Twins> => {
        const other = await people.counterpart(from, id);
        return from === 'jira' ? { jira: id, azure: other } : { jira: other, azure: id };
      };
      prepared.set(step, { edited: await twins(edited), deleted: await twins(deleted), ...comments });
    }
    await workers.stop();
  });
  afterAll(async () => {
    (await next)?.kill('SIGKILL');
    await tandem?.close();
  });

  describe(`a process that is killed while it brings changes from ${from}`, () => {
    it.each(tested)('at `%s` leaves what the next one ends the same way', { timeout: 150_000 }, async (step) => {
      const { edited, deleted, comment, unsaid } = prepared.get(step) ?? fail(step);
      const created = await people.create(from, `Created ${step}`, labels('one'));
      await move(created);
      await people.comment(from, created, 'a comment');
      await people.attach(from, created, 'file.txt', 'content');
      await people.relate(from, created, edited[from]);
      await people.edit(from, edited[from], { ...labels('two'), [from === 'jira' ? 'summary' : 'System.Title']: step });
      await move(edited[from]);
      await people.editComment(from, edited[from], comment, 'second words');
      await people.deleteComment(from, edited[from], unsaid);
      for (const { id } of await files.attached(from, edited[from])) await files.detach(from, edited[from], id);
      await people.remove(from, deleted[from]);
      await eventsTaken();

      const victim = await next;
      const died = once(victim, 'exit');
      const order: VictimOrder = { step, nth: 1, aheadMs: tandem.clock.now() - Date.now() };
      const interfered = step.startsWith('late-');
      if (interfered) await editBetween(edited.jira, () => victim.send(order));
      else victim.send(order);
      const [, signal] = await died;
      expect(signal).toBe('SIGKILL');
      next = spawn();

      await tandem.advance(overMs);
      const workers = await tandem.startWorkers();
      const twin = await people.counterpart(from, created);
      await tandem.settled();
      await workers.stop();

      expect(await shown(target, twin)).toEqual({ title: `Created ${step}`, labels: 'one', state: states[target].to });
      expect(await people.comments(target, twin)).toEqual([expect.stringContaining('a comment')]);
      expect(await people.attachments(target, twin)).toEqual(['file.txt']);
      expect(await people.attachments(target, edited[target])).toEqual([]);
      expect(await people.related(target, twin)).toEqual([edited[target]]);
      expect(await people.related(target, edited[target])).toEqual([twin]);
      const title = interfered ? 'by the person' : step;
      expect(await shown(target, edited[target])).toEqual({ title, labels: 'two', state: states[target].to });
      expect(await people.title(from, edited[from])).toBe(title);
      expect(await people.comments(target, edited[target])).toEqual([expect.stringContaining('second words')]);
      expect(await people.comments(from, edited[from])).toEqual([expect.stringContaining('second words')]);
      expect(await people.errors(from, created)).toEqual({});
      expect(await people.errors(from, edited[from])).toEqual({});
      expect(await people.errors(target, deleted[target])).toEqual({ item: 'deleted' });
      const left = await people.fields(target, deleted[target]);
      expect(target === 'jira' ? left.labels.join() : left['System.Tags']).toMatch(/orphaned|deleted/i);
      expect(await people.audit()).toEqual({ duplicates: [], open: [] });
    });
  });

  const labels = (name: string) => (from === 'jira' ? { labels: [name] } : { 'System.Tags': name });

  async function move(id: string): Promise<void> {
    if (from === 'azure') return people.edit('azure', id, { 'System.State': 'Active' });
    const { transitions } = await tandem.asPerson('jira', 'GET', `issue/${id}/transitions`);
    const transition = transitions.find((one: { to: { name: string } }) => one.to.name === states.jira.to);
    await tandem.asPerson('jira', 'POST', `issue/${id}/transitions`, { transition: { id: transition.id } });
  }

  /** A person in Jira saves while our write of the same field is on its way: later, so `newest` gives it the word. */
  async function editBetween(issue: string, begin: () => void): Promise<void> {
    const heldMs = 20_000;
    const { faults } = tandem.jira.kernel;
    people.fault('jira', {
      kind: 'latency',
      ms: heldMs,
      match: { method: 'PUT', path: `/rest/api/3/issue/${issue}` },
      times: 1,
    });
    begin();
    await eventually(async () => faults.list().length === 0);
    await people.rename('jira', issue, 'by the person');
    await tandem.clock.advance(heldMs);
  }

  async function eventsTaken(): Promise<void> {
    await Promise.all([tandem.jira.kernel.events.idle(), tandem.azure.kernel.events.idle()]);
  }

  async function shown(side: Side, id: string) {
    const fields = await people.fields(side, id);
    return side === 'jira'
      ? { title: fields.summary, labels: fields.labels.join(), state: fields.status.name }
      : { title: fields['System.Title'], labels: fields['System.Tags'], state: fields['System.State'] };
  }
}

const fail = (step: Step): never => {
  throw new Error(`nothing was prepared for ${step}`);
};
