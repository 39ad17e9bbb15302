// Puts the seed's team and backlog into an organization, as if it had been worked on: revisions in the order of time,
// states reached through the workflow, comments, files and links when they were made.

import { SYNCHRONIZER } from '../credentials.ts';
import { bytesContent } from '../kernel/content.ts';
import { attachmentBytes } from '../seed/attachment-bytes.ts';
import { withIdentityIds } from '../seed/mentions.ts';
import type { AzureSeedItem, AzureSeedLink, PersonKey, SeedAttachment, TeamSeed } from '../seed/team.ts';
import { AGILE_TYPES } from './data/types.ts';
import { guidOf } from './store/ids.ts';
import { LINK_LIMITS } from './store/links.ts';
import { typeOf } from './store/lookups.ts';
import type { Person, Project, Team, TreeNode, World } from './store/model.ts';
import type { PatchOp } from './store/patch.ts';
import { type SaveTarget, saveWorkItem } from './store/save.ts';
import { childNamed, createNode } from './store/tree.ts';
import { TEXT_LIMITS } from './store/values.ts';
import { addPerson, addProject, createWorld, grant } from './store/world.ts';

const DAY_MS = 86_400_000;

export interface SeededWorld {
  readonly world: World;
  readonly people: ReadonlyMap<PersonKey, Person>;
  readonly synchronizer: Person;
}

export function seedWorld(team: TeamSeed, now: number): SeededWorld {
  const world = createWorld(team.azure.organization);
  const people = new Map<PersonKey, Person>();
  for (const person of team.people) {
    if (!person.sides.includes('azure')) continue;
    const { displayName, email, timeZone } = person;
    const added = addPerson(world, { displayName, uniqueName: email, timeZone });
    grant(world, added, 'ordinary');
    people.set(person.key, added);
  }
  const synchronizer = addPerson(world, {
    displayName: SYNCHRONIZER.displayName,
    uniqueName: SYNCHRONIZER.email,
    timeZone: SYNCHRONIZER.timeZone,
  });
  grant(world, synchronizer, 'synchronizer');
  const project = seedProject(world, team, people, now);
  addProject(world, {
    name: 'Archive',
    description: 'Where finished work goes.',
    at: now - 400 * DAY_MS,
    areas: [],
    iterations: [],
  });
  new Backlog(world, project, people, now).add(team.azure.items);
  for (const person of team.people) {
    const added = people.get(person.key);
    if (added !== undefined && !person.active) world.people.set(added.id, { ...added, active: false });
  }
  return { world, people, synchronizer };
}

const dayText = (ms: number): string => new Date(ms).toISOString().replace(/T.*/, 'T00:00:00Z');

function seedProject(world: World, team: TeamSeed, people: ReadonlyMap<PersonKey, Person>, now: number): Project {
  const { azure } = team;
  const project = addProject(world, {
    name: azure.project,
    description: azure.description,
    at: now - 400 * DAY_MS,
    areas: [],
    iterations: [],
  });
  for (const path of azure.areas) ensurePath(world, project.areas, path);
  for (const { path, startInDays, endInDays } of azure.iterations) {
    const node = ensurePath(world, project.iterations, path);
    node.startDate = dayText(now + startInDays * DAY_MS);
    node.finishDate = dayText(now + endInDays * DAY_MS);
  }
  const dated = [...world.nodes.values()].filter((node) => node.kind === 'iteration' && node.startDate !== undefined);
  const [defaultTeam] = project.teams;
  defaultTeam?.iterations.push(...dated);
  defaultTeam?.members.push(
    ...[...people.values()].map((person, index) => ({ personId: person.id, isAdmin: index === 0 })),
  );
  for (const one of azure.teams) {
    const seeded: Team = {
      id: guidOf(`team:${azure.project}:${one.name}`),
      name: one.name,
      description: '',
      members: one.members.flatMap((key, index) => {
        const person = people.get(key);
        return person === undefined ? [] : [{ personId: person.id, isAdmin: index === 0 }];
      }),
      backlogIteration: project.iterations,
      iterations: [...dated],
      defaultArea: ensurePath(world, project.areas, one.area),
      workingDays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
      bugsBehavior: 'asRequirements',
    };
    project.teams.push(seeded);
  }
  return project;
}

