// Walks an item through its workflow to a wanted status, one transition at a time, learning the graph on the way. Only
// for the side on which a status is reached by transitions; the path itself is found in sync/workflow.ts.

import { type SyncError, syncError } from '../sync/errors.ts';
import type { FieldValue, HistoryEntry, ItemSnapshot, TransitionOption } from '../sync/model.ts';
import { nextHop } from '../sync/workflow.ts';
import type { ProfileContext } from './context.ts';
import type { EngineDeps, Refusal, UpdateOutcome, WorkflowPlace } from './ports.ts';

const categoryRank = { new: 0, active: 1, done: 2, removed: 3 } as const;
/** No real workflow needs more; a bound keeps a run finite whatever the site answers. */
const mostHops = 12;

export type WalkOutcome =
  | {
      readonly kind: 'arrived';
      readonly item: ItemSnapshot;
      readonly between: readonly HistoryEntry[];
      readonly proven: boolean;
    }
  | { readonly kind: 'stale' }
  | { readonly kind: 'stuck'; readonly item: ItemSnapshot; readonly error: SyncError };

const fixedValue = (value: string | number | readonly string[]): FieldValue =>
  typeof value === 'number'
    ? { kind: 'number', number: value }
    : typeof value === 'string'
      ? { kind: 'option', option: { name: value } }
      : { kind: 'options', options: value.map((name) => ({ name })) };

/** Called around each single transition: what is recorded there makes a walk that dies half-way go on where it was. */
export interface HopRecorder {
  readonly before: (state: string) => Promise<void>;
  /** `version` only where the answer proves that nothing else came between. */
  readonly after: (outcome: UpdateOutcome & { readonly kind: 'written' }) => Promise<void>;
  /** Instead of `after`: the service did nothing. */
  readonly refused: () => Promise<void>;
  /** Values for the last step, where its screen has the fields. */
  readonly along?: readonly Field[];
}

interface Field {
  readonly field: string;
  readonly value: FieldValue | null;
}

export async function walkTo(
  context: ProfileContext,
  start: ItemSnapshot,
  goal: string,
  recorder: HopRecorder,
): Promise<WalkOutcome> {
  const { writer } = context.sides[start.side];
  const { config } = context.deps;
  const type = context.catalogs[start.side].types.find((candidate) => candidate.name === start.type);
  const rank = (state: string) => {
    const found = type?.states.find((candidate) => candidate.name === state);
    return found && categoryRank[found.category];
  };
  const between: HistoryEntry[] = [];
  let item = start;
  let proven = true;

  for (let hops = 0; item.state !== goal && hops < mostHops; hops++) {
    const options = item.transitions ?? (await writer.transitions(item));
    const direct = [...new Set(options.map((option) => option.to))];
    const place = placeOf(context, item);
    await config.learnTransitions(context.scope, place, item.state, direct);
    const learned = await config.learnedWorkflow(context.scope, place);
    const seen = lookedAt(context, place, item.state);
    // A way that was missing may have been added: what was not looked at lately counts as unknown then.
    const fresh = Object.fromEntries(Object.entries(learned).filter(([state]) => seen.isFresh(state)));
    const hop =
      nextHop({ ...type?.transitions, ...learned }, item.state, goal, direct, rank) ??
      nextHop({ ...type?.transitions, ...fresh }, item.state, goal, direct, rank);
    if (hop === null) return { kind: 'stuck', item, error: noWay(item, goal, direct) };
    const choice = chooseOption(context, item, options, hop, hop === goal ? (recorder.along ?? []) : []);
    if (choice.missing.length > 0) {
      return {
        kind: 'stuck',
        item,
        error: syncError('no-transition', {
          side: item.side,
          value: goal,
          detail: `The transition "${choice.option.name}" requires ${choice.missing.join(', ')}; set it in the profile under onTransition of the type.`,
        }),
      };
    }
    await recorder.before(hop);
    const outcome = await step(context, item, choice, hop !== goal);
    if (outcome.kind !== 'written') await recorder.refused();
    if (outcome.kind === 'stale') return { kind: 'stale' };
    if (outcome.kind === 'refused') {
      const error = outcome.refusals[0]?.error ?? syncError('no-transition', { side: item.side, value: goal });
      return { kind: 'stuck', item, error: syncError('no-transition', { ...error, side: item.side, value: goal }) };
    }
    item = outcome.item;
    between.push(...outcome.between);
    proven &&= outcome.version !== undefined;
    await recorder.after(outcome);
  }
  return item.state === goal
    ? { kind: 'arrived', item, between, proven }
    : { kind: 'stuck', item, error: syncError('no-transition', { side: item.side, value: goal }) };
}

