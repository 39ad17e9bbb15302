// Plans the fields that merge in parts: sets by element, rich text by block. Whole values are plan-field.ts' work.

import { neverAgreed } from './baseline.ts';
import { type FieldCase, type FieldPlan, left, recorded, undecided, type Wanted, written } from './field-case.ts';
import { elementsOf, setOf } from './kinds.ts';
import { lateMedia, namesFilesByBlock } from './media-references.ts';
import { type BySide, type FieldValue, otherSide, type Side, sides } from './model.ts';
import type { MergeRule } from './plan.ts';
import { alignText, mergeText, type RichText, relinkText } from './rich-text.ts';
import type { ConversionContext } from './richtext/context.ts';
import { allowsTo, nativeKind } from './rules.ts';
import { ruling } from './ruling.ts';
import { mergeSets } from './set-merge.ts';
import { blockSeals } from './settle.ts';

/** Whose set is right as a whole, where elements alone can't tell: in a seeding, and in a one-way field that is enforced. */
function leaderOf({ rule, facts, input }: FieldCase): Side | 'ask' | undefined {
  const source = rule.direction === 'azure-to-jira' ? 'azure' : 'jira';
  if (facts.comparable) return rule.direction !== 'both' && rule.enforce ? source : undefined;
  const seeding = input.choices?.[rule.id] ?? rule.seeding;
  return seeding !== 'ask' && rule.direction !== 'both' ? source : seeding;
}

export function planSet(field: FieldCase): FieldPlan {
  const { input, rule, values, base, facts } = field;
  const leader = leaderOf(field);
  const present = { jira: elementsOf(values.jira), azure: elementsOf(values.azure) };
  const merge = mergeSets({
    rule,
    key: input.key,
    itemIds: { jira: input.jira.id, azure: input.azure.id },
    present,
    agreed: base?.elements ?? [],
    direction: rule.direction,
    leader: leader === 'ask' ? undefined : leader,
  });
  const wanted = sides.flatMap((side): Wanted[] => {
    const next = merge.result[side];
    const same = present[side].length === next.length && present[side].every((one, index) => one === next[index]);
    return same ? [] : [{ side, after: setOf(next, nativeKind(rule, side, values[side])) }];
  });
  if (leader === 'ask' && wanted.length > 0) return left(field, 'seed-ask');
  const parts = { elements: merge.elements };
  const settled = facts.comparable ? (facts.jira || facts.azure ? 'changed-alike' : 'unchanged') : 'adopted';
  const plan =
    wanted.length === 0 ? recorded(field, settled, parts) : written(field, wanted, changeRule(field, wanted), parts);
  const error = plan.outcome.error ?? merge.errors[0];
  return error === undefined ? plan : { ...plan, outcome: { ...plan.outcome, error } };
}

function changeRule({ facts, rule }: FieldCase, wanted: readonly Wanted[]): MergeRule {
  if (!facts.comparable) return 'seeded';
  const [only, second] = wanted;
  if (only === undefined || second !== undefined || (facts.jira && facts.azure)) return 'merged';
  if (rule.enforce && !facts[otherSide(only.side)]) return 'enforced';
  return only.side === 'azure' ? 'jira-changed' : 'azure-changed';
}

const asText = (value: FieldValue | null): RichText | null => (value?.kind === 'richText' ? value : null);

export function planText(field: FieldCase): FieldPlan {
  const { input, rule, values, base, facts } = field;
  const seal = blockSeals(input, rule);
  const context = input.resolve ?? {};
  const texts = { jira: asText(values.jira), azure: asText(values.azure) };
  const merged = (writable: readonly Side[], winner?: Side) =>
    mergeText({ ...texts, baseline: base?.richText, seal, context, writable, winner });
  const blocks = (of: BySide<RichText | null>) => {
    const richText = alignText(of.jira, of.azure, seal, context);
    return richText === undefined ? {} : { richText };
  };
  const write = (result: BySide<RichText | null>, merge: MergeRule) => {
    const changed = sides.filter((side) => result[side] !== texts[side]);
    const wanted = changed.map((side) => ({ side, after: result[side] }));
    return written(field, wanted, merge, blocks(result));
  };
  const conflicting = facts.comparable && !facts.same && facts.jira && facts.azure && rule.direction === 'both';
  if (conflicting) {
    const attempt = merged(sides);
    if (attempt.kind === 'merged') return write(attempt.result, 'merged');
  }
  const relinked = relinkedTexts(field, texts, context) ?? withLateMedia(field, texts, context);
  if (relinked !== undefined) return write(relinked, 'relinked');
  const decision = ruling(field);
  switch (decision.kind) {
    case 'record': {
      const untouched = facts.comparable && !facts.jira && !facts.azure && base?.richText !== undefined;
      return recorded(field, decision.rule, untouched ? { richText: base.richText } : blocks(texts));
    }
    case 'leave':
      return left(field, decision.rule);
    case 'history':
      return undecided(field, decision.sides);
    case 'write': {
      // Blocks that only the losing side changed go across all the same.
      const attempt = merged(conflicting ? sides : [otherSide(decision.from)], decision.from);
      return attempt.kind === 'conflict' ? left(field, 'conflict-ask') : write(attempt.result, decision.rule);
    }
    default: {
      const never: never = decision;
      return never;
    }
  }
}

/** Texts that nobody edited and that name an item which has got its counterpart since; undefined where there is none. */
function relinkedTexts(
  { facts, base, rule }: FieldCase,
  texts: BySide<RichText | null>,
  context: ConversionContext,
): BySide<RichText | null> | undefined {
  const waits = base?.richText?.waits;
  if (waits === undefined || !facts.comparable || facts.jira || facts.azure) return undefined;
  const next = (side: Side) =>
    allowsTo(rule.direction, side) ? relinkText(texts[side], side, waits[side] ?? [], context) : undefined;
  const [jira, azure] = [next('jira'), next('azure')];
  return jira === undefined && azure === undefined
    ? undefined
    : { jira: jira ?? texts.jira, azure: azure ?? texts.azure };
}

/**
 * Texts that nobody edited, with files in their places that came across after them: the source's blocks that show one count
 * as changed, so that the rest of the other side's text stays as it is.
 */
function withLateMedia(
  { input, facts, base, rule }: FieldCase,
  texts: BySide<RichText | null>,
  context: ConversionContext,
): BySide<RichText | null> | undefined {
  // Texts that say the same, as those of a new counterpart may, are as good as untouched ones.
  const agreed = facts.same || (facts.comparable && !facts.jira && !facts.azure);
  if (!agreed) return undefined;
  const side = lateMedia(texts, context.media).find((one) => allowsTo(rule.direction, one));
  if (side === undefined) return undefined;
  const source = otherSide(side);
  const shows = namesFilesByBlock(texts[source]);
  const richText = facts.jira || facts.azure ? undefined : base?.richText;
  const baseline = richText && {
    ...richText,
    [source]: richText[source].map((print, block) => (shows[block] === true ? neverAgreed : print)),
  };
  const seal = blockSeals(input, rule);
  const merge = mergeText({ ...texts, baseline, seal, context, writable: [side], winner: source });
  return merge.kind === 'merged' ? merge.result : undefined;
}