function ensurePath(world: World, root: TreeNode, path: string): TreeNode {
  let node = root;
  for (const name of path.split('\\').filter((part) => part !== '')) {
    node = childNamed(node, name) ?? createNode(world, node.kind, name, node);
  }
  return node;
}

/** States from the first to `wanted`, without the first. */
function pathTo(typeName: string, wanted: string): string[] {
  const transitions = AGILE_TYPES.find((type) => type.name === typeName)?.transitions ?? {};
  const [initial = ''] = Object.keys(transitions[''] ?? {});
  const open: string[][] = [[initial]];
  const seen = new Set([initial]);
  for (let path = open.shift(); path !== undefined; path = open.shift()) {
    const at = path.at(-1) ?? '';
    if (at === wanted) return path.slice(1);
    for (const next of Object.keys(transitions[at] ?? {})) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push([...path, next]);
    }
  }
  throw new Error(`a ${typeName} is never ${wanted}`);
}

const REL: Readonly<Record<Exclude<AzureSeedLink['rel'], 'hyperlink'>, string>> = {
  related: 'System.LinkTypes.Related',
  successor: 'System.LinkTypes.Dependency-Forward',
  duplicate: 'System.LinkTypes.Duplicate-Forward',
};

const put = (path: string, value: unknown): PatchOp => ({ op: 'add', path: `/fields/${path}`, value });

class Backlog {
  private readonly world: World;
  private readonly project: Project;
  private readonly people: ReadonlyMap<PersonKey, Person>;
  private readonly now: number;
  private readonly ids = new Map<string, number>();
  private readonly steps: { readonly at: number; readonly run: (at: number) => void }[] = [];

  constructor(world: World, project: Project, people: ReadonlyMap<PersonKey, Person>, now: number) {
    this.world = world;
    this.project = project;
    this.people = people;
    this.now = now;
  }

  add(items: readonly AzureSeedItem[]): void {
    const createdAt = new Map(items.map((item) => [item.ref, this.now - item.createdDaysAgo * DAY_MS]));
    for (const item of items) this.plan(item, createdAt);
    this.steps.sort((a, b) => a.at - b.at);
    for (const { at, run } of this.steps) run(at);
  }

  private plan(item: AzureSeedItem, createdAt: ReadonlyMap<string, number>): void {
    const created = createdAt.get(item.ref) ?? this.now;
    const age = this.now - created;
    const step = (at: number, run: (at: number) => void): void => {
      this.steps.push({ at: Math.floor(Math.max(at, created + 1000)), run });
    };
    this.steps.push({ at: Math.floor(created), run: (at) => this.create(item, at) });
    const path = pathTo(item.type, item.state);
    path.forEach((state, index) => {
      const at = created + age * (0.15 + (0.7 * (index + 1)) / (path.length + 1));
      step(at, (when) => this.update(item, item.assignedTo ?? item.createdBy, when, [put('System.State', state)]));
    });
    for (const comment of item.comments ?? []) {
      const ops = [put('System.History', this.text(comment.body))];
      step(this.now - comment.daysAgo * DAY_MS, (when) => this.update(item, comment.author, when, ops));
    }
    for (const file of item.attachments ?? []) {
      step(this.now - file.daysAgo * DAY_MS, (when) => this.attach(item, file, when));
    }
    const after = (ref: string): number => Math.max(created, createdAt.get(ref) ?? created) + 60_000;
    const { parent } = item;
    if (parent !== undefined) {
      step(after(parent), (when) => this.link(item, 'System.LinkTypes.Hierarchy-Reverse', parent, undefined, when));
    }
    for (const link of item.links ?? []) {
      if (link.rel === 'hyperlink') step(created + 90_000, (when) => this.hyperlink(item, link, when));
      else step(after(link.to) + 30_000, (when) => this.link(item, REL[link.rel], link.to, link.comment, when));
    }
  }

  private text(html: string): string {
    return withIdentityIds(html, (key) => this.person(key).id);
  }

  private person(key: PersonKey): Person {
    const person = this.people.get(key);
    if (person === undefined) throw new Error(`the seed names ${key}, who is not on the Azure side`);
    return person;
  }

