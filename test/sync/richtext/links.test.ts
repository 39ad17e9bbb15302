// Items named in texts: what stands for an item on one side is what a person would write on the other, and turns back.

import { describe, expect, it } from 'vitest';
import type { Side } from '../../../backend/src/sync/model.ts';
import { type AdfNode, docOf, paragraph, textNode } from '../../../backend/src/sync/richtext/adf.ts';
import { adfToHtml } from '../../../backend/src/sync/richtext/adf-to-html.ts';
import { htmlToAdf } from '../../../backend/src/sync/richtext/html-to-adf.ts';
import {
  awaitedNames,
  itemInAddress,
  type LinkResolver,
  possibleNames,
} from '../../../backend/src/sync/richtext/links.ts';
import { adfToMarkdown, markdownToAdf } from '../../../backend/src/sync/richtext/markdown.ts';
import { normalForm } from '../../../backend/src/sync/richtext/normal.ts';
import fc from '../../property.ts';

const sites = { jira: 'https://acme.atlassian.net', azure: 'https://dev.azure.com/acme' };
const browse = (key: string) => `${sites.jira}/browse/${key}`;
const edit = (id: string) => `${sites.azure}/My%20Project/_workitems/edit/${id}`;
const pairs = [
  ['TAN-12', '123'],
  ['TAN-1', '7'],
].map(([jira = '', azure = '']) => ({
  jira: { key: jira, url: browse(jira) },
  azure: { key: azure, url: edit(azure) },
}));
const links: LinkResolver = {
  sites,
  project: 'TAN',
  pairOf: (side: Side, key: string) => pairs.find((pair) => pair[side].key === key),
};

const line = (...content: AdfNode[]) => docOf([paragraph(content)]);
const toHtml = (...content: AdfNode[]) => adfToHtml(line(...content), { links }).html;
const fromHtml = (html: string) => htmlToAdf(html, { links }).doc.content[0]?.content ?? [];
const linked = (text: string, href: string, title?: string) =>
  textNode(text, [{ type: 'link', attrs: { href, ...(title === undefined ? {} : { title }) } }]);
const card = (url: string): AdfNode => ({ type: 'inlineCard', attrs: { url } });

describe('an item that a text names', () => {
  it.each<readonly [string, readonly AdfNode[], string]>([
    ['a plain key', [textNode('see TAN-12, please')], `see <a href="${edit('123')}" title="TAN-12">#123</a>, please`],
    ['a key with a comma and brackets', [textNode('(TAN-1)')], `(<a href="${edit('7')}" title="TAN-1">#7</a>)`],
    ['a plain address', [textNode(`at ${browse('TAN-12')}.`)], `at ${edit('123')}.`],
    ['a linked word', [linked('this one', browse('TAN-12'))], `<a href="${edit('123')}">this one</a>`],
    ['a linked key', [linked('TAN-12', browse('TAN-12'))], `<a href="${edit('123')}">#123</a>`],
    [
      'a link that shows its address',
      [linked(browse('TAN-1'), browse('TAN-1'))],
      `<a href="${edit('7')}">${edit('7')}</a>`,
    ],
    ['a smart link', [card(browse('TAN-12'))], `<a href="${edit('123')}" title="${edit('123')}">${edit('123')}</a>`],
  ])('as %s turns into its counterpart and back', (_, content, html) => {
    expect(toHtml(...content)).toBe(`<p>${html}</p>`);
    expect(fromHtml(`<p>${html}</p>`)).toEqual(content);
  });

  it.each<readonly [string, string, readonly AdfNode[]]>([
    [
      'a plain number',
      'see #123 now',
      [textNode('see '), linked('TAN-12', browse('TAN-12'), '#123'), textNode(' now')],
    ],
    ['a number as GitHub writes it', 'fixes AB#7', [textNode('fixes '), linked('TAN-1', browse('TAN-1'), 'AB#7')]],
    ['a link that a person made', `<a href="${edit('123')}">#123</a>`, [linked('TAN-12', browse('TAN-12'))]],
    [
      'an address without the project',
      `<a href="${sites.azure}/_workitems/edit/7/">x</a>`,
      [linked('x', browse('TAN-1'))],
    ],
  ])('in Azure DevOps as %s turns into its counterpart', (_, html, content) => {
    expect(fromHtml(`<p>${html}</p>`)).toEqual(content);
  });

  it('turns back to the plain number that it was', () => {
    const content = fromHtml('<p>see #123 and AB#7</p>');
    expect(toHtml(...content)).toBe('<p>see #123 and AB#7</p>');
  });

  it('in a block card, a table and a list is found as well', () => {
    const cell = { type: 'tableCell', content: [paragraph([textNode('TAN-1')])] };
    const doc = docOf([
      { type: 'blockCard', attrs: { url: browse('TAN-12') } },
      { type: 'table', content: [{ type: 'tableRow', content: [cell] }] },
    ]);
    const { html } = adfToHtml(doc, { links });
    expect(html).toContain(edit('123'));
    expect(html).toContain('>#7</a>');
    expect(html).not.toContain('atlassian');
  });

  it('turns around in Markdown too', () => {
    const { markdown } = adfToMarkdown(line(textNode('see TAN-12')), { links });
    expect(markdown).toContain(edit('123'));
    expect(markdownToAdf(markdown, { links }).doc.content[0]?.content).toEqual([textNode('see TAN-12')]);
  });

  it.each([
    ['without a pair', textNode('TAN-99 and OPS-1')],
    ['in code', textNode('TAN-12', [{ type: 'code' }])],
    ['inside another word', textNode('XTAN-12 TAN-123 TAN-12-fix a/TAN-12 TAN-12.txt')],
    ['in an address of another site', textNode('https://other.example/browse/TAN-12')],
    ['with a place within its page', textNode(`${browse('TAN-12')}?focusedCommentId=5`)],
  ])('%s stays as it is', (_, node) => {
    expect(toHtml(node)).toBe(adfToHtml(line(node)).html);
  });

  it('in a code block stays as it is', () => {
    const doc = docOf([{ type: 'codeBlock', content: [textNode('TAN-12 #123')] }]);
    const { html } = adfToHtml(doc, { links });
    expect(html).toBe(adfToHtml(doc).html);
    expect(htmlToAdf(html, { links }).doc).toEqual(htmlToAdf(html).doc);
  });

  it('numbers that are no work items stay', () => {
    const html = '<p>#999, &#35;x, colour #123abc, page/#7, C#7</p>';
    expect(htmlToAdf(html, { links }).doc).toEqual(htmlToAdf(html).doc);
  });
});

