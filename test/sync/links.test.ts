// Links planned from both of their ends, by the table in sync/links.ts, and any edits of people in any order.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkRules, oppositeRelation } from '../../backend/src/sync/link-rules.ts';
import {
  type LinkedPair,
  type LinkOperation,
  type LinkRecord,
  type LinksInput,
  linkIdentity,
  mirrored,
  planLinks,
} from '../../backend/src/sync/links.ts';
import { type LinkSnapshot, otherSide, parentLink, type Side, sides, webLink } from '../../backend/src/sync/model.ts';
import { type ProfileSettings, profileSchema } from '../../backend/src/sync/profile.ts';
import { suggestLinks } from '../../backend/src/sync/suggest-links.ts';
import { linkProblems } from '../../backend/src/sync/validate-links.ts';
import { key } from './kit.ts';

const settingsOf = (more: Record<string, unknown> = {}): ProfileSettings =>
  profileSchema.parse({
    name: 'Team',
    jira: { project: 'TAN' },
    azure: { project: 'Tandem' },
    types: [{ jira: 'Story', azure: 'User Story' }],
    fields: [{ jira: 'summary', azure: 'System.Title', kind: 'text' }],
    ...more,
  });

const L = 'System.LinkTypes';
const typeIds: Readonly<Record<string, string>> = { Blocks: '1', Duplicate: '2', Relates: '3' };
const catalogs = {
  jira: { linkTypes: Object.entries(typeIds).map(([name, id]) => ({ id, name, outward: name, inward: name })) },
  azure: {},
};

const issueLink = (type: string, direction: 'outward' | 'inward', target: string, id = '9'): LinkSnapshot => ({
  id,
  type,
  direction,
  target,
  identity: `${typeIds[type] ?? type}|${direction}|${target}`,
});
const relation = (rel: string, target: string): LinkSnapshot => ({
  id: `${rel}|${target}`,
  type: rel,
  direction: rel.endsWith('-Reverse') ? 'inward' : 'outward',
  target,
  identity: `${rel}|${target}`,
});

/** Pair `n` is of the issue 100 + n and the work item n. */
const pairNumber = (side: Side, id: string) => (side === 'jira' ? Number(id) - 100 : Number(id));
const ids = (n: number) => ({ jira: String(100 + n), azure: String(n) });
const pairOf =
  (count: number) =>
  (side: Side, id: string): LinkedPair | undefined => {
    const n = pairNumber(side, id);
    return n >= 1 && n <= count ? { id: `p${n}`, ids: ids(n) } : undefined;
  };

const inputOf = (n: number, links: LinksInput['links'], more: Partial<LinksInput> = {}): LinksInput => ({
  settings: settingsOf(),
  key,
  itemIds: ids(n),
  links,
  webLinksRead: true,
  pages: { jira: 'https://j/browse/A-1', azure: 'https://a/_workitems/edit/1' },
  records: [],
  pairOf: pairOf(5),
  catalogs,
  ...more,
});

const told = (operations: readonly LinkOperation[]) =>
  operations.map((one) =>
    one.kind === 'add'
      ? `add ${one.side} ${one.type} ${one.direction} ${one.target}`
      : `remove ${one.side} ${one.link.identity}`,
  );

const record = (sourceId: string, targetId?: string): LinkRecord => ({
  source: 'jira',
  sourceId,
  token: '',
  ...(targetId === undefined ? {} : { targetId }),
});

