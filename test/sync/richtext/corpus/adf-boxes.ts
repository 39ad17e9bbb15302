// Panels, expands, cards, images and files of ADF.
import {
  adf,
  ann,
  type CorpusDocument,
  code,
  comment,
  done,
  el,
  file,
  h,
  link,
  mark,
  ol,
  type Part,
  p,
  panel,
  row,
  rule,
  single,
  t,
  table,
  tasks,
  todo,
  ul,
  unmapped,
  withMarks,
} from './document.ts';

const image = (attrs: Readonly<Record<string, unknown>>) => el('media', { type: 'external', ...attrs });
const caption = (...content: readonly Part[]) => el('caption', undefined, ...content);
const expand = (title: string | undefined, ...content: readonly ReturnType<typeof el>[]) =>
  el('expand', title === undefined ? {} : { title }, ...content);
export const adfBoxes: readonly CorpusDocument[] = [
  adf('panels of every type', [
    panel('info', 'For your information'),
    panel('note', 'Take note'),
    panel('tip', 'A tip'),
    panel('success', 'All green'),
    panel('warning', 'Careful'),
    panel('error', 'Broken'),
  ]),
  adf('a panel with a heading, lists, code and a task', [
    panel(
      'info',
      h(3, 'Before you start'),
      ul('read', 'ask'),
      ol('first'),
      code('npm ci'),
      tasks(todo('install'), done('read')),
      rule,
      p(t('end', 'em')),
    ),
  ]),
  adf('panels of own colours with icons', [
    el(
      'panel',
      { panelType: 'custom', panelColor: '#e6fcff', panelIcon: ':rainbow:', panelIconText: '🌈', panelIconId: '1f308' },
      p('Pride week'),
    ),
    el('panel', { panelType: 'custom', panelColor: '#F99CDB', panelIcon: ':tada:', panelIconText: '🎉' }, p('Launch')),
    el('panel', { panelType: 'custom', panelColor: '#ffffff' }, p('White, without an icon')),
  ]),
  adf('a custom panel with a site’s own emoji', [
    el(
      'panel',
      {
        panelType: 'custom',
        panelColor: '#dfe1e6',
        panelIcon: ':acme:',
        panelIconId: '0e6f3c3a-7f1c-4f0d-8d19-4a1c0f6d7a11',
        panelIconText: ':acme:',
      },
      p('Ours'),
    ),
  ]),
  adf('a panel right after another and an empty one', [
    panel('note', 'one'),
    panel('note', 'two'),
    panel('error', p()),
  ]),
  adf('an expand with a log inside', [
    expand('Full log', p('From the second run'), code('line 1\nline 2', { language: 'text' })),
  ]),
  adf('expands without a title, wide, and one inside the other', [
    expand(undefined, p('no title')),
    withMarks(expand('Wide', p('x')), mark('breakout', { mode: 'wide', width: 1100 })),
    expand('Outer', p('a'), el('nestedExpand', { title: 'Inner' }, p('b'), ul('c'))),
  ]),
  adf('an expand that holds a table, a panel and columns of text', [
    expand('Everything', table(undefined, row('1', '2')), panel('tip', 'in'), el('blockquote', undefined, p('q'))),
  ]),
  adf('a title with signs and spaces', [expand('What if a < b & "c"?', p('then'))]),
  adf('cards alone in a line', [
    el('blockCard', { url: 'https://acme.atlassian.net/browse/TAN-7' }),
    el('embedCard', { url: 'https://www.youtube.example/watch?v=abc', layout: 'center', width: 80 }),
    el('embedCard', { url: 'https://miro.example/board/1', layout: 'align-end' }),
  ]),
  adf('embedded pages of a known size, wide and floating', [
    el('embedCard', { url: 'https://player.example/1', layout: 'wide', originalWidth: 760, originalHeight: 420 }),
    el('embedCard', { url: 'https://player.example/2', layout: 'full-width', width: 100, originalHeight: 600 }),
    el('embedCard', { url: 'https://player.example/3', layout: 'wrap-left', width: 40 }),
  ]),
  adf(
    'a list of issues that Jira draws from a search',
    [
      el('blockCard', {
        url: 'https://acme.atlassian.net/issues/?jql=project%20%3D%20TAN',
        datasource: {
          id: 'd8b75300',
          parameters: { jql: 'project = TAN', cloudId: 'c' },
          views: [{ type: 'table', properties: { columns: [{ key: 'key' }] } }],
        },
        layout: 'wide',
        width: 1000,
      }),
    ],
    'link-data',
    'link-data',
  ),
  adf(
    'a card with data and without an address',
    [el('blockCard', { data: { '@id': 'https://x.example/2', name: 'Old card' } })],
    'link-data',
  ),
  adf('an image in each layout', [
    single({ layout: 'center' }, file('m1', { alt: 'diagram', width: 640, height: 480 })),
    single({ layout: 'align-start', width: 50 }, file('m2')),
    single({ layout: 'align-end', width: 300, widthType: 'pixel' }, file('m3', { alt: 'chart' })),
    single({ layout: 'wrap-left', width: 33.33 }, file('m4')),
    single({ layout: 'wrap-right', width: 25 }, file('m5')),
    single({ layout: 'wide' }, file('m6')),
    single({ layout: 'full-width' }, file('m7')),
  ]),
  adf('an image with a caption, a link and a border', [
    single(
      { layout: 'center', width: 400, widthType: 'pixel' },
      withMarks(
        file('m1', { alt: 'the new form' }),
        link('https://design.example/form'),
        mark('border', { size: 2, color: '#091e4224' }),
      ),
      caption('The ', t('new', 'strong'), ' form, by ', ann),
    ),
  ]),
  adf('images from elsewhere', [
    single({ layout: 'center' }, image({ url: 'https://img.example/a.png?w=1&h=2', alt: 'A "quoted" name' })),
    single({ layout: 'align-start' }, image({ url: 'https://img.example/b.svg', width: 120, height: 40 })),
  ]),
  adf(
    'an image that lies in the document itself',
    [single({ layout: 'center' }, image({ url: 'data:image/png;base64,iVBORw0KGgo=', alt: 'dot' }))],
    'file',
  ),
  unmapped(
    adf(
      'an image whose file was never copied',
      [p('before'), single({ layout: 'center' }, file('lost', { alt: 'plan.png' })), p('after')],
      'file',
    ),
  ),
  adf('files below a text', [
    p('Attached:'),
    el('mediaGroup', undefined, file('f1', { alt: 'f1.png' }), file('f2', { alt: 'f2.png' })),
  ]),
  adf('a file and a small image in a sentence', [
    p(
      'See ',
      el('mediaInline', { type: 'file', id: 'f1', collection: 'files', alt: 'f1.png' }),
      ' and ',
      el('mediaInline', { type: 'image', id: 'i1', collection: 'files', alt: 'icon', width: 20, height: 20 }),
      ' here',
    ),
  ]),
  adf(
    'a bordered file in a sentence',
    [
      p(
        'x ',
        withMarks(
          el('mediaInline', { type: 'file', id: 'f1', collection: 'files', alt: 'f1.png' }),
          mark('border', { size: 1, color: '#172b4d' }),
        ),
      ),
    ],
    'file-look',
  ),
  unmapped(
    adf(
      'files that were never copied',
      [el('mediaGroup', undefined, file('f1', { alt: 'a.pdf' }), file('f2', { alt: 'b.pdf' }))],
      'file',
      'file',
    ),
  ),
  adf('an image that people talk about', [single({ layout: 'center' }, withMarks(file('m1'), comment('on-image')))]),
];
