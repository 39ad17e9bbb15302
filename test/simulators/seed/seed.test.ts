// Holds the seed to what is said of it: distinct, complete, plausible, and valid for both services.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { type AdfDocument, type AdfNode, withAccountIds } from './adf.ts';
import { attachmentBytes } from './attachment-bytes.ts';
import { withIdentityIds } from './mentions.ts';
import type { AzureSeedItem, JiraSeedItem, SeedSide } from './team.ts';
import { TEAM } from './team-data.ts';

const jira = TEAM.jira.items;
const azure = TEAM.azure.items;
const all: readonly (JiraSeedItem | AzureSeedItem)[] = [...jira, ...azure];
const title = (item: JiraSeedItem | AzureSeedItem): string => ('summary' in item ? item.summary : item.title);
const people = new Map(TEAM.people.map((person) => [person.key, person]));

const adfText = (node: AdfNode | AdfDocument): string =>
  ('text' in node ? (node.text ?? '') : '') + (node.content ?? []).map(adfText).join(' ');
const adfTypes = (node: AdfNode | AdfDocument): string[] => [node.type, ...(node.content ?? []).flatMap(adfTypes)];
const documents = (): AdfDocument[] =>
  jira.flatMap((item) => [
    ...(item.description ? [item.description] : []),
    ...(item.comments ?? []).map(({ body }) => body),
  ]);
const htmlTexts = (): string[] =>
  azure.flatMap((item) => [
    ...[item.description, item.acceptanceCriteria, item.systemInfo].filter((text) => text !== undefined),
    ...(item.comments ?? []).map(({ body }) => body),
  ]);

describe('people', () => {
  it('are twelve: eight on both sides, two on each alone, one of them gone', () => {
    const on = (...sides: SeedSide[]) => TEAM.people.filter((person) => person.sides.join() === sides.join()).length;
    expect([on('jira', 'azure'), on('jira'), on('azure')]).toEqual([8, 2, 2]);
    expect(TEAM.people.filter(({ active }) => !active)).toHaveLength(1);
    expect(new Set(TEAM.people.map(({ email }) => email)).size).toBe(12);
  });

  it('live in several time zones that exist', () => {
    const zones = new Set(TEAM.people.map(({ timeZone }) => timeZone));
    for (const zone of ['Europe/Berlin', 'Asia/Kolkata', 'America/New_York', 'Pacific/Auckland'])
      expect(zones).toContain(zone);
    for (const timeZone of zones) expect(() => new Intl.DateTimeFormat('en', { timeZone })).not.toThrow();
  });

  it('are named only on sides where they are, and the one who left has no open work', () => {
    const check = (key: string | undefined, side: SeedSide, ref: string): void => {
      if (key !== undefined) expect(people.get(key)?.sides, `${ref}: ${key}`).toContain(side);
    };
    for (const item of jira) {
      for (const key of [item.reporter, item.assignee, ...(item.comments ?? []).map(({ author }) => author)])
        check(key, 'jira', item.ref);
      for (const { author } of item.attachments ?? []) check(author, 'jira', item.ref);
      if (people.get(item.assignee ?? '')?.active === false)
        expect(['Done', 'Cancelled'], item.ref).toContain(item.status);
    }
    for (const item of azure) {
      for (const key of [item.createdBy, item.assignedTo, ...(item.comments ?? []).map(({ author }) => author)])
        check(key, 'azure', item.ref);
      for (const { author } of item.attachments ?? []) check(author, 'azure', item.ref);
      if (people.get(item.assignedTo ?? '')?.active === false)
        expect(['Closed', 'Removed'], item.ref).toContain(item.state);
    }
  });
});

