import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planCreate } from '../../backend/src/sync/plan-create.ts';
import {
  isInvertible,
  parseTemplate,
  renderTemplate,
  type TemplateSource,
  templateFields,
  unrender,
} from '../../backend/src/sync/templates.ts';
import { validateProfile } from '../../backend/src/sync/validate-profile.ts';
import { azureCatalog, jiraCatalog } from './catalogs.ts';
import { adf, agreed, edit, html, item, key, lines, people, profile, sync, text } from './kit.ts';

const parsed = (template: string) => {
  const found = parseTemplate(template);
  if (found === null) throw new Error('the template is well formed');
  return found;
};
const source: TemplateSource = {
  key: 'TAN-7',
  url: 'https://acme.atlassian.net/browse/TAN-7',
  words: (field) => (field === 'customfield_1' ? 'Acme' : ''),
};

describe('a template', () => {
  it.each([
    ['[Jira] {value}', 'Login', '[Jira] Login', true],
    ['{value} ({key})', 'Login', 'Login (TAN-7)', true],
    ['{value} – {url}', 'Login', 'Login – https://acme.atlassian.net/browse/TAN-7', true],
    ['{value} for {customfield_1}', 'Login', 'Login for Acme', false],
    ['{customfield_1} {customfield_2}', 'Login', 'Acme', false],
    ['From Jira', 'Login', 'From Jira', false],
    ['{{ {value} }}', 'Login', '{ Login }', true],
    ['{value} / {value}', 'Login', 'Login / Login', false],
    ['Customer: {value}', '', '', true],
  ])('%s', (template, value, expected, invertible) => {
    expect(renderTemplate(parsed(template), source, value)).toBe(expected);
    expect(isInvertible(parsed(template))).toBe(invertible);
  });

  it.each(['{', '}', '{value', '{}', '{ }', 'a}b', '{a{b}}'])('%s is none', (template) => {
    expect(parseTemplate(template)).toBeNull();
  });

  it('names the fields that it reads', () => {
    expect(templateFields(parsed('{value} {key} {System.AreaPath}'))).toEqual(['System.AreaPath']);
  });

  it.each([
    ['[{key}] {value}', '[TAN-7] Login', 'Login'],
    ['[{key}] {value}', '  [OTHER-12]   Login ', 'Login'],
    ['[{key}] {value}', 'Login', 'Login'],
    ['[{key}] {value}', '[TAN-7]', ''],
    ['{value} (see {url})', 'Login (see https://x.test/1)', 'Login'],
    ['a.b{value}', 'axb Login', 'axb Login'],
  ])('%s gives the value of "%s" back', (template, written, value) => {
    expect(unrender(parsed(template), 'jira', written)).toBe(value);
  });

  it('gives back any value that it wrote', () => {
    const frame = fc.string({ unit: 'grapheme', maxLength: 12 }).map((part) => part.replaceAll(/[{}]/g, ''));
    fc.assert(
      fc.property(frame, frame, fc.string({ unit: 'grapheme', minLength: 1 }), (before, after, given) => {
        const value = given.trim();
        fc.pre(value !== '' && !value.startsWith(before.trim()) && !value.endsWith(after.trim()));
        const template = parsed(`${before}{value}${after}`);
        expect(unrender(template, 'jira', renderTemplate(template, source, value)).trim()).toBe(value);
      }),
    );
  });
});

describe('a mapping with a template', () => {
  const framed = profile({ field: { summary: { template: { azure: '[{key}] {value}' } } } });

  it('writes the framed text and agrees on the bare one', () => {
    const created = planCreate({ profile: framed, key, people, now: 0, source: item('jira') });
    expect(created.kind === 'create' && created.writes[0]?.after).toEqual(text('[TAN-1] Title'));
    const world = agreed(framed, item('jira'), item('azure', { 'System.Title': text('[TAN-1] Title') }));
    const changed = sync(edit(world, 'jira', { summary: text('Next') }), framed);
    expect(lines(changed.plan)).toEqual(['azure System.Title = [TAN-1] Next']);
    expect(lines(sync(changed.world, framed).plan)).toEqual([]);
    const back = sync(edit(changed.world, 'azure', { 'System.Title': text('[TAN-1] Last') }), framed);
    expect(lines(back.plan)).toEqual(['jira summary = Last']);
    expect(lines(sync(back.world, framed).plan)).toEqual([]);
  });

  it('takes a text whose frame is gone as it is', () => {
    const world = agreed(framed, item('jira'), item('azure', { 'System.Title': text('[TAN-1] Title') }));
    const { plan, world: next } = sync(edit(world, 'azure', { 'System.Title': text('Bare') }), framed);
    expect(lines(plan)).toEqual(['jira summary = Bare']);
    expect(lines(sync(next, framed).plan)).toEqual([]);
  });

  it('puts several fields into one, whichever of them changes, and one way only', () => {
    const composed = profile({ field: { summary: { template: { azure: '{value} · {customfield_10016}' } } } });
    const world = agreed(
      composed,
      item('jira', { customfield_10016: { kind: 'number', number: 3 } }),
      item('azure', { 'System.Title': text('Title · 3') }),
    );
    const { plan, world: next } = sync(
      edit(world, 'jira', { customfield_10016: { kind: 'number', number: 5 } }),
      composed,
    );
    expect(lines(plan)).toContain('azure System.Title = Title · 5');
    const other = sync(edit(next, 'azure', { 'System.Title': text('Anything') }), composed);
    expect(lines(other.plan)).toEqual([]);
  });

  it.each([
    ['HTML', html('<p>Body <b>bold</b></p>'), (words: string) => `<p>Top</p><p>Body <b>bold</b></p><p>${words}</p>`],
    ['HTML without elements', html('Body'), (words: string) => `<p>Top</p>Body<p>${words}</p>`],
  ])('frames rich text by paragraphs: %s', (_, body, framedText) => {
    const rich = profile({ field: { description: { template: { azure: 'Top {value} Jira {key}' } } } });
    const start = agreed(
      rich,
      item('jira', { description: adf('Old') }),
      item('azure', { 'System.Description': body }),
    );
    const { plan, world } = sync(edit(start, 'jira', { description: adf('New') }), rich);
    expect(lines(plan)).toEqual([`azure System.Description = <p>Top</p><p>New</p><p>Jira TAN-1</p>`]);
    expect(lines(sync(world, rich).plan)).toEqual([]);
    const written = { 'System.Description': html(framedText('Jira TAN-1')) };
    const back = sync(edit(world, 'azure', written), rich);
    expect(JSON.stringify(back.world.jira.fields.description)).not.toContain('Top');
    expect(JSON.stringify(back.world.jira.fields.description)).toContain('Body');
  });

  it.each([
    ['{value', 'both', 'The braces of the template do not match.'],
    ['{value} {customfield_404}', 'jira-to-azure', 'Jira has no field "customfield_404" in this project.'],
    ['{value} {priority}', 'both', 'The value cannot be taken out of this text again, so it can go one way only.'],
    ['From Jira', 'azure-to-jira', 'Nothing is written to Azure DevOps: the template is not used.'],
  ])('%s, %s, is told before it runs', (azure, direction, problem) => {
    const { settings } = profile({ field: { summary: { template: { azure }, direction } } });
    const problems = validateProfile(settings, { jira: jiraCatalog, azure: azureCatalog });
    expect(problems.filter(({ path }) => path.includes('template')).map((one) => one.problem)).toContain(problem);
  });
});
