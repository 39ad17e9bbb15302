import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  type AdfDoc,
  type AdfNode,
  docOf,
  paragraph,
  plainTextOf,
  textNode,
} from '../../../backend/src/sync/richtext/adf.ts';
import { adfToHtml } from '../../../backend/src/sync/richtext/adf-to-html.ts';
import { richTextBaseline } from '../../../backend/src/sync/richtext/align.ts';
import { htmlBlocks } from '../../../backend/src/sync/richtext/blocks.ts';
import { mergeRichText } from '../../../backend/src/sync/richtext/merge.ts';
import fc from '../../property.ts';
import { schemaError } from './adf-schema.ts';
import { arbitraryAdf, arbitraryBlock } from './arbitrary-adf.ts';
import { bobIdentity, mapped } from './people.ts';

const fingerprint = (normal: string, side: string) =>
  createHash('sha256').update(`${side}\n${normal}`).digest('base64url').slice(0, 16);
const para = (text: string): AdfNode => paragraph([textNode(text)]);

/** Three paragraphs that agree, with things on both sides that the other cannot express. */
const jira = docOf([
  {
    type: 'paragraph',
    attrs: { localId: 'p1' },
    content: [textNode('First', [{ type: 'annotation', attrs: { id: 'a1', annotationType: 'inlineComment' } }])],
  },
  para('Second'),
  { type: 'extension', attrs: { extensionType: 'com.acme', extensionKey: 'roadmap', parameters: { id: 7 } } },
  para('Last'),
]);
const azure =
  '<div style="font-family:Calibri">First</div>\n<div>Second</div><p>[Jira: roadmap]</p><div style="font-size:20px">Last</div>';

function merge(change: { readonly jira?: AdfDoc; readonly azure?: string; readonly prefer?: 'jira' | 'azure' }) {
  const baseline = richTextBaseline(jira, azure, fingerprint, mapped);
  const { prefer } = change;
  return mergeRichText({
    baseline,
    jira: change.jira ?? jira,
    azure: change.azure ?? azure,
    fingerprint,
    context: mapped,
    ...(prefer ? { prefer } : {}),
  });
}

const edited = (index: number, ...blocks: AdfNode[]) => docOf(jira.content.toSpliced(index, 1, ...blocks));

