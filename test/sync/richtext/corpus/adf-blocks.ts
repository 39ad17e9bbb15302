// Blocks of ADF: headings, lists, tasks, decisions, quotations, code, rules, alignment.
import {
  adf,
  align,
  ann,
  br,
  type CorpusDocument,
  code,
  date,
  done,
  el,
  h,
  indent,
  li,
  link,
  mark,
  ol,
  type Part,
  p,
  panel,
  rule,
  small,
  status,
  t,
  tasks,
  todo,
  ul,
  withMarks,
} from './document.ts';

const decision = (state: string, ...content: readonly Part[]) =>
  el('decisionItem', { localId: 'd1', state }, ...content);
const decisions = (...content: readonly ReturnType<typeof decision>[]) =>
  el('decisionList', { localId: 'd0' }, ...content);

export const adfBlocks: readonly CorpusDocument[] = [
  adf('an outline of all six levels of headings', [
    h(1, 'Release 4.2'),
    h(2, 'Scope'),
    h(3, 'Backend'),
    h(4, 'Queue'),
    h(5, 'Retries'),
    h(6, 'Back-off'),
    p('Text under the last one.'),
  ]),
  adf('headings with formatting, code, a link and a status', [
    h(2, 'How ', t('not', 'em'), ' to call ', t('sync()', 'code')),
    h(3, t('Links', link('https://wiki.example/links')), ' ', status('DRAFT', 'yellow')),
  ]),
  adf('an empty heading between two paragraphs', [p('before'), h(2), p('after')]),
  adf('centred and right-aligned lines', [
    withMarks(h(1, 'Invitation'), align('center')),
    withMarks(p('all day, ', t('room 4', 'strong')), align('center')),
    withMarks(p('Berlin, in May'), align('end')),
  ]),
  adf('paragraphs indented once, twice and six times', [
    withMarks(p('First level'), indent(1)),
    withMarks(p('Second level'), indent(2)),
    withMarks(h(3, 'A heading in the second'), indent(2)),
    withMarks(p('Deepest'), indent(6)),
  ]),
  adf('the small print below a text', [
    p('The offer stands.'),
    withMarks(p('Prices without tax. ', t('Terms', link('https://acme.example/terms')), ' apply.'), small),
    withMarks(p('centred small print'), small, align('center')),
  ]),
  adf('a plain list', [ul('Check the logs', 'Restart the worker', 'Look again')]),
  adf('a numbered list that goes on after a remark', [
    ol('Stop the service', 'Take a backup'),
    p('Wait for the backup to finish.'),
    el('orderedList', { order: 3 }, li('Migrate'), li('Start')),
  ]),
  adf('a list that counts from nought', [el('orderedList', { order: 0 }, li('ground floor'), li('first floor'))]),
  adf('lists in lists, four levels, mixed', [
    ul(li('Europe', ol(li('Germany', ul('Berlin', li('Hamburg', ul('Altona')))), 'France')), 'Asia'),
  ]),
  adf('items of several paragraphs, with code and a picture of text', [
    ol(
      li(p('Open the console.'), p('It takes a while.')),
      li(p('Type:'), code('tandem sync --watch', { language: 'bash' })),
      li('Done'),
    ),
  ]),
  adf('empty items in a list', [ul(li(p()), 'middle', li(p()))]),
  adf('items with formatting, breaks and people', [
    ul(p(t('Owner:', 'strong'), ' ', ann), p('line one', br, 'line two'), p('due ', date('2026-06-30'))),
  ]),
  adf('two lists directly after one another', [ul('a', 'b'), ol('one', 'two')]),
  adf('two bullet lists directly after one another', [ul('first list'), ul('second list')]),
  adf('a checklist of a release', [
    tasks(
      done('Freeze'),
      todo('Write ', t('release notes', 'em'), ' for ', ann),
      todo('Tag ', t('v4.2', 'code')),
      todo(),
    ),
  ]),
  adf('a checklist in a checklist', [
    tasks(todo('Prepare'), tasks(done('Book the room'), tasks(todo('Ask for keys'))), done('Invite')),
  ]),
  adf('a checklist inside a list', [ul(li('Before', tasks(todo('pack'), done('tickets'))), 'After')]),
  adf('tasks of two paragraphs', [
    tasks(
      el('blockTaskItem', { localId: 'b1', state: 'TODO' }, p('Call the customer'), p('Number is in the CRM')),
      el('blockTaskItem', { localId: 'b2', state: 'DONE' }, withMarks(p('Small note'), small), p('and more')),
    ),
  ]),
  adf('a bullet list whose lines start with brackets', [ul('[ ] typed by hand', '[x] also by hand')], 'look-alike'),
  adf('decisions, taken and open', [
    decisions(
      decision('DECIDED', 'We use ', t('PostgreSQL', 'strong')),
      decision('UNDECIDED', 'Region: ', status('OPEN', 'yellow')),
      decision('DECIDED'),
    ),
  ]),
  adf('a decision in a state of its own', [decisions(decision('REVERTED', 'Use the old queue'))], 'odd-value'),
  adf('a quotation of several blocks', [
    el(
      'blockquote',
      undefined,
      p('To be, or not to be,'),
      p('that is the ', t('question', 'em')),
      ul('to suffer', 'to end'),
    ),
    p('— Hamlet'),
  ]),
  adf('a quotation with code and a nested list', [
    el('blockquote', undefined, p('They wrote:'), code('ERR 42', {}), ol(li('first', ul('detail')))),
  ]),
  adf('code of a known language', [
    code("export const greet = (name: string): string => 'Hello, ' + name;\n\n// <b>no HTML</b> & 'quotes'\n", {
      language: 'typescript',
    }),
  ]),
  adf('code without a language, with blank lines at both ends', [code('\n\n  indented\n\ttabbed\n\n')]),
  adf('an empty code block', [code('', { language: 'java' })]),
  adf('code that wraps, code without line numbers, wide code', [
    code('a very long line '.repeat(12).trim(), { language: 'plaintext', wrap: true }),
    code('1\n2\n3', { hideLineNumbers: true }),
    withMarks(code('| wide | table | of | text |', { language: 'markdown' }), mark('breakout', { mode: 'wide' })),
    withMarks(code('SELECT 1;', { language: 'sql' }), mark('breakout', { mode: 'full-width', width: 1600 })),
  ]),
  adf('languages with odd names', [
    code('int main() {}', { language: 'c++' }),
    code('Console.WriteLine();', { language: 'c#' }),
    code('plain', { language: 'plain text' }),
    code('?', { language: 'objective-c' }),
  ]),
  adf('code in several text nodes', [el('codeBlock', { language: 'yaml' }, 'a: 1\n', 'b: 2')]),
  adf('code with a no-break space', [code('x\u00a0= 1')], 'no-break-space'),
  adf('a stack trace', [
    code(
      'java.lang.NullPointerException: Cannot invoke "String.length()" because "<local1>" is null\n\tat com.acme.Main.run(Main.java:42)\n\tat com.acme.Main.main(Main.java:7)',
      { language: 'java' },
    ),
  ]),
  adf('rules between sections', [p('above'), rule, p('between'), rule, rule, p('below')]),
  adf('minutes of a meeting', [
    h(1, 'Weekly, ', date('2026-11-24')),
    p('Present: ', ann, ', guests'),
    decisions(decision('DECIDED', 'Ship on Friday')),
    tasks(todo(ann, ' to tell support')),
    rule,
    panel('note', 'Next week in room 5'),
  ]),
  adf('a bug report', [
    h(2, 'Steps'),
    ol('Open the board', p('Click ', t('Filter', 'strong')), 'Wait'),
    h(2, 'Expected'),
    p('The board shows my items'),
    h(2, 'Actual'),
    p('It shows ', t('HTTP 500', 'code')),
    code('{"error":"internal"}', { language: 'json' }),
  ]),
  adf('a story with acceptance criteria', [
    p(
      t('As a', 'strong'),
      ' planner',
      br,
      t('I want', 'strong'),
      ' sprints on both sides',
      br,
      t('so that', 'strong'),
      ' nobody types twice',
    ),
    ul(p(t('Given', 'em'), ' a sprint'), p(t('When', 'em'), ' it starts'), p(t('Then', 'em'), ' both sides show it')),
  ]),
];
