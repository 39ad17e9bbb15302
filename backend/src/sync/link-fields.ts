// By which values an initial sync takes two items for one: a field of each side, or the item's own name on one of them.
//
// | Jira field          | Azure field      | an issue and a work item are one when                              |
// | ------------------- | ---------------- | ------------------------------------------------------------------ |
// | customfield_10050   | Custom.LegacyId  | both fields hold the same text or number                           |
// | issuekey            | Custom.JiraKey   | the work item's field holds the key, or its page's address |
// | customfield_10050   | System.Id        | the field holds the work item's id, or its page's address  |
//
// Values are compared letter by letter, without surrounding space; keys without case. An empty value is none.

import { type FieldSchema, typeSchema } from './catalog.ts';
import { normalText } from './fingerprint.ts';
import { type BySide, type FieldKind, type ItemSnapshot, otherSide, type Side, sides } from './model.ts';
import type { ProfileSettings } from './profile.ts';
import { error, type ProfileProblem, type Schemas, sideNames, unknownRemedy } from './profile-problems.ts';

/** Native field ids, or the item's own name. */
export type LinkFields = BySide<string>;

/** What each side calls the name of an item itself. */
export const ownName: BySide<string> = { jira: 'issuekey', azure: 'System.Id' };

/** Fields that only one value of, as text, can be read from. */
const comparable: ReadonlySet<FieldKind | 'unsupported'> = new Set(['text', 'number', 'url']);

/** What can't be linked by: a field that no mapped type has, or one that holds no single text or number. */
export function linkFieldProblems(
  fields: LinkFields,
  settings: Pick<ProfileSettings, 'types'>,
  catalogs: Schemas,
): readonly ProfileProblem[] {
  if (sides.every((side) => fields[side] === ownName[side])) {
    const what = 'No item of the one side has the name of an item of the other.';
    return [error('azure', what, 'On one side, choose the field that holds the name of the counterpart.')];
  }
  return sides.flatMap((side) => {
    const id = fields[side];
    if (id === ownName[side]) return [];
    const all = mappedFields(side, settings, catalogs);
    const field = all.find((one) => one.id === id);
    if (field === undefined) {
      const what = `${sideNames[side]} has no field "${id}" for the types that the profile maps.`;
      return [error(side, what, unknownRemedy(id, all))];
    }
    if (comparable.has(field.kind)) return [];
    const what = `"${field.name}" (${id}) in ${sideNames[side]} holds no single text or number.`;
    return [error(side, what, 'Choose a field for one line of text, a number or an address.')];
  });
}

const mappedFields = (
  side: Side,
  { types }: Pick<ProfileSettings, 'types'>,
  catalogs: Schemas,
): readonly FieldSchema[] => types.flatMap((type) => typeSchema(catalogs[side], type[side])?.fields ?? []);

/** Fields that are to be read beside those that an item comes with anyway. */
export const fieldsToRead = (fields: LinkFields | null, side: Side): readonly string[] =>
  fields === null || fields[side] === ownName[side] ? [] : [fields[side]];

type Linkable = Pick<ItemSnapshot, 'side' | 'id' | 'key' | 'fields'>;

/** The value that the item is linked by; null when it has none. `sites`: what the pages of each side's items lie beneath. */
export function linkValue(item: Linkable, fields: LinkFields, sites: BySide<string>): string | null {
  const { side } = item;
  if (fields[side] === ownName[side]) return side === 'jira' ? item.key.toUpperCase() : item.id;
  const text = textOf(item, fields[side]);
  if (text === '') return null;
  const other = otherSide(side);
  if (fields[other] !== ownName[other]) return text;
  return other === 'jira' ? keyIn(text, sites.jira) : idIn(text, sites.azure);
}

function textOf({ fields }: Linkable, field: string): string {
  const value = fields[field];
  if (value?.kind === 'text') return normalText(value.text);
  if (value?.kind === 'url') return normalText(value.url);
  return value?.kind === 'number' ? String(value.number) : '';
}

/**
 * `TAN-12`, in any case, or the address of its page on this site. Form of a key:
 * https://support.atlassian.com/jira-software-cloud/docs/what-is-an-issue/
 */
function keyIn(text: string, site: string): string | null {
  const path = pathBeneath(text, site);
  const name = path === null ? text : /^browse\/([^/?#]+)/i.exec(path)?.[1];
  return name !== undefined && /^[a-z][a-z0-9_]+-\d+$/i.test(name) ? name.toUpperCase() : null;
}

/**
 * `12`, `#12`, `AB#12` as commits name work items, or the address of its page in this organization.
 * https://learn.microsoft.com/azure/devops/boards/github/link-to-from-github
 */
function idIn(text: string, organization: string): string | null {
  const path = pathBeneath(text, organization);
  const name = path === null ? text.replace(/^(?:AB)?#/i, '') : /\/_workitems\/edit\/(\d+)/i.exec(`/${path}`)?.[1];
  return name !== undefined && /^\d{1,15}$/.test(name) ? String(Number(name)) : null;
}

function pathBeneath(text: string, site: string): string | null {
  const start = `${site.replace(/\/+$/, '')}/`;
  return text.toLowerCase().startsWith(start.toLowerCase()) ? text.slice(start.length) : null;
}
