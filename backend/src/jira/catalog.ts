// What a Jira project offers: types with their statuses and fields, people, limits, permissions. Read by pages, shown and kept by others.

import { decode } from '../http/decode.ts';
import type { Catalog, ConnectionCheck, FieldInfo, SideCatalog, TypeInfo } from '../reconcile/ports.ts';
import type { LinkTypeSchema } from '../sync/catalog.ts';
import { SyncFailure, syncError } from '../sync/errors.ts';
import type { OptionRef, UserRef } from '../sync/model.ts';
import {
  assignableSchema,
  attachmentMetaSchema,
  createFieldsSchema,
  createTypesSchema,
  linkTypesSchema,
  permissionsSchema,
  projectPageSchema,
  projectSchema,
  projectStatusesSchema,
} from './catalog-schemas.ts';
import { type JiraClient, segment, unexpected } from './client.ts';
import { isEstimate, kindOf, nativeOf } from './field-kinds.ts';
import { loadSprints, withDates } from './planning.ts';
import { userRef } from './schemas.ts';
import { isJiraDate } from './times.ts';

/** What the synchronizer needs in the project, by Jira's own names. */
export const neededPermissions = [
  'BROWSE_PROJECTS',
  'CREATE_ISSUES',
  'EDIT_ISSUES',
  'TRANSITION_ISSUES',
  'ASSIGN_ISSUES',
  'ADD_COMMENTS',
  'EDIT_OWN_COMMENTS',
  'CREATE_ATTACHMENTS',
  'LINK_ISSUES',
  'MODIFY_REPORTER',
] as const;

/** For what people wrote themselves: without them an edit or a deletion of its copy can't come back, and is told as an error. */
const optionalPermissions = ['EDIT_ALL_COMMENTS', 'DELETE_ALL_COMMENTS', 'DELETE_OWN_COMMENTS'] as const;

/** Shown by every issue and never on a screen. */
const readOnlyFields: readonly FieldInfo[] = [
  { id: 'created', name: 'Created', kind: 'dateTime', required: false, readOnly: true },
  { id: 'updated', name: 'Updated', kind: 'dateTime', required: false, readOnly: true },
  { id: 'creator', name: 'Creator', kind: 'user', required: false, readOnly: true },
  { id: 'reporter', name: 'Reporter', kind: 'user', required: false, readOnly: true },
  { id: 'resolution', name: 'Resolution', kind: 'option', required: false, readOnly: true },
  { id: 'timespent', name: 'Time Spent', kind: 'number', required: false, readOnly: true },
  { id: 'resolutiondate', name: 'Resolved', kind: 'dateTime', required: false, readOnly: true },
];

const categories = { new: 'new', undefined: 'new', indeterminate: 'active', done: 'done' } as const;

/** Jira looks through so many users at most: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/ */
const userLimit = 1000;

