// The fields that JQL knows here: what an issue holds for each in comparable form, how a written value is understood, which operators fit.
import { plainText } from '../adf.ts';
import type { Caller } from '../caller.ts';
import type { FieldDef } from '../fields/definitions.ts';
import type { TimeTracking } from '../fields/input.ts';
import type { AdfNode } from '../model.ts';
import { canSeeIssue } from '../permissions.ts';
import { visibleProjects } from '../projects.ts';
import type { Indexed } from '../search-index.ts';
import {
  ISSUE_TYPES,
  PRIORITIES,
  RESOLUTIONS,
  SECURITY_LEVELS,
  STATUS_CATEGORIES,
  STATUSES,
  statuses,
} from '../site.ts';
import { dateIn, parseDuration } from '../time.ts';
import type { World } from '../world.ts';
import { readJqlDate } from './dates.ts';

export type Comparable = string | number;

export type Operator = '=' | '!=' | 'in' | 'not in' | 'is' | 'is not' | '<' | '<=' | '>' | '>=' | '~' | '!~';

const EQUALITY: readonly Operator[] = ['=', '!=', 'in', 'not in'];
const EMPTINESS: readonly Operator[] = ['is', 'is not'];
const ORDER: readonly Operator[] = ['<', '<=', '>', '>='];
const TEXT: readonly Operator[] = ['~', '!~'];

export interface JqlField {
  readonly operators: readonly Operator[];
  /** What the issue holds; empty when nothing. For text fields, the text. */
  values(indexed: Indexed): readonly Comparable[];
  /** The comparable that a written value names, or the error in Jira's words. */
  resolve(text: string): Comparable | { readonly error: string };
  /** A written value that means EMPTY, such as `Unresolved`. */
  readonly emptyWord?: string;
  readonly kind: 'value' | 'instant' | 'date' | 'text' | 'user';
  readonly sortable: boolean;
  /** Where the order is not that of the values: the site's own order of statuses, types… */
  rank?(value: Comparable): number;
}

export interface JqlContext {
  readonly world: World;
  readonly caller: Caller;
  readonly now: number;
}

type Named = { readonly id: string; readonly name: string };

/** The field of that name in a query, in any case; undefined when there is none or it needs something else. */
export function jqlField(context: JqlContext, name: string): JqlField | undefined {
  const lower = name.toLowerCase();
  const special = SPECIAL[lower];
  if (special !== undefined) return special(context, name);
  const custom = /^cf\[(\d+)\]$/.exec(lower);
  // Names of fields may carry their type, as the editor writes them: "Story Points[Number]".
  const typed = /^(.+)\[[^\]]+\]$/.exec(name)?.[1]?.trim();
  if (custom === null && typed !== undefined) return jqlField(context, typed);
  for (const field of context.world.store.fields.values()) {
    if (custom !== null && field.id === `customfield_${custom[1]}`) return fieldOf(context, field, name);
    if (field.id.toLowerCase() === lower || field.clauseNames.some((clause) => clause.toLowerCase() === lower)) {
      return fieldOf(context, field, name);
    }
  }
  return undefined;
}

function named(list: readonly Named[], name: string, values: (indexed: Indexed) => readonly Comparable[]): JqlField {
  return {
    kind: 'value',
    sortable: true,
    operators: [...EQUALITY, ...EMPTINESS],
    values,
    rank: (value) => list.findIndex(({ id }) => id === value),
    resolve(text) {
      const found = list.find((entry) => entry.id === text || entry.name.toLowerCase() === text.toLowerCase());
      return found?.id ?? { error: `The value '${text}' does not exist for the field '${name}'.` };
    },
  };
}

const one = (value: unknown): readonly Comparable[] =>
  typeof value === 'string' || typeof value === 'number' ? [value] : [];
const many = (value: unknown): readonly Comparable[] =>
  Array.isArray(value)
    ? value.filter((entry): entry is Comparable => typeof entry === 'string' || typeof entry === 'number')
    : one(value);

const instant = (context: JqlContext, name: string, values: (indexed: Indexed) => readonly Comparable[]): JqlField => ({
  kind: 'instant',
  sortable: true,
  operators: [...EQUALITY, ...EMPTINESS, ...ORDER],
  values,
  resolve: (text) =>
    readJqlDate(text, { now: context.now, zone: context.caller.zone }) ?? { error: badDate(text, name) },
});

const badDate = (text: string, name: string): string =>
  `Date value '${text}' for field '${name}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.`;