describe('addresses of an item', () => {
  it.each([
    ['jira', `${sites.jira}/browse/TAN-12`, 'TAN-12'],
    ['jira', `${sites.jira.toUpperCase().replace('HTTPS', 'https')}/browse/TAN-12/`, 'TAN-12'],
    ['jira', `${sites.jira}/jira/software/projects/TAN/boards/1?selectedIssue=TAN-12`, 'TAN-12'],
    ['jira', `${sites.jira}/jira/software/c/projects/TAN/issues/TAN-12`, 'TAN-12'],
    ['jira', `${sites.jira}/browse/TAN-12#comment`, undefined],
    ['jira', `${sites.jira}/projects/TAN-12`, undefined],
    ['azure', `${sites.azure}/Tandem/_workitems/edit/123`, '123'],
    ['azure', `${sites.azure}/Tandem/_workitems?id=123&_a=edit`, '123'],
    ['azure', `${sites.azure}/Tandem/_boards/board/t/Team/Stories?workitem=123`, '123'],
    ['azure', `${sites.azure}/Tandem/_workitems/edit/0123`, undefined],
    ['azure', 'https://dev.azure.com/other/Tandem/_workitems/edit/123', undefined],
    ['azure', 'not an address', undefined],
  ] as const)('%s: %s', (side, address, key) => {
    expect(itemInAddress(side, sites[side], address)).toBe(key);
  });
});

describe('any text', () => {
  const piece = fc.oneof(
    fc.constantFrom('TAN-12', 'TAN-1', 'TAN-99', browse('TAN-12'), ' and ', '(', ')', ', ', ' ', 'word', '-', '.', '/'),
    fc.string({ maxLength: 6 }),
  );
  it('comes back as it went, and says no more of paired issues', () => {
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), (pieces) => {
        const doc = line(textNode(`x ${pieces.join('')} x`.replaceAll(/[#\u0000-\u001f]/g, '')));
        const plain = htmlToAdf(adfToHtml(doc).html).doc;
        const there = htmlToAdf(adfToHtml(doc, { links }).html, { links }).doc;
        expect(there.content.map(normalForm)).toEqual(plain.content.map(normalForm));
        const again = adfToHtml(there, { links }).html;
        expect(again).toBe(adfToHtml(doc, { links }).html);
      }),
    );
  });
});

describe('names to wait for', () => {
  it('are those without a pair that both texts say', () => {
    const jira = JSON.stringify(line(textNode('TAN-12 TAN-99 OPS-5 UTF-8')));
    expect(awaitedNames('azure', '<p>TAN-99 OPS-5 TAN-12</p>', jira, links)).toEqual(['TAN-99']);
    expect(awaitedNames('azure', '<p>nothing</p>', jira, links)).toEqual([]);
    expect(awaitedNames('jira', '"#55 and #123"', '<p>#55 #123</p>', links)).toEqual(['55']);
  });

  it('are looked for in every form', () => {
    const raw = `${browse('TAN-4')} ${sites.azure}/p/_workitems/edit/9 ?workitem=8 #6 &#39; A-1`;
    expect(possibleNames(raw)).toEqual({ jira: ['TAN-4'], azure: ['9', '8', '6'] });
  });
});
