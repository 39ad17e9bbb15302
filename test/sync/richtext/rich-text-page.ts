// Writes docs/rich-text.md out of the conversion itself: what each node becomes, the closed list of losses, and the corpus'
// figures. `node test/sync/richtext/rich-text-page.ts` writes it; a test holds that it is up to date.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AdfNode, docOf } from '../../../backend/src/sync/richtext/adf.ts';
import { adfToHtml } from '../../../backend/src/sync/richtext/adf-to-html.ts';
import { type LossMeaning, lossKinds } from '../../../backend/src/sync/richtext/losses.ts';
import { corpus } from './corpus/corpus.ts';
import {
  ann,
  br,
  code,
  color,
  comment,
  date,
  el,
  emoji,
  file,
  highlight,
  indent,
  link,
  mark,
  p,
  panel,
  row,
  small,
  status,
  t,
  table,
  tasks,
  todo,
  withMarks,
} from './corpus/document.ts';
import { mapped } from './people.ts';
import { samples } from './pictures/samples.ts';

export const pagePath = join(import.meta.dirname, '../../../docs/rich-text.md');

/** What stands in the first table, each with a smallest example. */
const examples: readonly (readonly [string, AdfNode])[] = [
  ['marks', p(t('b', 'strong'), t('i', 'em'), t('u', 'underline'), t('s', 'strike'), t('c', 'code'))],
  ['sub- and superscript', p('H', t('2', mark('subsup', { type: 'sub' })), 'O')],
  ['colour, highlight', p(t('red', color('#ff5630')), t('marked', highlight('#fedec8')))],
  ['link with a title', p(t('here', link('https://x.example', 'title')))],
  ['inline comment', p(t('text', comment('7f3a')))],
  ['line break, tab', p('a', br, 'b\tc')],
  ['mention of a mapped person', p(ann)],
  ['emoji', p(emoji(':tada:', '🎉', '1f389'))],
  ['date', p(date('2026-11-24'))],
  ['status', p(status('DONE', 'green'))],
  ['placeholder', p(el('placeholder', { text: 'What happened?' }))],
  ['smart link', p(el('inlineCard', { url: 'https://x.example/1' }))],
  ['card', el('blockCard', { url: 'https://x.example/1' })],
  ['embedded page', el('embedCard', { url: 'https://x.example/1', layout: 'center', width: 80, originalHeight: 420 })],
  ['indentation', withMarks(p('in'), indent(2))],
  ['small text', withMarks(p('small'), small)],
  ['task list', tasks(todo('write'))],
  ['decision list', el('decisionList', { localId: '' }, el('decisionItem', { localId: '', state: 'DECIDED' }, 'yes'))],
  ['code block', code('x = 1', { language: 'python', hideLineNumbers: true })],
  ['panel', panel('warning', 'careful')],
  [
    'panel of an own colour',
    el('panel', { panelType: 'custom', panelColor: '#e6fcff', panelIcon: ':rainbow:', panelIconText: '🌈' }, p('x')),
  ],
  ['expand', el('expand', { title: 'More' }, p('x'))],
  [
    'columns',
    el(
      'layoutSection',
      undefined,
      el('layoutColumn', { width: 50 }, p('a')),
      el('layoutColumn', { width: 50 }, p('b')),
    ),
  ],
  ['table', table({ isNumberColumnEnabled: true, layout: 'wide' }, row('a'))],
  [
    'image with a caption',
    el('mediaSingle', { layout: 'wide' }, file('f1', { alt: 'plan' }), el('caption', undefined, 'Plan')),
  ],
  ['files', el('mediaGroup', undefined, file('f1', { alt: 'f1.png' }))],
  ['macro', el('extension', { extensionType: 'com.acme', extensionKey: 'chart' })],
  ['macro with a body', el('bodiedExtension', { extensionType: 'com.acme', extensionKey: 'excerpt' }, p('x'))],
];

const ways: Readonly<Record<LossMeaning['to'], string>> = {
  azure: 'to Azure DevOps',
  jira: 'to Jira',
  both: 'both ways',
};