const text = (values: (indexed: Indexed) => readonly Comparable[]): JqlField => ({
  kind: 'text',
  sortable: true,
  operators: [...TEXT, ...EMPTINESS],
  values,
  resolve: (written) => written,
});

const adfText = (value: unknown): readonly Comparable[] => (value === undefined ? [] : [plainText(value as AdfNode)]);

const SPECIAL: Readonly<Record<string, (context: JqlContext, name: string) => JqlField>> = {
  project: ({ world, caller }, name) => ({
    kind: 'value',
    sortable: true,
    operators: [...EQUALITY, ...EMPTINESS],
    values: ({ record }) => [record.projectId],
    resolve(written) {
      const lower = written.toLowerCase();
      for (const project of visibleProjects(world, caller)) {
        if (
          String(project.id) === written ||
          project.key.toLowerCase() === lower ||
          project.name.toLowerCase() === lower
        )
          return project.id;
      }
      return { error: `The value '${written}' does not exist for the field '${name}'.` };
    },
  }),
  key: issueField,
  issuekey: issueField,
  issue: issueField,
  id: issueField,
  parent: (context, name) => ({
    ...issueField(context, name),
    operators: [...EQUALITY, ...EMPTINESS],
    values: ({ record }) => one(record.values.parent),
  }),
  issuetype: (_, name) => named(ISSUE_TYPES, name, ({ record }) => [record.typeId]),
  type: (_, name) => named(ISSUE_TYPES, name, ({ record }) => [record.typeId]),
  status: (_, name) => named(STATUSES, name, ({ record }) => [record.statusId]),
  statuscategory: (_, name) => {
    const list = Object.values(STATUS_CATEGORIES).flatMap(({ id, name: label, key }) => [
      { id: String(id), name: label },
      { id: String(id), name: key },
    ]);
    return named(list, name, ({ record }) => {
      const category = statuses.get(record.statusId)?.category;
      return category === undefined ? [] : [String(STATUS_CATEGORIES[category].id)];
    });
  },
  created: (context, name) => instant(context, name, ({ record }) => [record.created]),
  createddate: (context, name) => instant(context, name, ({ record }) => [record.created]),
  updated: (context, name) => instant(context, name, ({ record }) => [record.updated]),
  updateddate: (context, name) => instant(context, name, ({ record }) => [record.updated]),
  resolved: (context, name) => instant(context, name, ({ record }) => one(record.values.resolutiondate)),
  resolutiondate: (context, name) => instant(context, name, ({ record }) => one(record.values.resolutiondate)),
  statuscategorychangeddate: (context, name) => instant(context, name, ({ record }) => [record.statusChanged]),
  creator: (context, name) => userField(context, name, ({ record }) => [record.creator]),
  priority: (_, name) => {
    // Higher priorities compare as greater.
    const rank = (id: unknown): number => PRIORITIES.length - PRIORITIES.findIndex((entry) => entry.id === id);
    const base = named(PRIORITIES, name, ({ record }) =>
      record.values.priority === undefined ? [] : [rank(record.values.priority)],
    );
    return {
      ...base,
      rank: Number,
      operators: [...base.operators, ...ORDER],
      resolve(written) {
        const id = base.resolve(written);
        return typeof id === 'object' ? id : rank(id);
      },
    };
  },
  resolution: (_, name) => ({
    ...named(RESOLUTIONS, name, ({ record }) => one(record.values.resolution)),
    emptyWord: 'unresolved',
  }),
  level: (_, name) => named(SECURITY_LEVELS, name, ({ record }) => one(record.values.security)),
  text: () => ({
    ...text(({ record }) => [
      [record.values.summary, ...adfText(record.values.description), ...adfText(record.values.environment)].join('\n'),
    ]),
    sortable: false,
  }),
  comment: ({ world }) => ({
    ...text(({ record }) => world.store.commentsOf(record.id).map(({ body }) => plainText(body))),
    sortable: false,
  }),
  // Only whether there are any can be asked.
  attachments: ({ world }) => ({
    kind: 'value',
    sortable: false,
    operators: EMPTINESS,
    values: ({ record }) => world.store.attachmentsOf(record.id).map(({ id }) => id),
    resolve: (written) => ({ error: `The value '${written}' does not exist for the field 'attachments'.` }),
  }),
  // Boards' own order; nobody has moved anything here, so it is the order of making. It only sorts.
  rank: () => ({
    kind: 'value',
    sortable: true,
    operators: [],
    values: ({ record }) => [record.id],
    resolve: (written) => ({ error: `The value '${written}' does not exist for the field 'rank'.` }),
  }),
  watcher: (context, name) =>
    userField(context, name, ({ record }) => context.world.store.watchers.get(record.id) ?? []),
};

