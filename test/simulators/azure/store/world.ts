// Makes an organization with its process, projects and people, but without work items.
import { ALL_FIELDS } from '../data/fields.ts';
import { AGILE_TYPES } from '../data/types.ts';
import { descriptorOf, guidOf, tokenOf } from './ids.ts';
import type { Pat, Permission, Person, Project, Team, World } from './model.ts';
import { rightsOf } from './people.ts';
import { createNode } from './tree.ts';

export interface PersonInput {
  readonly displayName: string;
  readonly uniqueName: string;
  readonly timeZone: string;
}

export function createWorld(organization: string): World {
  return {
    organization,
    organizationId: guidOf(`organization:${organization}`),
    projects: [],
    people: new Map(),
    rights: new Map(),
    pats: new Map(),
    fields: new Map(ALL_FIELDS.map((field) => [field.referenceName.toLowerCase(), field])),
    types: new Map(AGILE_TYPES.map((type) => [type.name.toLowerCase(), type])),
    rules: [],
    nodes: new Map(),
    items: new Map(),
    attachments: new Map(),
    tags: new Map(),
    commentsById: new Map(),
    revisionFeed: [],
    linkFeed: [],
    discussionFeed: [],
    counters: { item: 0, comment: 0, node: 0, watermark: 0, relation: 0 },
  };
}

export function addPerson(world: World, input: PersonInput): Person {
  const id = guidOf(`person:${input.uniqueName.toLowerCase()}`);
  const person: Person = { ...input, id, descriptor: descriptorOf(id), active: true };
  world.people.set(id, person);
  return person;
}

export interface ProjectInput {
  readonly name: string;
  readonly description: string;
  readonly at: number;
  readonly areas: readonly string[];
  readonly iterations: readonly { readonly name: string; readonly startDate?: string; readonly finishDate?: string }[];
}

export function addProject(world: World, input: ProjectInput): Project {
  const areas = createNode(world, 'area', input.name, undefined);
  const iterations = createNode(world, 'iteration', input.name, undefined);
  for (const name of input.areas) createNode(world, 'area', name, areas);
  for (const { name, ...dates } of input.iterations) createNode(world, 'iteration', name, iterations, dates);
  const team: Team = {
    id: guidOf(`team:${input.name}`),
    name: `${input.name} Team`,
    description: 'The default project team.',
    members: [],
    backlogIteration: iterations,
    iterations: [...iterations.children],
    defaultArea: areas,
    workingDays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
    bugsBehavior: 'asRequirements',
  };
  const project: Project = {
    id: guidOf(`project:${input.name}`),
    name: input.name,
    description: input.description,
    areas,
    iterations,
    teams: [team],
    properties: new Map<string, unknown>([
      ['System.CurrentProcessTemplateId', guidOf('process:Agile')],
      ['System.Process Template', 'Agile'],
      ['System.ProcessTemplateType', 'adcc42ab-9882-485e-a3ed-7678f01f66bc'],
    ]),
    updatedAt: input.at,
  };
  world.projects.push(project);
  return project;
}

const ADMIN: readonly Permission[] = [
  'bypassRules',
  'suppressNotifications',
  'deleteWorkItems',
  'destroyWorkItems',
  'editProcess',
  'editNodes',
  'editSubscriptions',
  'editAnyComment',
];
/** What a Contributor has, and what a synchronizer's account is given beside. */
const CONTRIBUTOR: readonly Permission[] = ['deleteWorkItems'];
const SYNCHRONIZER: readonly Permission[] = [
  ...CONTRIBUTOR,
  'bypassRules',
  'suppressNotifications',
  'editSubscriptions',
  'editNodes',
];

const ROLES = { admin: ADMIN, synchronizer: SYNCHRONIZER, ordinary: CONTRIBUTOR } as const;
export type Role = keyof typeof ROLES;

export function grant(world: World, person: Person, role: Role): void {
  const { permissions } = rightsOf(world, person.id);
  for (const permission of ROLES[role]) permissions.add(permission);
}

/** Scopes as https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/oauth names them. */
export function mintPat(
  world: World,
  person: Person,
  options: { readonly name: string; readonly scopes: readonly string[]; readonly expiresAt: number },
): Pat {
  const pat: Pat = {
    token: tokenOf(`${person.uniqueName}:${options.name}:${world.pats.size}`),
    personId: person.id,
    scopes: options.scopes,
    expiresAt: options.expiresAt,
  };
  world.pats.set(pat.token, pat);
  return pat;
}