  private create(item: AzureSeedItem, at: number): void {
    const fields: readonly (readonly [string, unknown])[] = [
      ['System.Title', item.title],
      [item.type === 'Bug' ? 'Microsoft.VSTS.TCM.ReproSteps' : 'System.Description', this.html(item.description)],
      ['Microsoft.VSTS.Common.AcceptanceCriteria', this.html(item.acceptanceCriteria)],
      ['Microsoft.VSTS.TCM.SystemInfo', this.html(item.systemInfo)],
      ['Microsoft.VSTS.Common.Priority', item.priority],
      ['Microsoft.VSTS.Common.Severity', item.severity],
      ['System.Tags', item.tags?.join('; ')],
      ['System.AssignedTo', item.assignedTo === undefined ? undefined : this.person(item.assignedTo).uniqueName],
      ['Microsoft.VSTS.Scheduling.StoryPoints', item.storyPoints],
      ['Microsoft.VSTS.Scheduling.OriginalEstimate', item.originalEstimate],
      ['Microsoft.VSTS.Scheduling.RemainingWork', item.state === 'Closed' ? undefined : item.remainingWork],
      ['Microsoft.VSTS.Scheduling.CompletedWork', item.completedWork],
      [
        'Microsoft.VSTS.Scheduling.DueDate',
        item.dueInDays === undefined ? undefined : dayText(this.now + item.dueInDays * DAY_MS),
      ],
      ['System.AreaPath', this.below(item.area)],
      ['System.IterationPath', this.below(item.iteration)],
    ];
    const type = typeOf(this.world, item.type, this.project.name);
    const has = new Set(type.fields.map((field) => field.referenceName));
    const ops = fields.flatMap(([name, value]) => (value === undefined || !has.has(name) ? [] : [put(name, value)]));
    const made = this.save(item.createdBy, at, { kind: 'create', project: this.project, type }, ops);
    this.ids.set(item.ref, made);
  }

  private html(text: string | undefined): string | undefined {
    return text === undefined ? undefined : this.text(text);
  }

  private below(path: string | undefined): string {
    return path === undefined ? this.project.name : `${this.project.name}\\${path}`;
  }

  private idOf(ref: string): number {
    const id = this.ids.get(ref);
    if (id === undefined) throw new Error(`the seed links to ${ref}, which is not there`);
    return id;
  }

  private update(item: AzureSeedItem, by: PersonKey, at: number, ops: readonly PatchOp[]): void {
    const found = this.world.items.get(this.idOf(item.ref));
    if (found !== undefined) this.save(by, at, { kind: 'update', item: found }, ops);
  }

  private link(item: AzureSeedItem, rel: string, to: string, comment: string | undefined, at: number): void {
    const value = { rel, url: String(this.idOf(to)), attributes: comment === undefined ? {} : { comment } };
    this.update(item, item.createdBy, at, [{ op: 'add', path: '/relations/-', value }]);
  }

  private hyperlink(item: AzureSeedItem, link: Extract<AzureSeedLink, { rel: 'hyperlink' }>, at: number): void {
    const attributes = link.comment === undefined ? {} : { comment: link.comment };
    const value = { rel: 'Hyperlink', url: link.url, attributes };
    this.update(item, item.createdBy, at, [{ op: 'add', path: '/relations/-', value }]);
  }

  private attach(item: AzureSeedItem, file: SeedAttachment, at: number): void {
    const bytes = Buffer.from(attachmentBytes(file.content));
    const id = guidOf(`attachment:${item.ref}:${file.fileName}`);
    this.world.attachments.set(id, {
      id,
      fileName: file.fileName,
      createdBy: this.person(file.author).id,
      at,
      content: bytesContent(bytes),
      total: bytes.length,
    });
    const value = { rel: 'AttachedFile', url: `/_apis/wit/attachments/${id}`, attributes: { name: file.fileName } };
    this.update(item, file.author, at, [{ op: 'add', path: '/relations/-', value }]);
  }

  private save(by: PersonKey, at: number, target: SaveTarget, ops: readonly PatchOp[]): number {
    const { item } = saveWorkItem(
      {
        world: this.world,
        now: at,
        actor: this.person(by),
        textLimits: TEXT_LIMITS,
        linkLimits: LINK_LIMITS,
        emit: () => {},
      },
      target,
      ops,
      { bypassRules: false, suppressNotifications: false, validateOnly: false },
    );
    return item.id;
  }
}