function issueField({ world, caller }: JqlContext, name: string): JqlField {
  return {
    kind: 'value',
    sortable: true,
    operators: [...EQUALITY, ...EMPTINESS, ...ORDER],
    values: ({ record }) => [record.id],
    resolve(written) {
      const issue = world.store.findIssue(written);
      if (issue !== undefined && canSeeIssue(world, caller, issue)) return issue.id;
      return {
        error: /^\d+$/.test(written)
          ? `A value with ID '${written}' does not exist for the field '${name}'.`
          : `An issue with key '${written}' does not exist for field '${name}'.`,
      };
    },
  };
}

function userField({ world }: JqlContext, name: string, values: (indexed: Indexed) => readonly Comparable[]): JqlField {
  return {
    kind: 'user',
    sortable: true,
    operators: [...EQUALITY, ...EMPTINESS],
    values,
    resolve(written) {
      const byId = world.store.people.get(written);
      if (byId !== undefined) return byId.accountId;
      const lower = written.toLowerCase();
      const found = [...world.store.people.values()].find(
        (person) =>
          person.displayName.toLowerCase() === lower || (!person.emailHidden && person.email.toLowerCase() === lower),
      );
      return found?.accountId ?? { error: `The value '${written}' does not exist for the field '${name}'.` };
    },
  };
}

function fieldOf(context: JqlContext, field: FieldDef, name: string): JqlField | undefined {
  const of = ({ record }: Indexed): unknown => record.values[field.id];
  const { store } = context.world;
  switch (field.kind) {
    case 'summary':
    case 'text':
      return text((indexed) => one(of(indexed)));
    case 'adf':
      return text((indexed) => adfText(of(indexed)));
    case 'number':
      return {
        kind: 'value',
        sortable: true,
        operators: [...EQUALITY, ...EMPTINESS, ...ORDER],
        values: (indexed) => one(of(indexed)),
        resolve: (written) =>
          Number.isFinite(Number(written)) && written !== ''
            ? Number(written)
            : { error: `The value '${written}' is not a number for the field '${name}'.` },
      };
    case 'date':
      return {
        kind: 'date',
        sortable: true,
        operators: [...EQUALITY, ...EMPTINESS, ...ORDER],
        values: (indexed) => one(of(indexed)),
        resolve(written) {
          const { zone } = context.caller;
          const at = readJqlDate(written, { now: context.now, zone });
          return at === undefined ? { error: badDate(written, name) } : dateIn(at, zone);
        },
      };
    case 'datetime':
      return instant(context, name, (indexed) => one(of(indexed)));
    case 'select':
    case 'multiselect':
      return named(
        (field.options ?? []).map(({ id, value }) => ({ id, name: value })),
        name,
        (indexed) => many(of(indexed)),
      );
    case 'user':
      return userField(context, name, (indexed) => one(of(indexed)));
    case 'labels':
      return {
        kind: 'value',
        sortable: false,
        operators: [...EQUALITY, ...EMPTINESS],
        values: (indexed) => many(of(indexed)),
        resolve: (written) => written,
      };
    case 'url':
      return {
        kind: 'value',
        sortable: true,
        operators: [...EQUALITY, ...EMPTINESS],
        values: (indexed) => one(of(indexed)),
        resolve: (written) => written,
      };
    case 'sprint': {
      const sprints = [...store.sprints.values()].map((sprint) => ({ id: String(sprint.id), name: sprint.name }));
      const ids = (indexed: Indexed) => many(of(indexed)).map(String);
      return { ...named(sprints, name, ids), sortable: false };
    }
    case 'versions':
      return { ...named([...store.versions.values()], name, (indexed) => many(of(indexed))), sortable: false };
    case 'components':
      return { ...named([...store.components.values()], name, (indexed) => many(of(indexed))), sortable: false };
    default:
      return durations(field, name);
  }
}

function durations(field: FieldDef, name: string): JqlField | undefined {
  const part = field.id === 'timeoriginalestimate' ? 'original' : field.id === 'timeestimate' ? 'remaining' : undefined;
  if (part === undefined) return undefined;
  return {
    kind: 'value',
    sortable: true,
    operators: [...EQUALITY, ...EMPTINESS, ...ORDER],
    values: ({ record }) => one((record.values.timetracking as TimeTracking | undefined)?.[part]),
    resolve: (written) =>
      parseDuration(written) ?? { error: `The value '${written}' is not a duration for the field '${name}'.` },
  };
}