describe('the owner of a link', () => {
  const blocks = issueLink('Blocks', 'outward', '102');
  const successor = relation(`${L}.Dependency-Forward`, '2');
  const known = record('1|outward|102', `${L}.Dependency-Forward|2`);

  it.each<readonly [string, LinkSnapshot[], LinkSnapshot[], LinkRecord[], string[]]>([
    ['on both sides, not recorded', [blocks], [successor], [], []],
    ['new on Jira', [blocks], [], [], [`add azure ${L}.Dependency-Forward outward 2`]],
    ['new on Azure', [], [successor], [], ['add jira Blocks outward 102']],
    ['removed on Azure', [blocks], [], [known], ['remove jira 1|outward|102']],
    ['removed on Jira', [], [successor], [known], [`remove azure ${L}.Dependency-Forward|2`]],
    ['gone on both', [], [], [known], []],
    [
      'sent, and nobody knows whether it came',
      [blocks],
      [],
      [record('1|outward|102')],
      [`add azure ${L}.Dependency-Forward outward 2`],
    ],
  ])('decides: %s', (_, jira, azure, records, operations) => {
    expect(told(planLinks(inputOf(1, { jira, azure }, { records })).operations)).toEqual(operations);
  });

  it('records what stands on both sides, completes what was sent, and forgets what is gone', () => {
    const both = planLinks(inputOf(1, { jira: [blocks], azure: [successor] }));
    expect(both.agreed).toEqual([{ jira: '1|outward|102', azure: `${L}.Dependency-Forward|2` }]);
    const open = record('1|outward|102');
    expect(planLinks(inputOf(1, { jira: [blocks], azure: [successor] }, { records: [open] })).agreed).toHaveLength(1);
    expect(planLinks(inputOf(1, { jira: [blocks], azure: [successor] }, { records: [known] })).agreed).toEqual([]);
    expect(planLinks(inputOf(1, { jira: [], azure: [] }, { records: [known] })).forgotten).toEqual([known]);
  });

  it.each<readonly [string, number, LinkSnapshot[], LinkSnapshot[]]>([
    ['said of the other item', 2, [issueLink('Blocks', 'inward', '101')], []],
    ['the other has the lower issue id', 2, [issueLink('Relates', 'outward', '101')], []],
    ['the other is the child', 1, [], [relation(`${L}.Hierarchy-Forward`, '2')]],
  ])('is told when the link stands on one side only: %s', (_, n, jira, azure) => {
    const plan = planLinks(inputOf(n, { jira, azure }));
    expect(plan.operations).toEqual([]);
    expect(plan.owners.map(({ pair }) => pair.id)).toEqual([n === 1 ? 'p2' : 'p1']);
  });

  it('leaves types without a mapping, own pages and items without a pair alone', () => {
    const plan = planLinks(
      inputOf(1, {
        jira: [issueLink('Cloners', 'outward', '102'), issueLink('Blocks', 'outward', '900')],
        azure: [relation('Hyperlink', 'https://j/browse/A-1'), relation('ArtifactLink', 'vstfs:///Git/Commit/x')],
      }),
    );
    expect([plan.operations, plan.owners, plan.awaited]).toEqual([[], [], []]);
  });

  it('obeys the direction of the type', () => {
    const types = [{ jira: 'Blocks', azure: `${L}.Dependency-Forward`, direction: 'jira-to-azure' }];
    const settings = settingsOf({ links: { types } });
    const plan = (jira: LinkSnapshot[], azure: LinkSnapshot[], records: LinkRecord[] = []) =>
      told(planLinks(inputOf(1, { jira, azure }, { records, settings })).operations);
    expect(plan([], [successor])).toEqual([]);
    expect(plan([blocks], [])).toHaveLength(1);
    expect(plan([blocks], [], [known])).toEqual([]);
    expect(plan([], [successor], [known])).toHaveLength(1);
  });

  it('lets two Jira types become one relation', () => {
    const types = [
      { jira: 'Relates', azure: `${L}.Related` },
      { jira: 'Cloners', azure: `${L}.Related` },
    ];
    const links = { jira: [issueLink('Cloners', 'inward', '102')], azure: [relation(`${L}.Related`, '2')] };
    const plan = planLinks(inputOf(1, links, { settings: settingsOf({ links: { types } }) }));
    expect([plan.operations, plan.agreed]).toEqual([[], [{ jira: 'Cloners|inward|102', azure: `${L}.Related|2` }]]);
  });
});

describe('an address', () => {
  const hyperlink = relation('Hyperlink', 'https://x.example/secret');
  const web: LinkSnapshot = { ...issueLink(webLink, 'outward', 'https://x.example/secret'), title: 'Wiki' };

  it('goes across with its title, and is recorded without its words', () => {
    expect(planLinks(inputOf(1, { jira: [web], azure: [] })).operations).toMatchObject([
      { side: 'azure', type: 'Hyperlink', target: web.target, title: 'Wiki' },
    ]);
    const plan = planLinks(inputOf(1, { jira: [web], azure: [hyperlink] }));
    expect(JSON.stringify(plan.agreed)).not.toContain('secret');
  });

  it('is left as it is where Jira’s were not read', () => {
    const known = record(linkIdentity(inputOf(1, { jira: [], azure: [] }), 'jira', web), 'x');
    const plan = planLinks(inputOf(1, { jira: [], azure: [hyperlink] }, { webLinksRead: false, records: [known] }));
    expect([plan.operations, plan.forgotten]).toEqual([[], []]);
  });
});

