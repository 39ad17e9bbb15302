// Writes the fields of one side, once: guarded by the version that was read, without the fields that the service refuses
// by name, and with what other people changed in between noticed.

import { type SyncError, syncError } from '../sync/errors.ts';
import type { Side } from '../sync/model.ts';
import type { FieldWrite, Operation, StateWrite } from '../sync/plan.ts';
import { stateMappingId } from '../sync/profile.ts';
import { stateFields } from '../sync/rules.ts';
import type { LeasedPair } from './leased-pair.ts';
import type { Pair, Refusal, UpdateOutcome } from './ports.ts';
import { isLeftOut } from './refused-people.ts';
import { moveVersion, type Run, settled } from './run.ts';
import { requiredFields } from './transition.ts';

/** A field's replacements are remembered as long as `oscillates` looks back. */
const rememberedMs = 60 * 60 * 1000;

interface Wanted {
  readonly writes: readonly FieldWrite[];
  readonly state?: StateWrite | undefined;
  /** The profile's values for what a rule of the new state requires. */
  readonly required?: ReturnType<typeof requiredFields>;
}

/** All of it, then with what a rule of the new state requires, then the rest without what was refused by name. */
export async function applyUpdate(run: Run, operation: Operation & { kind: 'update' }): Promise<'done' | 'stale'> {
  const { side } = operation;
  let wanted: Wanted = operation;
  for (const lastTry of [false, false, true]) {
    if (wanted.writes.length === 0 && !wanted.state) return 'done';
    const outcome = await send(run, side, wanted);
    switch (outcome.kind) {
      case 'stale':
        return 'stale';
      case 'written':
        recordWrite(run, side, wanted, outcome);
        return 'done';
      case 'refused': {
        // Fields that the service requires for the new state come from the profile.
        const base = run.answers[side] ?? run.read[side];
        const required =
          wanted.state && !wanted.required && !lastTry ? requiredFields(run.context, base, outcome.refusals) : [];
        if (required.length > 0) {
          wanted = { ...wanted, required };
          break;
        }
        const refused = byMapping(side, wanted, outcome.refusals);
        await holdRefused(run, wanted, refused);
        if (lastTry || refused.size === 0) {
          if (refused.size === 0) run.complaints.push(...outcome.refusals.map(({ error }) => ({ error })));
          return 'done';
        }
        wanted = {
          ...wanted,
          writes: wanted.writes.filter(({ mapping }) => !refused.has(mapping)),
          state: refused.has(stateMappingId) ? undefined : wanted.state,
        };
        break;
      }
      default: {
        const never: never = outcome;
        return never;
      }
    }
  }
  return 'done';
}

async function send(run: Run, side: Side, { writes, state, required = [] }: Wanted): Promise<UpdateOutcome> {
  const { context, leased } = run;
  const base = run.answers[side] ?? run.read[side];
  await leased.commit({
    writeIntents: [
      ...leased.pair.writeIntents,
      {
        side,
        at: context.deps.now(),
        base: run.versions[side].fields ?? {},
        fields: Object.fromEntries([
          ...writes.map(({ mapping, fingerprint }) => [mapping, fingerprint] as const),
          ...(state ? [[stateMappingId, state.fingerprint] as const] : []),
        ]),
      },
    ],
  });
  await context.deps.reached('write-intent-recorded');
  const outcome = await context.sides[side].writer.update(
    base,
    [...writes.map(({ field, after }) => ({ field, value: after })), ...required],
    state?.to,
  );
  if (outcome.kind === 'written') await context.deps.reached('fields-written');
  else await withdrawIntent(leased);
  return outcome;
}

/** The last intent's write was refused whole: it must not count as ours in what the next run reads. */
export const withdrawIntent = (leased: LeasedPair): Promise<void> =>
  leased.commit({ writeIntents: leased.pair.writeIntents.slice(0, -1) });

function recordWrite(
  run: Run,
  side: Side,
  { writes, state }: Wanted,
  outcome: UpdateOutcome & { kind: 'written' },
): void {
  const { context, leased } = run;
  const now = context.deps.now();
  run.answers[side] = outcome.item;
  for (const { mapping } of writes) run.written.add(mapping);
  if (state) for (const mapping of [stateMappingId, ...(state.settles ?? [])]) run.written.add(mapping);
  if (outcome.version) moveVersion(run, side, outcome.version);
  run.again ||= outcome.version === undefined || outcome.between.length > 0;

  const ours = new Map([
    ...writes.map(({ field, mapping }) => [field, mapping] as const),
    ...(state ? [[stateFields[side], stateMappingId] as const] : []),
  ]);
  const late = outcome.between.flatMap(({ field, seq }) => {
    const mapping = ours.get(field);
    return mapping === undefined ? [] : [{ mapping, side, field, seq }];
  });
  leased.defer({
    baseline: settled(run),
    versions: run.versions,
    replaced: remember(
      leased.pair.replaced,
      [...writes, ...(state ? [{ mapping: stateMappingId, ...state }] : [])],
      now,
    ),
    late: [...leased.pair.late, ...late],
  });
}

function remember(
  present: Pair['replaced'],
  writes: readonly { readonly mapping: string; readonly replaces: string }[],
  now: number,
): Pair['replaced'] {
  const recent = Object.entries(present).flatMap(([mapping, entries]) => {
    const kept = entries.filter(({ at }) => now - at <= rememberedMs).slice(-10);
    return kept.length > 0 ? [[mapping, kept] as const] : [];
  });
  const next: Record<string, Pair['replaced'][string]> = Object.fromEntries(recent);
  for (const { mapping, replaces } of writes) next[mapping] = [...(next[mapping] ?? []), { value: replaces, at: now }];
  return next;
}

/** The refused mappings with their errors; empty when the service named none of ours. */
function byMapping(
  side: Side,
  { writes, state }: Wanted,
  refusals: readonly Refusal[],
): ReadonlyMap<string, SyncError> {
  const refused = new Map<string, SyncError>();
  for (const { field, error } of refusals) {
    const mapping =
      field === stateFields[side] && state ? stateMappingId : writes.find((write) => write.field === field)?.mapping;
    // A field that we did not send, such as one that a rule requires, concerns the write as a whole.
    if (mapping === undefined) return new Map();
    refused.set(mapping, { ...error, level: 'field' });
  }
  return refused;
}

async function holdRefused(run: Run, wanted: Wanted, refused: ReadonlyMap<string, SyncError>): Promise<void> {
  if (refused.size === 0) return;
  const held: Record<string, Pair['held'][string]> = { ...run.leased.pair.held };
  for (const [mapping, error] of refused) {
    const value =
      mapping === stateMappingId
        ? wanted.state?.fingerprint
        : wanted.writes.find((write) => write.mapping === mapping)?.fingerprint;
    const rule = run.plan.outcomes.find((outcome) => outcome.mapping === mapping)?.ruleFingerprint;
    if (value !== undefined && rule !== undefined) held[mapping] = { value, rule };
    if (isLeftOut(run.context.profile, mapping, error)) continue;
    run.complaints.push({ subject: mapping, error: { ...syncError(error.code), ...error } });
  }
  await run.leased.commit({ held });
}