export function createCatalog(client: JiraClient, projectKey: string): Catalog {
  const get = { method: 'GET', endpoint: 'read' } as const;

  const typeFields = async (
    typeId: string,
    sprints: () => Promise<readonly OptionRef[]>,
  ): Promise<readonly FieldInfo[]> => {
    const fields: FieldInfo[] = [];
    for (let startAt = 0; ; ) {
      const page = await client.get(createFieldsSchema, {
        ...get,
        operation: 'GET issue/createmeta/{key}/issuetypes/{id}',
        path: `issue/createmeta/${segment(projectKey)}/issuetypes/${segment(typeId)}`,
        query: { startAt, maxResults: 100 },
      });
      fields.push(...page.fields.flatMap(fieldInfos));
      startAt += page.fields.length;
      if (page.fields.length === 0 || startAt >= (page.total ?? 0)) break;
    }
    const known = new Set(fields.map(({ id }) => id));
    for (const [index, field] of fields.entries()) {
      if (field.native === 'sprint') fields[index] = { ...field, allowed: await sprints() };
    }
    return [...fields, ...readOnlyFields.filter(({ id }) => !known.has(id))];
  };

  const types = async (): Promise<readonly TypeInfo[]> => {
    const found: { id: string; name: string; subtask?: boolean | undefined }[] = [];
    for (let startAt = 0; ; ) {
      const page = await client.get(createTypesSchema, {
        ...get,
        operation: 'GET issue/createmeta/{key}/issuetypes',
        path: `issue/createmeta/${segment(projectKey)}/issuetypes`,
        query: { startAt, maxResults: 50 },
      });
      found.push(...page.issueTypes);
      startAt += page.issueTypes.length;
      if (page.issueTypes.length === 0 || startAt >= (page.total ?? 0)) break;
    }
    const byType = await client.get(projectStatusesSchema, {
      ...get,
      operation: 'GET project/{key}/statuses',
      path: `project/${segment(projectKey)}/statuses`,
    });
    const infos: TypeInfo[] = [];
    let open: Promise<readonly OptionRef[]> | undefined;
    const sprints = () => {
      open ??= loadSprints(client, projectKey);
      return open;
    };
    for (const type of found) {
      const statuses = byType.find(({ id }) => id === type.id)?.statuses ?? [];
      infos.push({
        id: type.id,
        name: type.name,
        subtask: type.subtask ?? false,
        states: statuses.map((status) => ({
          name: status.name,
          category: categories[status.statusCategory?.key ?? 'new'],
        })),
        fields: await typeFields(type.id, sprints),
      });
    }
    return infos;
  };

  /** None where the site has issue linking turned off: Jira then answers 404. */
  const linkTypes = async (): Promise<readonly LinkTypeSchema[]> => {
    const operation = 'GET issueLinkType';
    const answer = await client.send({ ...get, operation, path: 'issueLinkType' });
    if (answer.status === 404) return [];
    if (answer.status >= 400) throw unexpected({ operation }, answer);
    return decode(linkTypesSchema, answer, 'jira', operation).issueLinkTypes;
  };

  const people = async (): Promise<readonly UserRef[]> => {
    const byId = new Map<string, UserRef>();
    for (const { operation, path, query } of [
      { operation: 'GET user/assignable/search', path: 'user/assignable/search', query: { project: projectKey } },
      // Those who only report or comment; needs "Browse users and groups", so that a refusal is no error.
      { operation: 'GET users/search', path: 'users/search', query: {} },
    ]) {
      // A page may hold fewer than asked for and not be the last: only an empty one is.
      for (let startAt = 0; startAt < userLimit; startAt += 100) {
        try {
          const page = await client.get(assignableSchema, {
            ...get,
            operation,
            path,
            query: { ...query, startAt, maxResults: 100 },
          });
          if (page.length === 0) break;
          for (const user of page) {
            if (user.accountType !== undefined && user.accountType !== 'atlassian') continue;
            // Everyone may be found by the second search; only the first one's may be assigned.
            const assignable = byId.get(user.id)?.assignable ?? operation === 'GET user/assignable/search';
            byId.set(user.id, { ...userRef(user), assignable });
          }
        } catch (error) {
          if (error instanceof SyncFailure && error.error.code === 'forbidden') break;
          throw error;
        }
      }
    }
    return [...byId.values()];
  };

  return {
    async load(): Promise<SideCatalog> {
      const project = await client.get(projectSchema, {
        ...get,
        operation: 'GET project/{key}',
        path: `project/${segment(projectKey)}`,
      });
      const meta = await client.get(attachmentMetaSchema, {
        ...get,
        operation: 'GET attachment/meta',
        path: 'attachment/meta',
      });
      return {
        side: 'jira',
        project: { id: project.id, key: project.key, name: project.name },
        types: await types(),
        people: await people(),
        linkTypes: await linkTypes(),
        maxAttachmentSize: meta.enabled ? (meta.uploadLimit ?? 0) : 0,
      };
    },

    async check(): Promise<ConnectionCheck> {
      try {
        const account = await client.account();
        const answer = await client.send({
          ...get,
          operation: 'GET mypermissions',
          path: 'mypermissions',
          query: { projectKey, permissions: [...neededPermissions, ...optionalPermissions].join(',') },
        });
        if (answer.status >= 400) {
          return {
            reachable: true,
            authenticated: true,
            account: userRef(account),
            permissions: [{ name: 'BROWSE_PROJECTS', granted: false }],
            error: syncError('connection-forbidden', {
              side: 'jira',
              value: 'BROWSE_PROJECTS',
              detail: `The account cannot see the project ${projectKey}.`,
            }),
          };
        }
        const { permissions } = decode(permissionsSchema, answer, 'jira', 'GET mypermissions');
        const check = (name: string) => ({ name, granted: permissions[name]?.havePermission ?? false });
        const needed = neededPermissions.map(check);
        const list = [...needed, ...optionalPermissions.map((name) => ({ ...check(name), optional: true }))];
        const lacking = needed.filter(({ granted }) => !granted).map(({ name }) => name);
        return {
          reachable: true,
          authenticated: true,
          account: userRef(account),
          permissions: list,
          ...(lacking.length === 0
            ? {}
            : { error: syncError('connection-forbidden', { side: 'jira', value: lacking.join(', ') }) }),
        };
      } catch (error) {
        if (!(error instanceof SyncFailure)) throw error;
        const reachable = error.error.code !== 'unavailable';
        return { reachable, authenticated: false, permissions: [], error: error.error };
      }
    },

    async projects() {
      const found: { id: string; key: string; name: string }[] = [];
      for (let startAt = 0; ; ) {
        const page = await client.get(projectPageSchema, {
          ...get,
          operation: 'GET project/search',
          path: 'project/search',
          query: { startAt, maxResults: 50, orderBy: 'key' },
        });
        found.push(...page.values.map(({ id, key, name }) => ({ id, key, name })));
        startAt += page.values.length;
        if (page.values.length === 0 || page.isLast === true || startAt >= (page.total ?? 0)) break;
      }
      return found;
    },
  };
}