describe('a parent', () => {
  const parent = (n: number) => issueLink(parentLink, 'outward', String(100 + n));
  const reverse = (n: number) => relation(`${L}.Hierarchy-Reverse`, String(n));
  const known = (n: number) => record(`parent|outward|${100 + n}`, `${L}.Hierarchy-Reverse|${n}`);

  it('that changed takes the place of the old one', () => {
    const plan = planLinks(inputOf(1, { jira: [parent(3)], azure: [reverse(2)] }, { records: [known(2)] }));
    expect(told(plan.operations)).toEqual([
      `remove azure ${L}.Hierarchy-Reverse|2`,
      `add azure ${L}.Hierarchy-Reverse inward 3`,
    ]);
  });

  it.each([
    ['jira', [`remove azure ${L}.Hierarchy-Reverse|3`, `add azure ${L}.Hierarchy-Reverse inward 2`]],
    ['azure', ['remove jira parent|outward|102', 'add jira parent outward 103']],
    ['ask', []],
  ])('that both sides set goes by the policy: %s', (conflict, operations) => {
    const settings = settingsOf({ policies: { conflict } });
    const plan = planLinks(inputOf(1, { jira: [parent(2)], azure: [reverse(3)] }, { settings }));
    expect(told(plan.operations)).toEqual(operations);
    expect(plan.errors.map(({ error }) => error.code)).toEqual(
      conflict === 'ask' ? ['link-conflict', 'link-conflict'] : [],
    );
  });

  it('without a pair is waited for', () => {
    const plan = planLinks(inputOf(1, { jira: [parent(700)], azure: [] }));
    expect([plan.operations, plan.awaited.map(({ target }) => target)]).toEqual([[], ['800']]);
  });
});

describe('any edits of links in any order', () => {
  type Native = `${string} ${number} ${number}`;
  interface World {
    readonly jira: Set<Native>;
    readonly azure: Set<Native>;
    readonly records: Map<number, LinkRecord[]>;
  }
  const rules = linkRules(settingsOf()).filter(({ kind }) => kind === 'pair' || kind === 'mutual');
  /** A link as one string from the end that it is said of; mutual ones from the lower number. */
  const native = (rule: string, from: number, to: number): Native => {
    const mutual = rules.find(({ id }) => id === rule)?.kind === 'mutual';
    return mutual && from > to ? `${rule} ${to} ${from}` : `${rule} ${from} ${to}`;
  };
  const shown = (world: World, side: Side, n: number): LinkSnapshot[] =>
    [...world[side]].flatMap((one) => {
      const [id = '', from, to] = one.split(' ');
      const rule = rules.find((candidate) => candidate.id === id);
      if (!rule || (Number(from) !== n && Number(to) !== n)) return [];
      const forward = Number(from) === n;
      const other = ids(Number(forward ? to : from))[side];
      if (side === 'jira') return [issueLink(rule.jira, forward ? 'outward' : 'inward', other)];
      return [relation(forward ? rule.azure : oppositeRelation(rule.azure), other)];
    });

  function run(world: World, n: number): boolean {
    const records = world.records.get(n) ?? [];
    const plan = planLinks(
      inputOf(n, { jira: shown(world, 'jira', n), azure: shown(world, 'azure', n) }, { records, webLinksRead: false }),
    );
    const next = records.filter(
      (one) => !plan.forgotten.includes(one) && !plan.agreed.some(({ known }) => known === one),
    );
    next.push(...plan.agreed.map(({ jira, azure }) => record(jira, azure)));
    for (const one of plan.operations) {
      const link = one.kind === 'add' ? { ...issueLink(one.type, one.direction, one.target), ...one } : one.link;
      const rule = rules.find((candidate) =>
        one.side === 'jira'
          ? candidate.jira === link.type
          : candidate.azure === link.type || oppositeRelation(candidate.azure) === link.type,
      );
      if (!rule) throw new Error(link.type);
      const other = pairNumber(one.side, link.target);
      const forward = one.side === 'jira' ? link.direction === 'outward' : link.type === rule.azure;
      const changed = forward ? native(rule.id, n, other) : native(rule.id, other, n);
      if (one.kind === 'add') {
        world[one.side].add(changed);
        next.push({ source: otherSide(one.side), sourceId: one.sourceId, targetId: one.targetId, token: '' });
      } else {
        world[one.side].delete(changed);
        next.splice(next.indexOf(one.record), 1);
      }
    }
    world.records.set(n, next);
    return plan.operations.length + plan.agreed.length + plan.forgotten.length > 0;
  }

  const step = fc.record({
    side: fc.constantFrom(...sides),
    rule: fc.constantFrom(...rules.map(({ id }) => id)),
    from: fc.integer({ min: 1, max: 3 }),
    to: fc.integer({ min: 1, max: 3 }),
    does: fc.constantFrom('add', 'remove', 'run'),
  });

  it('ends with the same links on both sides, and then plans nothing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const world: World = { jira: new Set(), azure: new Set(), records: new Map() };
        for (const { side, rule, from, to, does } of steps) {
          if (does === 'run') run(world, from);
          else if (from !== to && does === 'add') world[side].add(native(rule, from, to));
          else if (from !== to) world[side].delete(native(rule, from, to));
        }
        for (let round = 0; round < 3; round += 1) for (const n of [1, 2, 3]) run(world, n);
        expect([...world.azure].sort()).toEqual([...world.jira].sort());
        expect([1, 2, 3].map((n) => run(world, n))).toEqual([false, false, false]);
      }),
    );
  });

  it('keeps a link that one side added and the other never touched', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([1, 2, 3], { minLength: 3 }), fc.constantFrom(...sides), (order, side) => {
        const world: World = { jira: new Set(), azure: new Set(), records: new Map() };
        world[side].add(native(rules[0]?.id ?? '', 3, 1));
        for (const n of [...order, ...order]) run(world, n);
        expect([world.jira.size, world.azure.size]).toEqual([1, 1]);
      }),
    );
  });
});

