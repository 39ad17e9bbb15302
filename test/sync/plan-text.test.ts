import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../../backend/src/sync/model.ts';
import { planPair } from '../../backend/src/sync/plan-pair.ts';
import { textLines } from '../../backend/src/sync/rich-text.ts';
import { adf, agreed, edit, errorFor, html, inputOf, item, lines, profile, ruleFor, sync } from './kit.ts';

const azureText = 'System.Description';
const paragraph = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] });
const document = (...content: object[]): FieldValue => ({
  kind: 'richText',
  format: 'adf',
  adf: { type: 'doc', version: 1, content },
});

/** Something that HTML has no form of. */
const widget = {
  type: 'extension',
  attrs: { extensionType: 'com.acme', extensionKey: 'chart', parameters: { of: 'burn-down' } },
};

const nodes = (value: FieldValue | null | undefined): readonly unknown[] => {
  const doc =
    value?.kind === 'richText' && value.format === 'adf' ? (value.adf as { content: unknown[] }) : { content: [] };
  return doc.content;
};
const words = (value: FieldValue | null | undefined) => (value?.kind === 'richText' ? textLines(value) : []);

describe('rich text in a plan', () => {
  const start = (of = profile()) => agreed(of, item('jira', { description: adf('One', 'Two', 'Three') }));

  it('merges edits of different paragraphs, whatever the conflict policy', () => {
    for (const conflict of ['jira', 'azure', 'newest', 'ask']) {
      const of = profile({ policies: { conflict } });
      const edited = edit(edit(start(of), 'jira', { description: adf('One!', 'Two', 'Three') }), 'azure', {
        [azureText]: html('<p>One</p><p>Two</p><p>Three!</p>'),
      });
      const { plan, world } = sync(edited, of);
      expect(ruleFor(plan, 'description')).toBe('merged');
      expect(words(world.jira.fields.description)).toEqual(['One!', 'Two', 'Three!']);
      expect(words(world.azure.fields[azureText])).toEqual(['One!', 'Two', 'Three!']);
      expect(lines(planPair(inputOf(world, of)))).toEqual([]);
    }
  });

  it('keeps what the other side cannot express when another paragraph is edited there', () => {
    const of = profile();
    const world = agreed(of, item('jira', { description: document(paragraph('Before'), widget, paragraph('After')) }));
    const text = world.azure.fields[azureText];
    const shown = text?.kind === 'richText' && text.format === 'html' ? text.text : '';
    const after = sync(edit(world, 'azure', { [azureText]: html(shown.replace('After', 'Afterwards')) }), of).world;
    expect(nodes(after.jira.fields.description)).toEqual([paragraph('Before'), widget, paragraph('Afterwards')]);
  });

  it('lets the policy decide where both changed one paragraph, and carries the others across all the same', () => {
    const both = (of: ReturnType<typeof profile>) =>
      edit(edit(start(of), 'jira', { description: adf('One', 'Jira', 'Three') }), 'azure', {
        [azureText]: html('<p>One</p><p>Azure</p><p>Three!</p>'),
      });
    const wins = (conflict: string) => {
      const of = profile({ policies: { conflict } });
      const { plan, world } = sync(both(of), of);
      return [ruleFor(plan, 'description'), words(world.jira.fields.description), words(world.azure.fields[azureText])];
    };
    expect(wins('jira')).toEqual(['conflict-jira', ['One', 'Jira', 'Three!'], ['One', 'Jira', 'Three!']]);
    expect(wins('azure')).toEqual(['conflict-azure', ['One', 'Azure', 'Three!'], ['One', 'Azure', 'Three!']]);
    const of = profile({ policies: { conflict: 'ask' } });
    const plan = planPair(inputOf(both(of), of));
    expect([errorFor(plan, 'description'), lines(plan)]).toEqual(['conflict', []]);
  });

  it('of a one-way field puts the source’s whole text over an edited target', () => {
    const of = profile({ field: { description: { direction: 'jira-to-azure' } } });
    const edited = edit(edit(start(of), 'jira', { description: adf('One!', 'Two', 'Three') }), 'azure', {
      [azureText]: html('<p>One</p><p>Two</p><p>Three!</p>'),
    });
    const { plan, world } = sync(edited, of);
    expect(plan.operations.map(({ side }) => side)).toEqual(['azure']);
    expect(words(world.azure.fields[azureText])).toEqual(['One!', 'Two', 'Three']);
  });

  it('that was emptied is emptied on the other side', () => {
    const of = profile();
    const { world } = sync(edit(start(of), 'azure', { [azureText]: null }), of);
    expect(world.jira.fields.description).toBeNull();
  });

  it('that a server returned in another form is no change', () => {
    const of = profile();
    const world = start(of);
    const restyled = edit(world, 'azure', {
      [azureText]: html('<div style="font-family:Segoe UI"><p>One</p><p>Two </p>\n<p><span>Three</span></p></div>'),
    });
    expect(lines(planPair(inputOf(restyled, of)))).toEqual([]);
  });
});

describe('Markdown in Azure DevOps', () => {
  const markdown = (source: string): FieldValue => ({ kind: 'richText', format: 'markdown', text: source });
  const of = profile();
  const start = () =>
    agreed(
      of,
      item('jira', { description: adf('One', 'Two') }),
      item('azure', { [azureText]: markdown('One\n\nTwo') }),
    );

  it('of the same words is the same', () => {
    expect(start().azure.fields[azureText]).toEqual(markdown('One\n\nTwo'));
  });

  it('stays Markdown when Jira’s text is edited, and its edits come back', () => {
    const there = sync(edit(start(), 'jira', { description: adf('One', 'Two!') }), of).world;
    expect(there.azure.fields[azureText]).toMatchObject({ format: 'markdown', text: 'One\n\nTwo!\n' });
    const back = sync(edit(there, 'azure', { [azureText]: markdown('One **more**\n\nTwo!') }), of).world;
    expect(words(back.jira.fields.description)).toEqual(['One more', 'Two!']);
    expect(lines(planPair(inputOf(back, of)))).toEqual([]);
  });

  it('that becomes HTML doubles nothing', () => {
    const turned = edit(start(), 'azure', { [azureText]: html('<p>One</p><p>Two, as HTML</p>') });
    const { world } = sync(turned, of);
    expect(words(world.jira.fields.description)).toEqual(['One', 'Two, as HTML']);
  });
});