type CreateField = (typeof createFieldsSchema)['_output']['fields'][number];

function fieldInfos(field: CreateField): readonly FieldInfo[] {
  // Chosen by the profile and the type mapping, never mapped.
  if (['project', 'issuetype', 'attachment', 'issuelinks', 'comment', 'worklog'].includes(field.fieldId)) return [];
  const readOnly = field.operations !== undefined && field.operations.length === 0;
  if (field.fieldId === 'timetracking') {
    return (['timeoriginalestimate', 'timeestimate'] as const).filter(isEstimate).map((id) => ({
      id,
      name: id === 'timeestimate' ? 'Remaining Estimate' : 'Original Estimate',
      kind: 'number',
      required: false,
      readOnly,
    }));
  }
  const allowed = (field.allowedValues ?? []).flatMap(optionOf);
  const native = nativeOf(field.fieldId, field.schema);
  return [
    {
      id: field.fieldId,
      name: field.name ?? field.fieldId,
      kind: kindOf(field.fieldId, field.schema),
      required: (field.required ?? false) && field.hasDefaultValue !== true,
      readOnly,
      ...(native === undefined ? {} : { native }),
      ...(field.allowedValues === undefined ? {} : { allowed }),
    },
  ];
}

function optionOf(value: unknown): readonly OptionRef[] {
  if (typeof value !== 'object' || value === null) return [];
  const { id, name, value: label } = value as { id?: unknown; name?: unknown; value?: unknown };
  const text = typeof name === 'string' ? name : label;
  if (typeof text !== 'string') return [];
  const { startDate, releaseDate } = value as { startDate?: unknown; releaseDate?: unknown };
  const day = (date: unknown) => (typeof date === 'string' && isJiraDate(date) ? date : undefined);
  return [withDates(typeof id === 'string' ? { id, name: text } : { name: text }, day(startDate), day(releaseDate))];
}