describe('the same link from its other end', () => {
  it.each([
    ['azure', `${L}.Dependency-Forward|7`, '3', { item: '7', identity: `${L}.Dependency-Reverse|3` }],
    ['azure', `${L}.Related|7`, '3', { item: '7', identity: `${L}.Related|3` }],
    ['jira', '10000|outward|107', '103', { item: '107', identity: '10000|inward|103' }],
    ['azure', 'Hyperlink|https://x', '3', undefined],
  ] as const)('%s %s', (side, identity, own, far) => {
    expect(mirrored(side, identity, own)).toEqual(far);
  });
});

describe('link types of a site', () => {
  const type = (id: string, name: string, outward: string, inward = outward) => ({ id, name, outward, inward });
  const jira = {
    linkTypes: [
      type('1', 'Blocks', 'blocks', 'is blocked by'),
      type('2', 'Relates', 'relates to'),
      type('3', 'Consumes', 'Consumes From', 'Produces For'),
    ],
  };
  const azure = {
    linkTypes: [
      type(`${L}.Dependency-Forward`, 'Successor', 'Successor', 'Predecessor'),
      type(`${L}.Related`, 'Related', 'Related'),
      type('Custom.Consumes-Forward', 'Consumes From', 'Consumes From', 'Produces For'),
    ],
  };
  const side = (name: Side, types: typeof jira) => ({ side: name, types: [], people: [], ...types });

  it('are suggested by their usual names and by what they say', () => {
    expect(suggestLinks(jira, azure).map(({ mapping }) => mapping)).toEqual([
      { jira: 'Blocks', azure: `${L}.Dependency-Forward` },
      { jira: 'Relates', azure: `${L}.Related` },
      { jira: 'Consumes', azure: 'Custom.Consumes-Forward' },
    ]);
    expect(suggestLinks({}, {})).toHaveLength(3);
  });

  it('are held against the profile; the usual ones may be missing', () => {
    const check = (more: Record<string, unknown>) =>
      linkProblems(settingsOf(more), { jira: side('jira', jira), azure: side('azure', azure) }).map(
        ({ path, level, remedy }) => [path, level, remedy],
      );
    expect(check({})).toEqual([]);
    const types = [
      { jira: 'Block', azure: 'Successor' },
      { jira: 'Relates', azure: `${L}.Hierarchy-Forward` },
    ];
    expect(check({ links: { types } })).toEqual([
      ['links.types.0.jira', 'error', 'Did you mean "Blocks"?'],
      ['links.types.0.azure', 'error', `The link type "Successor" has the reference name "${L}.Dependency-Forward".`],
      ['links.types.1.azure', 'error', 'Choose another link type.'],
    ]);
    expect(check({ links: { types: [types[0], types[0]] } }).at(-1)?.[1]).toBe('warning');
    expect(check({ counterpartKey: { jira: 'customfield_1' } })).toMatchObject(
      [['counterpartKey.jira', 'error', '']].map(([path, level]) => [path, level, expect.any(String)]),
    );
  });
});