describe('three-way merge by block', () => {
  it('stores fingerprints and places, nothing of the text', () => {
    const baseline = richTextBaseline(jira, azure, fingerprint, mapped);
    expect(baseline.pairs).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(JSON.stringify(baseline)).not.toMatch(/First|Second|Calibri|roadmap/);
  });

  it('says unchanged when only noise changed', () => {
    expect(merge({})).toEqual({ kind: 'unchanged' });
    const noisy = azure.replaceAll('div', 'DIV').replace('<DIV>Second', '<DIV  data-x=1 class="">Second');
    const renamed = docOf(jira.content.map((node) => ({ ...node, attrs: { ...node.attrs, localId: 'other' } })));
    expect(merge({ azure: noisy, jira: renamed })).toEqual({ kind: 'unchanged' });
  });

  it('an edit of one paragraph in Jira leaves every other block of Azure DevOps as it was, to the byte', () => {
    const result = merge({ jira: edited(1, para('Second, edited')) });
    expect(result).toEqual({
      kind: 'merged',
      html: '<div style="font-family:Calibri">First</div><p>Second, edited</p><p>[Jira: roadmap]</p><div style="font-size:20px">Last</div>',
      losses: [],
    });
  });

  it('an edit of one paragraph in Azure DevOps leaves extensions and inline comments in Jira', () => {
    const result = merge({ azure: azure.replace('Second', 'Second, <b>edited</b>') });
    expect(result.kind === 'merged' && result.html).toBeUndefined();
    const doc = result.kind === 'merged' ? result.doc : undefined;
    expect(doc?.content[0]).toBe(jira.content[0]);
    expect(doc?.content[2]).toBe(jira.content[2]);
    expect(doc?.content[1]).toEqual(paragraph([textNode('Second, '), textNode('edited', [{ type: 'strong' }])]));
  });

  it('edits of different blocks on both sides both survive, also next to each other', () => {
    const result = merge({ jira: edited(1, para('Second in Jira')), azure: azure.replace('First', 'First in Azure') });
    expect(result).toMatchObject({ kind: 'merged' });
    if (result.kind !== 'merged') return;
    expect(result.doc?.content.map(plainTextOf)).toEqual(['First in Azure', 'Second in Jira', '', 'Last']);
    expect(htmlBlocks(result.html ?? '').map((block) => block.source)).toEqual([
      '<div style="font-family:Calibri">First in Azure</div>',
      '<p>Second in Jira</p>',
      '<p>[Jira: roadmap]</p>',
      '<div style="font-size:20px">Last</div>',
    ]);
  });

  it('different edits of the same block are a conflict, settled only where a side is preferred', () => {
    const change = {
      jira: edited(1, para('Jira')),
      azure: azure.replace('Second', 'Azure').replace('Last', 'Last too'),
    };
    expect(merge(change)).toEqual({ kind: 'conflict', overlaps: [{ jira: [1, 2], azure: [1, 2] }] });
    const settled = merge({ ...change, prefer: 'jira' });
    expect(settled.kind === 'merged' && settled.html).toContain('<p>Jira</p>');
    expect(settled.kind === 'merged' && settled.doc?.content.map(plainTextOf)).toEqual([
      'First',
      'Jira',
      '',
      'Last too',
    ]);
  });

  it('the same edit on both sides needs no writing', () => {
    const result = merge({ jira: edited(1, para('Same')), azure: azure.replace('Second', 'Same') });
    expect(result).toEqual({ kind: 'merged', losses: [] });
  });

  it('an edit against a deletion of the same block is a conflict; two deletions are none', () => {
    expect(merge({ jira: edited(1), azure: azure.replace('Second', 'Edited') }).kind).toBe('conflict');
    expect(merge({ jira: edited(1), azure: azure.replace('<div>Second</div>', '') })).toEqual({
      kind: 'merged',
      losses: [],
    });
  });

  it('two additions at the same place both survive', () => {
    const result = merge({ jira: docOf([...jira.content, para('From Jira')]), azure: `${azure}<div>From Azure</div>` });
    if (result.kind !== 'merged') throw new Error(result.kind);
    expect(result.doc?.content.slice(-2).map(plainTextOf)).toEqual(['From Jira', 'From Azure']);
    expect(result.html).toMatch(/Last<\/div><p>From Jira<\/p><div>From Azure<\/div>$/);
  });

  it('a moved block takes its own form along', () => {
    const [first, second, third, last] = jira.content as [AdfNode, AdfNode, AdfNode, AdfNode];
    const result = merge({ jira: docOf([second, third, last, first]) });
    expect(result.kind === 'merged' && result.html).toBe(
      '<div>Second</div><p>[Jira: roadmap]</p><div style="font-size:20px">Last</div><div style="font-family:Calibri">First</div>',
    );
    const back = merge({
      azure:
        '<p>[Jira: roadmap]</p><div style="font-family:Calibri">First</div><div>Second</div><div style="font-size:20px">Last</div>',
    });
    expect(back.kind === 'merged' && back.doc?.content).toEqual([third, first, second, last]);
  });

  it('formatting that only one side has is no reason to write the other', () => {
    const result = merge({ azure: azure.replace('<div>Second', '<div style="font-family:Arial">Second') });
    expect(result).toEqual({ kind: 'merged', losses: [] });
  });

  it('in an edited paragraph, an inline macro and an unmapped person come back from their stand-in text', () => {
    const macro = { type: 'inlineExtension', attrs: { extensionType: 'com.acme', extensionKey: 'clock' } };
    const stranger = { type: 'mention', attrs: { id: 'stranger', text: '@Zoë Q' } };
    const before = docOf([paragraph([textNode('At '), macro, textNode(' ask '), stranger])]);
    const { html } = adfToHtml(before, mapped);
    expect(html).toBe('<p>At [Jira: clock] ask @Zoë Q</p>');
    const baseline = richTextBaseline(before, html, fingerprint, mapped);
    const result = mergeRichText({
      baseline,
      jira: before,
      azure: html.replace('ask', 'please ask'),
      fingerprint,
      context: mapped,
    });
    expect(result.kind === 'merged' && result.doc?.content).toEqual([
      paragraph([textNode('At '), macro, textNode(' please ask '), stranger]),
    ]);
  });

  it('a person whom only Azure DevOps knows stays mentioned there when Jira edits the paragraph', () => {
    const html = `<div>Ask <a href="#" data-vss-mention="version:2.0,${bobIdentity.replace('b', 'c')}">@Cy Young</a> today</div>`;
    const before = docOf([para('Ask @Cy Young today')]);
    const baseline = richTextBaseline(before, html, fingerprint, mapped);
    const result = mergeRichText({
      baseline,
      jira: docOf([para('Ask @Cy Young tomorrow')]),
      azure: html,
      fingerprint,
      context: mapped,
    });
    expect(result.kind === 'merged' && result.html).toMatch(
      /^<p>Ask <a href="#" data-vss-mention="version:2\.0,[^"]+">@Cy Young<\/a> tomorrow<\/p>$/,
    );
  });

  it('keeps the element around a pasted text, and its blocks', () => {
    const wrapped = '<div style="font-family:Calibri"><p class=MsoNormal>One</p>\n<p class=MsoNormal>Two</p></div>';
    const before = docOf([para('One'), para('Two')]);
    const baseline = richTextBaseline(before, wrapped, fingerprint, mapped);
    const result = mergeRichText({
      baseline,
      jira: docOf([para('One'), para('2')]),
      azure: wrapped,
      fingerprint,
      context: mapped,
    });
    expect(result.kind === 'merged' && result.html).toBe(
      '<div style="font-family:Calibri"><p class=MsoNormal>One</p><p>2</p></div>',
    );
  });

  it('one block that stands for several is one block', () => {
    const html = '<div>before <img src="https://x.example/i.png"> after</div><div>end</div>';
    const before = docOf([
      para('before'),
      {
        type: 'mediaSingle',
        attrs: { layout: 'align-start' },
        content: [{ type: 'media', attrs: { type: 'external', url: 'https://x.example/i.png' } }],
      },
      para('after'),
      para('end'),
    ]);
    const baseline = richTextBaseline(before, html, fingerprint, mapped);
    expect(baseline.pairs).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 1],
    ]);
    const result = mergeRichText({
      baseline,
      jira: docOf(before.content.toSpliced(3, 1, para('END'))),
      azure: html,
      fingerprint,
      context: mapped,
    });
    expect(result.kind === 'merged' && result.html).toBe(
      '<div>before <img src="https://x.example/i.png"> after</div><p>END</p>',
    );
  });
});

