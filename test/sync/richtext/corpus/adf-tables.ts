// Tables and columns of ADF.
import {
  adf,
  align,
  ann,
  type CorpusDocument,
  code,
  date,
  done,
  el,
  file,
  h,
  head,
  mark,
  ol,
  p,
  panel,
  row,
  rule,
  single,
  small,
  status,
  t,
  table,
  tasks,
  td,
  th,
  todo,
  ul,
  withMarks,
} from './document.ts';

const columns = (...content: readonly ReturnType<typeof el>[]) => el('layoutSection', undefined, ...content);
const column = (width: number, ...content: readonly ReturnType<typeof el>[]) =>
  el('layoutColumn', { width }, ...content);

export const adfTables: readonly CorpusDocument[] = [
  adf('a table with a header row', [table(undefined, head('Name', 'Role'), row('Ann', 'Lead'), row('Bob', 'Tester'))]),
  adf('a table with a header column', [
    table(
      undefined,
      row(th(undefined, 'CPU'), '4 cores'),
      row(th(undefined, 'Memory'), '16 GB'),
      row(th(undefined, 'Disk'), ''),
    ),
  ]),
  adf('a table of empty cells', [table(undefined, row('', ''), row('', ''))]),
  adf('cells over several columns and rows', [
    table(
      undefined,
      row(th({ colspan: 3 }, 'Quarter')),
      row(td({ rowspan: 2 }, 'EMEA'), td({ colspan: 2 }, 'planned')),
      row('Q1', 'Q2'),
      row(td({ colspan: 2, rowspan: 2 }, 'APAC'), 'x'),
      row('y'),
    ),
  ]),
  adf('coloured cells of a traffic light', [
    table(
      undefined,
      row(
        td({ background: '#abf5d1' }, 'done'),
        td({ background: '#fff0b3' }, 'at risk'),
        td({ background: '#ffbdad' }, 'late'),
      ),
      row(th({ background: '#deebff' }, p(t('blue', 'strong'))), td({ background: '#F4F5F7' }, 'grey'), ''),
    ),
  ]),
  adf(
    'a cell whose background is a name that means nothing',
    [table(undefined, row(td({ background: 'lightish' }, 'x')))],
    'odd-value',
  ),
  adf('columns of fixed widths, also below a heading over both', [
    table(
      { displayMode: 'fixed', width: 760 },
      row(th({ colspan: 2, colwidth: [120, 340] }, 'Both'), th({ colwidth: [300] }, 'Third')),
      row(td({ colwidth: [120] }, 'narrow'), td({ colwidth: [340] }, 'wide'), td({ colwidth: [300] }, 'rest')),
    ),
  ]),
  adf(
    'widths of a spanning cell that no other cell tells',
    [table(undefined, row(td({ colspan: 2, colwidth: [100, 201] }, 'x')), row('a', 'b'))],
    'size',
  ),
  adf('a numbered table', [
    table({ isNumberColumnEnabled: true }, head('Step', 'Who'), row('Build', 'CI'), row('Ship', 'Ann')),
  ]),
  adf('tables in each place of the page', [
    table({ layout: 'wide' }, row('wide')),
    table({ layout: 'full-width', width: 1800 }, row('full')),
    table({ layout: 'align-start', width: 300 }, row('left')),
    table({ layout: 'align-end', width: 300 }, row('right')),
    table({ layout: 'center' }, row('centre')),
  ]),
  adf('cells aligned to the middle and the bottom', [
    table(
      undefined,
      row(td({ valign: 'middle' }, 'middle'), td({ valign: 'bottom' }, 'bottom'), td({ valign: 'top' }, 'top')),
    ),
  ]),
  adf('cells full of blocks', [
    table(
      undefined,
      row(td(undefined, h(3, 'Title'), p('two'), p('paragraphs')), td(undefined, ul('a', 'b')), td(undefined, ol('1'))),
      row(
        td(undefined, code('x = 1', { language: 'python' })),
        td(undefined, tasks(todo('do'), done('did'))),
        td(undefined, rule),
      ),
      row(
        td(undefined, panel('warning', 'careful')),
        td(undefined, el('blockquote', undefined, p('said'))),
        td(undefined, el('nestedExpand', { title: 'more' }, p('hidden'))),
      ),
    ),
  ]),
  adf('cells with people, dates, statuses and aligned text', [
    table(
      undefined,
      head('Who', 'When', 'State'),
      row(td(undefined, p(ann)), td(undefined, p(date('2026-07-01'))), td(undefined, p(status('OPEN', 'blue')))),
      row(
        td(undefined, withMarks(p('12.50'), align('end'))),
        td(undefined, withMarks(p('middle'), align('center'))),
        td(undefined, withMarks(p('tiny'), small)),
      ),
    ),
  ]),
  adf('a picture in a cell', [
    table(
      undefined,
      row(
        td(
          undefined,
          single({ layout: 'center', width: 200, widthType: 'pixel' }, file('shot', { alt: 'Screenshot' })),
        ),
        'what it shows',
      ),
    ),
  ]),
  adf(
    'a table that a chart reads',
    [
      withMarks(
        table(undefined, head('Month', 'Items'), row('May', '12')),
        mark('fragment', { localId: 'f-1', name: 'Throughput' }),
      ),
    ],
    'app-data',
  ),
  adf('two columns', [columns(column(50, h(3, 'Pros'), ul('fast')), column(50, h(3, 'Cons'), ul('new')))]),
  adf('three columns of different widths, one empty', [
    columns(column(25, p('left')), column(50, p('middle'), table(undefined, row('in', 'columns'))), column(25, p())),
  ]),
  adf('wide columns with valigned text', [
    withMarks(
      columns(
        el('layoutColumn', { width: 66.66, valign: 'middle' }, p('two thirds'), panel('tip', 'Try it')),
        el('layoutColumn', { width: 33.33, valign: 'bottom' }, p('one third')),
      ),
      mark('breakout', { mode: 'wide' }),
    ),
    p('after'),
    withMarks(
      columns(column(33.33, p('a')), column(33.33, p('b')), column(33.33, p('c'))),
      mark('breakout', { mode: 'full-width' }),
    ),
  ]),
  adf(
    'expands and macros in columns',
    [
      columns(
        column(50, el('expand', { title: 'Logs' }, code('ok'))),
        column(50, el('bodiedExtension', { extensionType: 'com.acme', extensionKey: 'excerpt' }, p('the gist'))),
      ),
    ],
    'jira-only',
  ),
  adf('a price list with a sum', [
    table(
      { width: 500 },
      row(th({ colwidth: [300] }, 'Item'), th({ colwidth: [200] }, 'Price')),
      row(td({ colwidth: [300] }, 'Licence'), td({ colwidth: [200] }, withMarks(p('1,200 €'), align('end')))),
      row(
        td({ colwidth: [300] }, p(t('Sum', 'strong'))),
        td({ colwidth: [200] }, withMarks(p(t('1,200 €', 'strong')), align('end'))),
      ),
    ),
  ]),
  adf('a matrix of permissions', [
    table(
      undefined,
      head('', 'Read', 'Write'),
      row(th(undefined, 'Guest'), '✓', '–'),
      row(th(undefined, 'Member'), '✓', '✓'),
    ),
  ]),
];