export function richTextPage(): string {
  const of = (form: string) => corpus.filter((document) => (document.over ?? document.form) === form);
  const clean = (documents: typeof corpus) => documents.filter(({ losses }) => losses.length === 0).length;
  const figures = (['adf', 'html', 'markdown'] as const).map(
    (form) =>
      `| ${{ adf: 'ADF', html: 'HTML', markdown: 'Markdown, or ADF over it' }[form]} | ${of(form).length} | ${clean(of(form))} | ${of(form).length - clean(of(form))} |`,
  );
  const losses = Object.entries(lossKinds).map(([kind, { to, what, instead }]) => {
    const seen = corpus.filter((document) => document.losses.some((loss) => loss === kind)).length;
    return `| \`${kind}\` | ${ways[to]} | ${what} | ${instead} | ${seen === 0 ? '' : seen} |`;
  });
  const forms = examples.map(([name, node]) => {
    const { html } = adfToHtml(docOf([node]), mapped);
    return `| ${name} | ${inCode(html)} |`;
  });
  const pictures = samples.map(({ file: name, title }) => `- [${title}](richtext/${name}.png)`);
  return `# Rich text

<!-- Written by test/sync/richtext/rich-text-page.ts; change that, not this. -->

Jira keeps texts as ADF, Azure DevOps as HTML or Markdown. Tandem converts each block of a text that changed, and only
those: a block that nobody touched on the other side keeps its own form there, so a loss named below happens to a block only
when somebody edits that very block on the other side. \`tandem convert\` shows what becomes of a text, what comes back of
it, and each loss with its place: \`{"path","node","kind","reason"}\`. A text without losses is *lossless*: what comes back
says the same, down to the normal form at the end of this page.

## What becomes of what

Azure DevOps cleans the HTML that it is given; what HTML has no element for is therefore told by structure, visible text,
\`style\` and \`title\` alone.

| in Jira | in Azure DevOps |
| --- | --- |
${forms.join('\n')}

## What is lost

This list is closed: a loss of another kind cannot be told, and the corpus fails where one happens untold.

| kind | when | what | what stands there instead | documents of the corpus |
| --- | --- | --- | --- | --- |
${losses.join('\n')}

## The corpus

${corpus.length} documents, each taken over the other side and back in a test: it must come back the same, or with exactly the losses
that the document names; a second round changes nothing; every ADF is valid against Atlassian's schema. The documents hold
every node and mark of that schema.

| form | documents | lossless | with named losses |
| --- | --- | --- | --- |
${figures.join('\n')}
| all | ${corpus.length} | ${clean(corpus)} | ${corpus.length - clean(corpus)} |

As both sides show some of them:

${pictures.join('\n')}

## The normal form

Two texts say the same when they differ in nothing but this.

In ADF: ids that editors make up (\`localId\`, \`uniqueId\`, \`occurrenceKey\`), a file's \`collection\`, the name inside a
mention (its id counts); attributes that are absent or have their default; the order of marks; the case of colours, and
colour names as numbers; spaces in addresses as \`%20\`; neighbouring texts with the same marks; a line feed in a text as a
hard break; space at the end of a line; a plain emoji's id.

In HTML: which of the elements and styles that look alike is used (\`b\`, \`strong\`, \`font-weight\`; \`i\`, \`em\`, \`cite\`, \`var\`;
\`u\`, \`ins\`; \`s\`, \`strike\`, \`del\`; \`code\`, \`kbd\`, \`samp\`, \`tt\`; \`div\`, \`p\`, \`section\`); white space that a browser does not
show, and no-break spaces as spaces; black text and white backgrounds; margins, paddings, line heights, and the lines,
heights and paddings of tables; classes, ids, \`data-\` and vendors' attributes and styles; comments, hidden elements and empty
ones; lists that Word makes of paragraphs as lists; boxes that look like a panel or an expand of Jira as such.
`;
}

/** In a cell of a table. */
function inCode(html: string): string {
  return `\`${html.replaceAll('|', '\\|').replaceAll('\t', '⇥')}\``;
}

if (process.argv[1] === import.meta.filename) await writeFile(pagePath, richTextPage());