/** Distinct plain paragraphs: what must be told apart can be. */
const newParagraph = fc.stringMatching(/^[a-z]{6,10}$/).map((text) => para(`edit ${text}`));

describe('whatever the document', () => {
  it('no change is unchanged', () => {
    fc.assert(
      fc.property(arbitraryAdf, (doc) => {
        const { html } = adfToHtml(doc, mapped);
        const baseline = richTextBaseline(doc, html, fingerprint, mapped);
        expect(mergeRichText({ baseline, jira: doc, azure: html, fingerprint, context: mapped })).toEqual({
          kind: 'unchanged',
        });
      }),
      { numRuns: 60 },
    );
  });

  it('an edit of one block keeps every other block of the other side, to the byte, and loses nothing', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryBlock, { minLength: 1, maxLength: 6 }),
        fc.nat(),
        newParagraph,
        (content, at, replacement) => {
          const doc = docOf(content);
          const { html } = adfToHtml(doc, mapped);
          const baseline = richTextBaseline(doc, html, fingerprint, mapped);
          const index = at % content.length;
          const result = mergeRichText({
            baseline,
            jira: docOf(content.toSpliced(index, 1, replacement)),
            azure: html,
            fingerprint,
            context: mapped,
          });
          if (result.kind !== 'merged') throw new Error(result.kind);
          const kept = baseline.pairs.filter(([i]) => i !== index).map(([, block]) => block);
          const touched = new Set(baseline.pairs.filter(([i]) => i === index).map(([, block]) => block));
          const sources = htmlBlocks(html);
          for (const block of kept) if (!touched.has(block)) expect(result.html).toContain(sources[block]?.source);
          expect(result.html).toContain(plainTextOf(replacement));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('edits of different blocks on both sides lose neither, and both sides then agree', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryBlock, { minLength: 2, maxLength: 6 }),
        fc.nat(),
        fc.nat(),
        newParagraph,
        newParagraph,
        (content, a, b, inJira, inAzure) => {
          const doc = docOf(content);
          const { html } = adfToHtml(doc, mapped);
          const baseline = richTextBaseline(doc, html, fingerprint, mapped);
          const blocks = htmlBlocks(html);
          const index = a % content.length;
          const other = baseline.pairs.filter(([i]) => i !== index);
          const target = other[b % Math.max(1, other.length)]?.[1];
          fc.pre(target !== undefined && plainTextOf(inJira) !== plainTextOf(inAzure));
          fc.pre(baseline.pairs.every(([i, j]) => i !== index || j !== target));
          const azureNow = blocks
            .map(({ source }, i) => (i === target ? `<div>${plainTextOf(inAzure)}</div>` : source))
            .join('');
          const jiraNow = docOf(content.toSpliced(index, 1, inJira));
          const result = mergeRichText({ baseline, jira: jiraNow, azure: azureNow, fingerprint, context: mapped });
          if (result.kind !== 'merged') throw new Error(result.kind);
          for (const text of [plainTextOf(inJira), plainTextOf(inAzure)]) {
            expect(result.html).toContain(text);
            expect(JSON.stringify(result.doc)).toContain(text);
          }
          expect(schemaError(result.doc)).toBeUndefined();
          const after = richTextBaseline(result.doc ?? jiraNow, result.html ?? azureNow, fingerprint, mapped);
          expect(
            mergeRichText({
              baseline: after,
              jira: result.doc ?? jiraNow,
              azure: result.html ?? azureNow,
              fingerprint,
              context: mapped,
            }),
          ).toEqual({ kind: 'unchanged' });
        },
      ),
      { numRuns: 60 },
    );
  });
});
