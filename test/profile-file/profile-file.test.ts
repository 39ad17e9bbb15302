// Profiles as files: what is written can be read again, differences are told by what they change, and the published schema
// is the one that reads the file.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { differenceLines, differences } from '../../backend/src/profile-file/differences.ts';
import { settingHelp } from '../../backend/src/profile-file/help.ts';
import { profileJsonSchema, profileJsonSchemaText, settingPaths } from '../../backend/src/profile-file/json-schema.ts';
import { parseProfile, settingsOf } from '../../backend/src/profile-file/parse.ts';
import { profileYaml } from '../../backend/src/profile-file/write.ts';
import { type ProfileSettings, profileSchema } from '../../backend/src/sync/profile.ts';
import { teamProfile } from '../reconcile/profile.ts';

const team: ProfileSettings = profileSchema.parse(teamProfile);
const sites = { jira: 'https://acme.atlassian.net', azure: 'https://dev.azure.com/acme' };

const read = (text: string): ProfileSettings => {
  const parsed = parseProfile(text, () => null);
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return settingsOf(parsed.content);
};

describe('a file of somebody who means harm', () => {
  const told = (text: string) => {
    const parsed = parseProfile(text, () => null);
    return parsed.kind === 'invalid' ? parsed.problems.map(({ line, problem }) => `${line}: ${problem}`) : [];
  };
  const many = (count: number, line: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => line(n)).join('\n');

  // The time that a test has is the assertion: each took minutes when keys were compared with one another.
  it.each([
    ['keys', many(10_000, (n) => `k${n}: 1`)],
    ['keys within one', `jira:\n${many(10_000, (n) => ` k${n}: 1`)}`],
    ['errors', many(10_000, () => '\t:')],
    ['keys that are there twice', many(10_000, (n) => `k${n % 5_000}: 1`)],
    [
      'mappings',
      `jira: {project: TAN}\nazure: {project: T}\ntypes: [{jira: A, azure: B}]\nfields:\n${many(1_001, (n) => `- {jira: f${n}, azure: F${n}, kind: text}`)}`,
    ],
    ['lists within lists', `a: ${'['.repeat(10_000)}`],
  ])('with very many %s is refused with a hundred words at most', (_, text) => {
    const problems = told(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(100);
  });

  it('is told of each key that stands twice, also where keys are names of the language', () => {
    expect(told('jira: {project: A, project: B}\nname: x\n\nname: y\n')).toEqual([
      '4: Not YAML: Map keys must be unique.',
      '1: Not YAML: Map keys must be unique.',
    ]);
    expect(told('__proto__: {a: 1}\nconstructor: 1')).toContain('1: Unknown key "__proto__".');
    expect(Object.hasOwn(Object.prototype, 'a')).toBe(false);
  });
});

describe('the published schema', () => {
  it('is the one that reads the file: `tandem profile schema > docs/profile.schema.json` renews it', async () => {
    const published = await readFile(join(import.meta.dirname, '../../docs/profile.schema.json'), 'utf8');
    expect(published).toBe(profileJsonSchemaText());
  });

  it('says of every setting what it means, and of nothing else', () => {
    const paths = settingPaths();
    expect([...paths].filter((path) => settingHelp[path] === undefined)).toEqual([]);
    expect(Object.keys(settingHelp).filter((path) => !paths.has(path))).toEqual([]);
    expect(JSON.stringify(profileJsonSchema())).toContain(settingHelp['policies.leftFilter']);
  });

  it('takes what the reader takes, and refuses what it refuses', () => {
    const validate = new Ajv({ strict: false }).compile(profileJsonSchema());
    const good = parse(profileYaml(team, sites, null));
    expect(validate(good), JSON.stringify(validate.errors)).toBe(true);
    for (const wrong of [
      { ...good, feilds: [] },
      { ...good, direction: 'sideways' },
      { ...good, policies: { deleted: 'forget' } },
      { ...good, jira: { project: 'tan' } },
      { ...good, types: [] },
      { ...good, fields: [{ jira: 'summary', kind: 'text' }] },
    ]) {
      expect(validate(wrong)).toBe(false);
      expect(parseProfile(JSON.stringify(wrong), () => null).kind).toBe('invalid');
    }
  });
});

describe('a profile that is written', () => {
  const rich = profileSchema.parse({
    ...teamProfile,
    jira: { project: 'TAN', filter: 'labels = "a: b" # not a comment' },
    users: [{ jira: '5b10:ac', azure: 'ann@acme.example' }],
    policies: { deleted: 'close', unmappedUser: { set: { azure: 'bot@acme.example' } }, brake: { limit: 5 } },
    timeZone: 'Europe/Berlin',
  });

  it.each([
    ['with the defaults', team],
    ['with much set', rich],
  ])('%s is read as it was', (_, settings) => {
    expect(read(profileYaml(settings, sites, null))).toEqual(settings);
  });

  it('has what differs from the defaults only, names the schema, and holds no secret', () => {
    const text = profileYaml(rich, sites, 'https://tandem.example/profile.schema.json');
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=https://tandem.example/profile.schema.json');
    expect(parse(text)).toMatchObject({
      jira: { url: sites.jira, project: 'TAN' },
      policies: { deleted: 'close', unmappedUser: { set: { azure: 'bot@acme.example' } }, brake: { limit: 5 } },
    });
    expect(Object.keys(parse(text).policies)).toHaveLength(3);
    expect(text).not.toMatch(/direction|token|pat:|email/);
  });
});

describe('what differs', () => {
  it('is told by path with both values, mappings by what they map', () => {
    const [title, ...others] = team.fields;
    if (!title) throw new Error('there is a first field');
    const after: ProfileSettings = {
      ...team,
      jira: { ...team.jira, filter: 'labels = sync' },
      fields: [...others.filter(({ jira }) => jira !== 'labels'), { ...title, direction: 'jira-to-azure' }],
      types: [...team.types, { ...(team.types[0] ?? never()), jira: 'New' }],
      policies: { ...team.policies, conflict: 'ask' },
    };
    expect(differenceLines(differences(team, after))).toEqual([
      '+ jira.filter: labels = sync',
      expect.stringMatching(/^\+ types\[New ↔ Epic\]: \{/),
      '~ fields[summary ↔ System.Title].direction: both → jira-to-azure',
      expect.stringMatching(/^- fields\[labels ↔ System.Tags\]: \{/),
      '~ policies.conflict: newest → ask',
    ]);
    expect(differences(team, read(profileYaml(team, sites, null)))).toEqual([]);
  });

  it('is the order alone, where nothing else is', () => {
    const after = { ...team, types: team.types.toReversed() };
    expect(differences(team, after).map(({ path }) => path)).toEqual(['the order of mappings']);
  });
});

const never = (): never => {
  throw new Error('there is one');
};
