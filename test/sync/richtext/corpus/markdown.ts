// Markdown, as fields hold it that were switched to it, and what of ADF such a field can hold.
import type { LossKind } from '../../../../backend/src/sync/richtext/losses.ts';
import { annIdentity } from '../people.ts';
import {
  adf,
  ann,
  type CorpusDocument,
  code,
  color,
  date,
  done,
  el,
  emoji,
  h,
  head,
  link,
  ol,
  overMarkdown,
  p,
  panel,
  row,
  rule,
  status,
  t,
  table,
  tasks,
  td,
  todo,
  ul,
} from './document.ts';

const md = (name: string, text: string, ...losses: readonly LossKind[]): CorpusDocument => ({
  name,
  form: 'markdown',
  text,
  losses,
});

export const markdownTexts: readonly CorpusDocument[] = [
  md(
    'a text with the usual signs',
    'Some **bold**, _italic_, ~~struck~~ and `code`.\n\nA [link](https://x.example/a?b=1 "title") and https://bare.example.\n',
  ),
  md('headings and rules', '# One\n\n## Two\n\ntext\n\n---\n\n###### Six\n'),
  md('lists, nested and numbered', '- a\n  - b\n    1. c\n    2. d\n- e\n\n5. five\n6. six\n'),
  md('tasks', '- [x] done\n- [ ] open **now**\n'),
  md('a fenced block with a language', '```csharp\nvar x = 1;\n\nif (x < 2) { }\n```\n\n    indented code\n'),
  md('a quotation with a list', '> said\n>\n> - one\n> - two\n'),
  md('a table with a header', '| Name | Age |\n| --- | --- |\n| Ann | 41 |\n| **Bob** | `7` |\n'),
  md('a mention and the number of a work item', `Hi @<${annIdentity.toUpperCase()}>, see #42.\n`),
  md('an image and a line break', '![Logo](https://img.example/logo.png)\n\nline one\\\nline two\n'),
  md('signs that mean themselves', '2 \\* 3 \\_ 4 \\# no &lt;b&gt; 1\\. [x\\]\n'),
  md('HTML in Markdown', 'Press <kbd>Enter</kbd> and <b>wait</b>.\n\n<div>a block</div>\n'),
  md('HTML in Markdown that would run', 'x <script>alert(1)</script> <a href="javascript:alert(1)">y</a>\n', 'address'),
];

export const adfOverMarkdown: readonly CorpusDocument[] = [
  adf('a description with headings and code', [
    h(2, 'Why'),
    p('Because of ', t('a bug', 'strong'), ' in ', t('run()', 'code'), '.'),
    code('a = 1', { language: 'python' }),
    rule,
    p('End'),
  ]),
  adf('lists and tasks of a sprint', [
    ul('a', p('b ', t('now', 'em'))),
    ol('one', 'two'),
    tasks(done('ship'), todo('tell')),
  ]),
  adf('a simple table and links', [
    table(undefined, head('Who', 'Where'), row('Ann', 'Berlin')),
    p(t('wiki', link('https://wiki.example/a_b')), ' by ', ann),
  ]),
  adf('text full of the signs of Markdown', [p('2 * 3 = *6* and _x_ # no 1. no > no [x](y) `z` <b>')]),
  adf('a panel and a status', [panel('warning', 'careful'), p('is ', status('OPEN', 'blue'))], 'markdown', 'markdown'),
  adf(
    'colours and underlined text',
    [p(t('red', color('#ff5630')), ' ', t('under', 'underline'))],

    'markdown',
  ),
  adf(
    'a table with spans and lists',
    [table(undefined, head('a', 'b'), row(td({ colspan: 2 }, 'wide')), row(td(undefined, ul('x', 'y')), 'z'))],
    'markdown',
    'markdown',
  ),
  adf(
    'a date, an emoji and an expand',
    [p(date('2026-05-01'), ' ', emoji(':tada:', '🎉')), el('expand', { title: 'More' }, p('in'))],
    'markdown',
    'markdown',
  ),
].map(overMarkdown);
