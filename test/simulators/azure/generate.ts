// Makes any number of further work items, no two alike, for benches. The same number gives the same items.
import { LINK_LIMITS } from './store/links.ts';
import { typeOf } from './store/lookups.ts';
import type { Person, Project, World } from './store/model.ts';
import { saveWorkItem } from './store/save.ts';
import { TEXT_LIMITS } from './store/values.ts';

const THINGS = [
  'route',
  'depot',
  'vehicle',
  'invoice',
  'driver app',
  'cold chain sensor',
  'tour',
  'customer portal',
  'dispatch board',
  'fuel card',
  'time window',
  'address book',
];
const PROBLEMS = [
  'loses',
  'doubles',
  'shows too late',
  'rounds',
  'forgets',
  'sorts wrongly',
  'refuses',
  'should export',
  'should archive',
  'should translate',
];
const OBJECTS = [
  'the last stop',
  'names with umlauts',
  'weights above 1,000 kg',
  'the signature',
  'returns',
  'pallets',
  'night deliveries',
  'surcharges',
  'the ferry',
  'comments',
];
const TYPES = ['User Story', 'Task', 'Bug', 'Task', 'Bug', 'Feature', 'Issue'];

const pick = (list: readonly string[], index: number): string => list[index % list.length] ?? '';

export function generateItems(
  world: World,
  project: Project,
  people: readonly Person[],
  count: number,
  now: number,
): { readonly first: number; readonly last: number } {
  const first = world.counters.item + 1;
  for (let index = 0; index < count; index += 1) {
    const number = first + index;
    const actor = people[index % people.length];
    if (actor === undefined) throw new Error('there are no people');
    const title = `${pick(THINGS, index)} ${pick(PROBLEMS, Math.floor(index / 12))} ${pick(OBJECTS, Math.floor(index / 7))}, case ${number}`;
    const description = `<div>Seen at depot ${(number * 37) % 211}, ${number} times.</div><ul><li>${pick(OBJECTS, index + 3)}</li><li>${pick(THINGS, index + 5)} ${number}</li></ul>`;
    const type = typeOf(world, pick(TYPES, index), project.name);
    const fields: readonly (readonly [string, unknown])[] = [
      ['System.Title', title],
      [type.name === 'Bug' ? 'Microsoft.VSTS.TCM.ReproSteps' : 'System.Description', description],
      ['Microsoft.VSTS.Common.Priority', 1 + (index % 4)],
      ['System.Tags', `bench; ${pick(THINGS, index)}`],
      ['System.AssignedTo', actor.uniqueName],
    ];
    saveWorkItem(
      {
        world,
        // A second apart and all in the past, as if made over the last hours.
        now: now - (count - index) * 1000,
        actor,
        textLimits: TEXT_LIMITS,
        linkLimits: LINK_LIMITS,
        emit: () => {},
      },
      { kind: 'create', project, type },
      fields.map(([name, value]) => ({ op: 'add', path: `/fields/${name}`, value })),
      { bypassRules: false, suppressNotifications: false, validateOnly: false },
    );
  }
  return { first, last: world.counters.item };
}
