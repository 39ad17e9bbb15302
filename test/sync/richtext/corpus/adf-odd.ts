// What only Jira can show: macros, synced blocks, nodes from the future. And ADF as other tools and attackers write it.
import {
  adf,
  ann,
  type CorpusDocument,
  code,
  el,
  h,
  invalid,
  link,
  mark,
  p,
  row,
  single,
  t,
  table,
  ul,
  withMarks,
} from './document.ts';

const macro = (extensionKey: string, parameters?: unknown) =>
  el('extension', {
    extensionType: 'com.atlassian.confluence.macro.core',
    extensionKey,
    ...(parameters === undefined ? {} : { parameters }),
  });

export const adfOdd: readonly CorpusDocument[] = [
  adf(
    'macros: a table of contents, a chart with data',
    [
      macro('toc', { macroParams: { maxLevel: { value: '3' } } }),
      h(2, 'First'),
      withMarks(macro('chart', { type: 'bar' }), mark('dataConsumer', { sources: ['f-1'] })),
    ],
    'jira-only',
    'jira-only',
  ),
  adf(
    'a macro with a body',
    [
      el(
        'bodiedExtension',
        { extensionType: 'com.acme', extensionKey: 'details', text: 'Page properties', layout: 'wide' },
        p('Owner: ', ann),
        table(undefined, row('Team', 'Core')),
      ),
    ],
    'jira-only',
  ),
  invalid(
    adf(
      'a macro with several bodies',
      [
        el(
          'multiBodiedExtension',
          { extensionType: 'com.acme', extensionKey: 'tabs' },
          el('extensionFrame', undefined, p('First tab')),
          el('extensionFrame', undefined, p('Second tab'), ul('x')),
        ),
      ],
      'jira-only',
      'jira-only',
      'jira-only',
    ),
  ),
  adf(
    'blocks that live on several pages',
    [
      el('syncBlock', { resourceId: 'r-1', localId: 's-1' }),
      el('bodiedSyncBlock', { resourceId: 'r-2', localId: 's-2' }, h(3, 'Shared'), p('everywhere')),
    ],
    'jira-only',
    'jira-only',
  ),
  invalid(
    adf(
      'lines with a look of their own',
      [
        p('a'),
        el('rule', { color: '#ff5630', style: 'dashed', weight: 2 }),
        el('bodiedRule', { localId: 'r', alignment: 'center' }, p('Act II')),
      ],
      'odd-value',
      'jira-only',
    ),
  ),
  invalid(
    adf(
      'nodes and marks from the future',
      [
        el('hologram', { title: 'Engine' }),
        p(t('glowing', 'glow'), ' ', el('sparkle')),
        el('crate', undefined, p('inside')),
      ],
      'jira-only',
      'jira-only',
      'jira-only',
      'jira-only',
    ),
  ),
  invalid(
    adf(
      'five columns',
      [
        el(
          'layoutSection',
          undefined,
          ...[1, 2, 3, 4, 5].map((n) => el('layoutColumn', { width: 20 }, p(`column ${n}`))),
        ),
      ],
      'odd-value',
    ),
  ),
  invalid(
    adf(
      'a heading of level nine and a panel of no known type',
      [h(9, 'Deep'), el('panel', { panelType: 'party' }, p('x'))],
      'odd-value',
      'odd-value',
    ),
  ),
  invalid(
    adf(
      'lists and tables without content',
      [
        p('x'),
        el('bulletList'),
        table(undefined),
        el('table', undefined, el('tableRow')),
        single({ layout: 'center' }),
      ],
      'empty',
      'empty',
      'empty',
      'empty',
    ),
  ),
  invalid(
    adf(
      'text where blocks belong',
      [{ type: 'text', text: 'loose' }, el('emoji', { shortName: ':smile:', text: '😄' })],
      'placement',
      'placement',
    ),
  ),
  invalid({
    name: 'a document without a version',
    form: 'adf',
    text: '{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"old"}]}]}',
    losses: [],
  }),
  invalid(
    adf(
      'attributes of the wrong kind',
      [el('heading', { level: '2' }, 'x'), el('orderedList', { order: 'five' }, el('listItem', undefined, p('y')))],
      'odd-value',
      'odd-value',
    ),
  ),
  adf('an address that tries to leave its attribute', [
    p(t('x', link('https://evil.example/"onmouseover="alert(1)'))),
    el('blockCard', { url: 'https://evil.example/"><img src=x onerror=alert(1)>' }),
  ]),
  adf(
    'a card that runs a script',
    [el('blockCard', { url: 'javascript:alert(1)' }), p(el('inlineCard', { url: 'vbscript:x' }))],
    'address',
    'address',
  ),
  adf('titles, languages and colours that carry markup', [
    el('expand', { title: '</strong><script>alert(1)</script>' }, code('x', { language: '"><script>' })),
    p(t('x', mark('textColor', { color: '#ff0000' }))),
  ]),
];