const freshMs = 60_000;
const looks = new WeakMap<EngineDeps, Map<string, number>>();

const placeOf = ({ profile }: ProfileContext, { side, projectKey, type }: ItemSnapshot): WorkflowPlace => ({
  connectionId: side === 'jira' ? profile.jiraConnectionId : profile.azureConnectionId,
  project: projectKey,
  type,
});

/** Remembers, in this process, that the exits of a state were just read. */
function lookedAt({ deps, scope }: ProfileContext, { connectionId, project, type }: WorkflowPlace, at: string) {
  const times = looks.get(deps) ?? new Map<string, number>();
  looks.set(deps, times);
  const key = (state: string) => JSON.stringify([scope.installationId, connectionId, project, type, state]);
  times.set(key(at), deps.now());
  return { isFresh: (state: string) => deps.now() - (times.get(key(state)) ?? 0) < freshMs };
}

/** Tells what is missing, so that an admin can add it. */
const noWay = (item: ItemSnapshot, goal: string, direct: readonly string[]): SyncError =>
  syncError('no-transition', {
    side: item.side,
    value: goal,
    detail: `From "${item.state}" the workflow of ${item.type} leads to ${
      direct.length === 0 ? 'no other state' : direct.map((state) => `"${state}"`).join(', ')
    }; a transition that leads on to "${goal}" is missing.`,
  });

type Choice = ReturnType<typeof chooseOption>;

/**
 * One transition. Once more with the profile's values for fields that a rule of the side turned out to require, or without
 * those that go along when they are refused.
 */
async function step(
  context: ProfileContext,
  item: ItemSnapshot,
  choice: Choice,
  goesOn: boolean,
): Promise<UpdateOutcome> {
  const { writer } = context.sides[item.side];
  const first = await writer.transition(item, choice.option, choice.fields, goesOn);
  if (first.kind !== 'refused') return first;
  const named = new Set(first.refusals.map(({ field }) => field));
  const required = requiredFields(context, item, first.refusals);
  const kept = choice.fields.filter(({ field }) => !(named.has(field) && choice.along.includes(field)));
  if (required.length === 0 && kept.length === choice.fields.length) return first;
  return writer.transition(item, choice.option, [...kept, ...required], goesOn);
}

/** The profile's values for fields that a refused change of state turned out to require. */
export function requiredFields(
  context: ProfileContext,
  item: ItemSnapshot,
  refusals: readonly Refusal[],
): readonly Field[] {
  const fixed = onTransition(context, item);
  return refusals.flatMap(({ field, error }) => {
    const value = field === undefined || error.code !== 'required-field' ? undefined : fixed[field];
    return field === undefined || value === undefined ? [] : [{ field, value: fixedValue(value) }];
  });
}

const onTransition = ({ profile }: ProfileContext, item: ItemSnapshot) =>
  profile.settings.types.find((type) => type[item.side] === item.type)?.onTransition[item.side] ?? {};

/** Of several transitions to one status, the one whose required fields the profile can fill; fewest fields first. */
function chooseOption(
  context: ProfileContext,
  item: ItemSnapshot,
  options: readonly TransitionOption[],
  to: string,
  wanted: readonly Field[],
) {
  const defaults = onTransition(context, item);
  const weighed = options
    .filter((option) => option.to === to)
    .map((option) => {
      const along = wanted.filter(({ field }) => option.screen === undefined || option.screen.includes(field));
      const given = new Set(along.map(({ field }) => field));
      const asked = option.required.filter((field) => !given.has(field));
      return {
        option,
        missing: asked.filter((field) => defaults[field] === undefined && !item.fields[field]),
        along: [...given],
        fields: [
          ...along,
          ...asked.flatMap((field) => {
            const value = defaults[field];
            return value === undefined ? [] : [{ field, value: fixedValue(value) }];
          }),
        ],
      };
    })
    .sort(
      (a, b) =>
        a.missing.length - b.missing.length || b.along.length - a.along.length || a.fields.length - b.fields.length,
    );
  const [best] = weighed;
  if (!best) throw new Error(`No transition leads to the chosen status although one was listed.`);
  return best;
}