describe('items', () => {
  it('are about 200 distinct things, about half on each side, ten on both', () => {
    const twins = new Map<string, SeedSide[]>();
    for (const item of jira) if (item.twin) twins.set(item.twin, ['jira']);
    for (const item of azure) if (item.twin) twins.get(item.twin)?.push('azure');
    expect([...twins.values()]).toEqual(Array.from({ length: 10 }, () => ['jira', 'azure']));
    const distinct = all.length - twins.size;
    expect(distinct).toBeGreaterThanOrEqual(200);
    expect(distinct).toBeLessThan(230);
    expect(Math.abs(jira.length - azure.length)).toBeLessThan(10);
  });

  it('are no copies: neither titles nor texts repeat, also when numbers are left out', () => {
    const once = azure.filter(({ twin }) => twin === undefined);
    const bare = (text: string): string => text.toLowerCase().replace(/\d+/g, '').replace(/\s+/g, ' ');
    const titles = [...jira, ...once].map((item) => bare(title(item)));
    expect(new Set(titles).size).toBe(titles.length);
    const texts = [...jira, ...once].flatMap((item) =>
      item.description === undefined
        ? []
        : [bare(typeof item.description === 'string' ? item.description : adfText(item.description))],
    );
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.length).toBeGreaterThan(180);
  });

  it('are of every type in every state', () => {
    const seen = new Set(
      all.map((item) => ('status' in item ? `${item.type}: ${item.status}` : `${item.type}: ${item.state}`)),
    );
    const expected = [
      ...['To Do', 'In Progress', 'Done'].map((status) => `Epic: ${status}`),
      ...['Story', 'Task', 'Bug', 'Sub-task'].flatMap((type) =>
        ['To Do', 'In Progress', 'In Review', 'Blocked', 'Done', 'Cancelled'].map((status) => `${type}: ${status}`),
      ),
      ...['Epic', 'Feature', 'User Story'].flatMap((type) =>
        ['New', 'Active', 'Resolved', 'Closed', 'Removed'].map((state) => `${type}: ${state}`),
      ),
      ...['New', 'Active', 'Closed', 'Removed'].map((state) => `Task: ${state}`),
      ...['New', 'Active', 'Resolved', 'Closed'].map((state) => `Bug: ${state}`),
      'Issue: Active',
      'Issue: Closed',
    ];
    expect(expected.filter((one) => !seen.has(one))).toEqual([]);
    expect([...seen].filter((one) => !expected.includes(one))).toEqual([]);
    expect(new Set(jira.map(({ priority }) => priority)).size).toBe(5);
    expect(new Set(azure.map(({ priority }) => priority)).size).toBe(4);
  });

  it('hang together: parents first and of a fitting type, links to what exists on the same side', () => {
    const parentTypes: Record<string, readonly string[]> = {
      'Sub-task': ['Story', 'Task', 'Bug'],
      Story: ['Epic'],
      Task: ['Epic'],
      Bug: ['Epic'],
    };
    for (const items of [jira, azure] as const) {
      const before = new Map<string, string>();
      const refs = new Set(items.map(({ ref }) => ref));
      expect(refs.size).toBe(items.length);
      for (const item of items) {
        if (item.parent !== undefined) {
          const type = before.get(item.parent);
          expect(type, `${item.ref}: parent ${item.parent} comes later or nowhere`).toBeDefined();
          if ('status' in item) expect(parentTypes[item.type] ?? [], item.ref).toContain(type);
          else
            expect(
              type === 'Epic'
                ? ['Feature', 'User Story', 'Bug']
                : type === 'Feature'
                  ? ['User Story', 'Bug', 'Task']
                  : ['Task'],
              item.ref,
            ).toContain(item.type);
        } else if (item.type === 'Sub-task') throw new Error(`${item.ref} has no parent`);
        for (const link of item.links ?? []) if ('to' in link) expect(refs, `${item.ref} links to`).toContain(link.to);
        before.set(item.ref, item.type);
      }
    }
    expect(jira.some(({ links }) => links !== undefined) && azure.some(({ links }) => links !== undefined)).toBe(true);
  });

  it('name only components, versions, sprints, areas and iterations that exist', () => {
    const names = (list: readonly { readonly name: string }[]): Set<string> => new Set(list.map(({ name }) => name));
    const [components, versions, sprints] = [
      names(TEAM.jira.components),
      names(TEAM.jira.versions),
      names(TEAM.jira.sprints),
    ];
    for (const item of jira) {
      for (const name of item.components ?? []) expect(components, item.ref).toContain(name);
      for (const name of [...(item.fixVersions ?? []), ...(item.affectsVersions ?? [])])
        expect(versions, item.ref).toContain(name);
      if (item.sprint !== undefined) expect(sprints, item.ref).toContain(item.sprint);
      for (const label of item.labels ?? []) expect(label, item.ref).not.toMatch(/\s/);
    }
    const iterations = new Set(TEAM.azure.iterations.map(({ path }) => path));
    for (const item of azure) {
      if (item.area !== undefined) expect(TEAM.azure.areas, item.ref).toContain(item.area);
      if (item.iteration !== undefined) expect(iterations, item.ref).toContain(item.iteration);
      for (const tag of item.tags ?? []) expect(tag, item.ref).not.toMatch(/[,;]/);
      expect(item.severity !== undefined, item.ref).toBe(item.type === 'Bug');
    }
    expect(azure.some(({ tags }) => tags?.some((tag) => tag.includes(' ')))).toBe(true);
  });

  it('come in a possible order of time', () => {
    const created = new Map(all.map((item) => [item.ref, item.createdDaysAgo]));
    for (const item of all) {
      for (const { daysAgo } of [...(item.comments ?? []), ...(item.attachments ?? [])]) {
        expect(daysAgo, item.ref).toBeLessThan(item.createdDaysAgo);
        expect(daysAgo, item.ref).toBeGreaterThan(0);
      }
      if (item.parent !== undefined)
        expect(item.createdDaysAgo, item.ref).toBeLessThanOrEqual(created.get(item.parent) ?? 0);
    }
  });
});

