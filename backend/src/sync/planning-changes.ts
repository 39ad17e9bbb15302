// What changed of sprints, versions and iterations since they were last looked at, and what of it the other side is to
// follow: days, and the name where the two are named alike. Only where the profile makes what is missing, and only between
// things that stand for each other alone. A state (started, released, archived) has no counterpart in Azure DevOps.
//
//   Jira changed | Azure changed | result
//   -------------+---------------+--------------------------------------------
//        no      |      no       | nothing
//        yes     |      no       | Azure follows, if the direction allows
//        no      |      yes      | Jira follows, if the direction allows
//        yes     |      yes      | days: the field's conflict rule; names: nothing

import { type FieldSchema, fieldSchema, type SideSchema, sameName } from './catalog.ts';
import { type BySide, type OptionDates, type OptionRef, otherSide, type Side, sides } from './model.ts';
import { findNode, isPath, newName, relativePath } from './planning.ts';
import type { FieldMapping, ProfileSettings } from './profile.ts';
import { allowsTo } from './rules.ts';

export interface NodeChange {
  readonly side: Side;
  /** Native id of the field that names it, and what it is: `sprint`, `version`, `treePath`. */
  readonly field: string;
  readonly native: string;
  /** As it is there now. */
  readonly node: OptionRef;
  /** Without the path above it. */
  readonly name?: string;
  readonly dates?: Required<OptionDates>;
}

type Schemas = BySide<Pick<SideSchema, 'types'>>;

export function nodeChanges(settings: ProfileSettings, before: Schemas, now: Schemas): readonly NodeChange[] {
  const changes = settings.fields.flatMap((mapping) => changesOf(settings, mapping, before, now));
  return [...new Map(changes.map((one) => [`${one.side} ${one.field} ${one.node.id}`, one])).values()];
}

const dated: ReadonlySet<string | undefined> = new Set(['sprint', 'version']);

function changesOf(settings: ProfileSettings, mapping: FieldMapping, before: Schemas, now: Schemas) {
  const field = { jira: fieldOf(now.jira, mapping.jira), azure: fieldOf(now.azure, mapping.azure) };
  if (!mapping.createMissing || !field.jira || !field.azure) return [];
  if (!dated.has(field.jira.native) || !isPath(field.azure)) return [];
  const root = field.azure.allowed?.[0]?.name.split('\\')[0] ?? settings.azure.project;
  const old = {
    jira: fieldOf(before.jira, mapping.jira)?.allowed ?? [],
    azure: fieldOf(before.azure, mapping.azure)?.allowed ?? [],
  };
  const present = { jira: byId(field.jira), azure: byId(field.azure) };
  return pairsOf(mapping, old, root).flatMap((pair): NodeChange[] => {
    const [jira, azure] = [present.jira.get(pair.jira.id), present.azure.get(pair.azure.id)];
    if (!jira || !azure) return [];
    const there = { jira, azure };
    const found = { jira: field.jira as FieldSchema, azure: field.azure as FieldSchema };
    return sides.flatMap((side): NodeChange[] => {
      if (!allowsTo(mapping.direction, side)) return [];
      const dates = datesFor(settings, mapping, side, pair, there);
      const name = mapping.values ? undefined : nameFor(side, pair, there, found, root);
      if (dates === undefined && name === undefined) return [];
      const at = { side, field: found[side].id, native: found[side].native ?? '', node: there[side] };
      return [{ ...at, ...(name === undefined ? {} : { name }), ...(dates === undefined ? {} : { dates }) }];
    });
  });
}

const fieldOf = ({ types }: Pick<SideSchema, 'types'>, id: string): FieldSchema | undefined =>
  types.flatMap((type) => fieldSchema(type, id) ?? []).find(({ allowed }) => allowed !== undefined);

type Known = OptionRef & { readonly id: string };
const known = (option: OptionRef): readonly Known[] => (option.id === undefined ? [] : [{ ...option, id: option.id }]);
const byId = ({ allowed = [] }: FieldSchema) => new Map(allowed.flatMap(known).map((one) => [one.id, one]));

/** What stood for each other, each in one pair. */
function pairsOf(mapping: FieldMapping, old: BySide<readonly OptionRef[]>, root: string): readonly BySide<Known>[] {
  const all = old.jira.flatMap(known).flatMap((jira) => {
    const named = mapping.values?.find((pair) => sameName(pair.jira, jira.name))?.azure;
    const node = findNode(old.azure, named === undefined ? jira : { name: named }, root);
    return (node ? known(node) : []).map((azure) => ({ jira, azure }));
  });
  return all.filter(({ azure }) => all.filter((other) => other.azure.id === azure.id).length === 1);
}

const sameDates = (a: OptionRef, b: OptionRef): boolean =>
  a.dates?.start === b.dates?.start && a.dates?.end === b.dates?.end;

function datesFor(
  { policies }: ProfileSettings,
  mapping: FieldMapping,
  side: Side,
  before: BySide<OptionRef>,
  now: BySide<OptionRef>,
): Required<OptionDates> | undefined {
  const from = otherSide(side);
  const { start, end } = now[from].dates ?? {};
  // An iteration has both days or none, and a sprint that is planned keeps what it has.
  if (start === undefined || end === undefined) return undefined;
  if (sameDates(before[from], now[from]) || sameDates(now[from], now[side])) return undefined;
  const rule = mapping.conflict ?? policies.conflict;
  const winner = rule === 'jira' || rule === 'azure' ? rule : policies.winner;
  const both = !sameDates(before[side], now[side]);
  return both && winner === side && allowsTo(mapping.direction, from) ? undefined : { start, end };
}

const leafOf = (side: Side, { name }: OptionRef): string =>
  side === 'azure' ? (name.split('\\').at(-1) ?? name) : name;

function nameFor(
  side: Side,
  before: BySide<OptionRef>,
  now: BySide<OptionRef>,
  fields: BySide<FieldSchema>,
  root: string,
): string | undefined {
  const from = otherSide(side);
  const [was, is] = [leafOf(from, before[from]), leafOf(from, now[from])];
  const alike = sameName(was, leafOf(side, before[side])) && leafOf(side, before[side]) === leafOf(side, now[side]);
  if (was === is || !alike) return undefined;
  const valid = newName(fields[side], is, root);
  if (valid === undefined) return undefined;
  const name = leafOf(side, { name: valid });
  const above = relativePath(now[side].name, root).split('\\').slice(0, -1);
  const whole = side === 'azure' ? [...above, name].join('\\') : name;
  const taken = (fields[side].allowed ?? []).some((one) =>
    sameName(side === 'azure' ? relativePath(one.name, root) : one.name, whole),
  );
  return taken ? undefined : name;
}
