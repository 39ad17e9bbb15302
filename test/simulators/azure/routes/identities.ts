// People: identities by search, and users of the graph. The real service has them on a host of its own (vssps); here the
// organization's address answers both.
import { z } from 'zod';
import { invalidArgument, notFound } from '../errors.ts';
import type { Json } from '../render.ts';
import { type Call, json, list, type Route } from '../router.ts';
import { viewOf } from '../simulator.ts';
import type { Person } from '../store/model.ts';
import { body, splitList } from './read.ts';

const TENANT = 'b2c5ab1b-9a3f-4c5d-8f0e-6c7d8e9f0a1b';

const everyone = (call: Call): Person[] => [...call.simulator.world.people.values()];

function identityJson(person: Person): Json {
  const text = (value: string): Json => ({ $type: 'System.String', $value: value });
  return {
    id: person.id,
    descriptor: `Microsoft.IdentityModel.Claims.ClaimsIdentity;${TENANT}\\${person.uniqueName}`,
    subjectDescriptor: person.descriptor,
    providerDisplayName: person.displayName,
    isActive: person.active,
    members: [],
    memberOf: [],
    memberIds: [],
    resourceVersion: 2,
    metaTypeId: 0,
    properties: {
      SchemaClassName: text('User'),
      Domain: text(TENANT),
      Account: text(person.uniqueName),
      Mail: text(person.uniqueName),
      'Microsoft.TeamFoundation.Identity.Image.Id': text(''),
    },
  };
}

const SEARCHES = ['general', 'accountname', 'mailaddress', 'displayname', 'directoryalias'];

/** By search (`General` looks in names and addresses), by descriptors or by ids; unknown ones are left out. */
function identities(call: Call): Response {
  const filter = call.query.get('searchfilter')?.toLowerCase();
  if (filter !== undefined) {
    const wanted = (call.query.get('filtervalue') ?? '').trim().toLowerCase();
    if (!SEARCHES.includes(filter)) throw invalidArgument(`The searchFilter '${filter}' is not supported.`);
    if (wanted === '') throw invalidArgument('The filterValue must be given with a searchFilter.');
    return list(
      everyone(call)
        .filter((person) => matches(person, filter, wanted))
        .map(identityJson),
    );
  }
  const by = (ids: readonly string[], key: (person: Person) => string) =>
    ids.flatMap((id) => {
      const person = everyone(call).find((one) => key(one).toLowerCase() === id.toLowerCase());
      return person === undefined ? [] : [identityJson(person)];
    });
  const identityIds = splitList(call.query.get('identityids'));
  if (identityIds.length > 0) return list(by(identityIds, (person) => person.id));
  const subjects = splitList(call.query.get('subjectdescriptors'));
  if (subjects.length > 0) return list(by(subjects, (person) => person.descriptor));
  const descriptors = splitList(call.query.get('descriptors'));
  if (descriptors.length > 0) return list(by(descriptors, (person) => String(identityJson(person).descriptor)));
  throw invalidArgument('One of searchFilter, descriptors, subjectDescriptors or identityIds must be given.');
}

function matches(person: Person, filter: string, wanted: string): boolean {
  const name = person.displayName.toLowerCase();
  const mail = person.uniqueName.toLowerCase();
  switch (filter) {
    case 'general':
      return name === wanted || mail === wanted || name.startsWith(wanted) || mail.startsWith(wanted);
    case 'displayname':
      return name === wanted;
    case 'directoryalias':
      return mail.split('@')[0] === wanted;
    default:
      return mail === wanted;
  }
}

function userJson(call: Call, person: Person): Json {
  const { base } = viewOf(call.simulator);
  const url = `${base}/_apis/Graph/Users/${person.descriptor}`;
  return {
    subjectKind: 'user',
    metaType: 'member',
    directoryAlias: person.uniqueName.split('@')[0],
    domain: TENANT,
    principalName: person.uniqueName,
    mailAddress: person.uniqueName,
    origin: 'aad',
    originId: person.id,
    displayName: person.displayName,
    descriptor: person.descriptor,
    _links: {
      self: { href: url },
      memberships: { href: `${base}/_apis/Graph/Memberships/${person.descriptor}` },
      storageKey: { href: `${base}/_apis/Graph/StorageKeys/${person.descriptor}` },
      avatar: { href: `${base}/_apis/GraphProfile/MemberAvatars/${person.descriptor}` },
    },
    url,
  };
}

const USER_PAGE = 500;

/** The token of the next page comes in a header: https://learn.microsoft.com/rest/api/azure/devops/graph/users/list */
function users(call: Call): Response {
  const from = Number(call.query.get('continuationtoken') ?? 0);
  if (!Number.isInteger(from) || from < 0) throw invalidArgument('The continuation token is not valid.');
  const active = everyone(call).filter((person) => person.active);
  const page = active.slice(from, from + USER_PAGE);
  const more = from + USER_PAGE < active.length;
  return list(
    page.map((person) => userJson(call, person)),
    more ? { 'x-ms-continuationtoken': String(from + USER_PAGE) } : {},
  );
}

function byDescriptor(call: Call): Person {
  const wanted = (call.params.descriptor ?? '').toLowerCase();
  const person = everyone(call).find((one) => one.descriptor.toLowerCase() === wanted);
  if (person !== undefined) return person;
  throw notFound(
    `VS860016: Could not find subject descriptor ${call.params.descriptor ?? ''}.`,
    'GraphSubjectNotFoundException',
  );
}

const subjectSchema = z.object({
  query: z.string().min(1),
  subjectKind: z.array(z.string()).nullish(),
  scopeDescriptor: z.string().nullish(),
});

async function subjectQuery(call: Call): Promise<Response> {
  const { query, subjectKind } = await body(call, subjectSchema);
  const kinds = subjectKind ?? ['User'];
  const wanted = query.trim().toLowerCase();
  const found = kinds.some((kind) => kind.toLowerCase() === 'user')
    ? everyone(call).filter((person) => person.active && matches(person, 'general', wanted))
    : [];
  return list(found.map((person) => userJson(call, person)));
}

function storageKey(call: Call): Response {
  const person = byDescriptor(call);
  const url = `${viewOf(call.simulator).base}/_apis/Graph/StorageKeys/${person.descriptor}`;
  return json({ value: person.id, _links: { self: { href: url } } });
}

function descriptor(call: Call): Response {
  const id = (call.params.key ?? '').toLowerCase();
  const person = call.simulator.world.people.get(id);
  if (person === undefined)
    throw notFound(`VS860018: Could not find storage key ${id}.`, 'GraphSubjectNotFoundException');
  const url = `${viewOf(call.simulator).base}/_apis/Graph/Descriptors/${id}`;
  return json({ value: person.descriptor, _links: { self: { href: url } } });
}

export const IDENTITY_ROUTES: readonly Route[] = [
  { method: 'GET', pattern: 'identities', scope: 'vso.identity', handler: identities },
  { method: 'GET', pattern: 'graph/users', scope: 'vso.graph', handler: users, preview: true },
  {
    method: 'GET',
    pattern: 'graph/users/:descriptor',
    scope: 'vso.graph',
    handler: (call) => json(userJson(call, byDescriptor(call))),
    preview: true,
  },
  { method: 'POST', pattern: 'graph/subjectquery', scope: 'vso.graph', handler: subjectQuery, preview: true },
  { method: 'GET', pattern: 'graph/storagekeys/:descriptor', scope: 'vso.graph', handler: storageKey },
  { method: 'GET', pattern: 'graph/descriptors/:key', scope: 'vso.graph', handler: descriptor },
];