describe('texts', () => {
  it('are valid ADF, with real account ids in mentions', () => {
    const path = createRequire(import.meta.url).resolve('@atlaskit/adf-schema/json-schema/v1/full.json');
    // The schema is draft 4; nothing in it means something else to ajv.
    const { $schema: _, ...schema } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const validate = new Ajv({ strict: false }).compile(schema);
    for (const document of documents()) {
      const real = withAccountIds(document, (person) => {
        expect(people.get(person)?.sides).toContain('jira');
        return `account-${person}`;
      });
      expect(JSON.stringify(real)).not.toContain('person:');
      expect(validate(real), `${adfText(document).slice(0, 80)}: ${JSON.stringify(validate.errors?.slice(0, 2))}`).toBe(
        true,
      );
    }
  });

  it('put identities into mentions of Azure’s HTML', () => {
    const mentions: string[] = [];
    for (const html of htmlTexts()) {
      const real = withIdentityIds(html, (person) => {
        expect(people.get(person)?.sides).toContain('azure');
        mentions.push(person);
        return '00000000-0000-4000-8000-000000000000';
      });
      expect(real).not.toContain('{{');
    }
    expect(mentions.length).toBeGreaterThan(4);
  });

  it('use what the editors offer', () => {
    const types = new Set(documents().flatMap(adfTypes));
    for (const type of [
      'table',
      'codeBlock',
      'bulletList',
      'orderedList',
      'taskList',
      'panel',
      'blockquote',
      'expand',
      'rule',
      'mention',
      'emoji',
      'date',
      'status',
      'hardBreak',
      'heading',
    ]) {
      expect(types, type).toContain(type);
    }
    const html = htmlTexts().join('\n');
    for (const piece of [
      '<table',
      '<pre>',
      '<code',
      '<blockquote',
      '<ol>',
      '<ul>',
      'data-vss-mention',
      'margin-top:0in',
      'border=1',
      '<span style="">',
      '<h2>',
      'dir="rtl"',
    ]) {
      expect(html, piece).toContain(piece);
    }
  });

  it('hold many scripts, combining marks, and texts near the limit of 32,767 characters', () => {
    const jiraText = documents().map(adfText);
    const everything = [
      ...jiraText,
      ...htmlTexts(),
      ...all.map(title),
      ...TEAM.people.map(({ displayName }) => displayName),
    ].join('\n');
    for (const script of ['Arabic', 'Hebrew', 'Cyrillic', 'Han', 'Hiragana', 'Katakana']) {
      expect(new RegExp(`\\p{Script=${script}}`, 'u').test(everything), script).toBe(true);
    }
    expect(/\p{Combining_Mark}/u.test(everything)).toBe(true);
    expect(/\p{Emoji_Modifier}\u200d/u.test(everything)).toBe(true);
    for (const lengths of [jiraText.map(({ length }) => length), htmlTexts().map(({ length }) => length)]) {
      const longest = Math.max(...lengths);
      expect(longest).toBeGreaterThan(26_000);
      expect(longest).toBeLessThan(32_000);
    }
  });
});

describe('attachments', () => {
  const files = all.flatMap((item) => item.attachments ?? []);

  it('are texts, pictures and one of 10 MB, the same bytes each time', () => {
    expect(new Set(files.map(({ content }) => content.kind))).toEqual(new Set(['text', 'png', 'bytes']));
    for (const { content, fileName } of files) {
      const bytes = attachmentBytes(content);
      expect(Buffer.from(bytes).equals(Buffer.from(attachmentBytes(content))), fileName).toBe(true);
      if (content.kind === 'bytes') expect(bytes.byteLength).toBe(10 * 1024 * 1024);
      if (content.kind === 'png') expect([...bytes.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
    }
    expect(new Set(files.map(({ fileName }) => fileName)).size).toBe(files.length);
  });
});
