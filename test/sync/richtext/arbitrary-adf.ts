// Documents over the whole ADF schema, for properties: every node, every mark, odd text, nesting as the schema allows.

import type { AdfDoc, AdfMark, AdfNode } from '../../../backend/src/sync/richtext/adf.ts';
import fc from '../../property.ts';

const oddText = fc.oneof(
  { weight: 5, arbitrary: fc.string({ minLength: 1, maxLength: 12 }) },
  { weight: 3, arbitrary: fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ' ',
      '  ',
      ' a',
      'a ',
      'a  b',
      '\u00a0',
      'x\u00a0y',
      'a\nb',
      '\n',
      '\t',
      'a\tb',
      '<b>',
      '&amp;',
      '&nbsp;',
      '"q"',
      '☐ x',
      '[ ] x',
      '▸ t',
      '📅 2026-11-24',
      '📎 f',
      '🖼 p',
      '[Jira: x]',
      '@Ann Lee',
      'Decision:',
      '· x',
      '1. x',
      'ß 漢字 👩‍👩‍👧 é',
      '\u200bz',
      '--',
      '-->',
      ']]>',
    ),
  },
);
const word = fc.stringMatching(/^[a-zA-Z0-9 _.-]{1,10}$/);
const id = fc.stringMatching(/^[a-z0-9-]{1,8}$/);
const hex = fc.stringMatching(/^#[0-9a-fA-F]{6}$/);
const url = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.constantFrom(
    'https://example.com/a b',
    'mailto:a@b.example',
    '/relative?x=1&y=2',
    '#anchor',
    'javascript:alert(1)',
    '',
    'ftp://x.example/ä',
    'notes:x',
  ),
);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

type Attrs = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** A record without its undefined entries. */
function attrsOf(shape: Attrs): fc.Arbitrary<Record<string, unknown>> {
  return fc
    .record({ ...shape })
    .map((record) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)));
}

const localId = optional(id);

const linkMark = attrsOf({ href: url, title: optional(word) }).map((attrs): AdfMark => ({ type: 'link', attrs }));
const annotation = id.map(
  (value): AdfMark => ({ type: 'annotation', attrs: { id: value, annotationType: 'inlineComment' } }),
);
const textMarks: fc.Arbitrary<readonly AdfMark[]> = fc
  .record({
    link: optional(linkMark),
    em: fc.boolean(),
    strong: fc.boolean(),
    strike: fc.boolean(),
    underline: fc.boolean(),
    subsup: optional(fc.constantFrom('sub', 'sup')),
    textColor: optional(hex),
    backgroundColor: optional(hex),
    annotation: optional(annotation),
  })
  .map((marks) => [
    ...(marks.link ? [marks.link] : []),
    ...(['em', 'strong', 'strike', 'underline'] as const).filter((type) => marks[type]).map((type) => ({ type })),
    ...(marks.subsup ? [{ type: 'subsup', attrs: { type: marks.subsup } }] : []),
    ...(marks.textColor ? [{ type: 'textColor', attrs: { color: marks.textColor } }] : []),
    ...(marks.backgroundColor ? [{ type: 'backgroundColor', attrs: { color: marks.backgroundColor } }] : []),
    ...(marks.annotation ? [marks.annotation] : []),
  ]);
const codeMarks: fc.Arbitrary<readonly AdfMark[]> = fc
  .tuple(optional(linkMark), optional(annotation))
  .map(([link, note]) => [...(link ? [link] : []), ...(note ? [note] : []), { type: 'code' }]);

const text: fc.Arbitrary<AdfNode> = fc.oneof(
  { weight: 4, arbitrary: oddText.map((value): AdfNode => ({ type: 'text', text: value })) },
  {
    weight: 3,
    arbitrary: fc.tuple(oddText, textMarks).map(([value, marks]): AdfNode => ({ type: 'text', text: value, marks })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(oddText, codeMarks).map(([value, marks]): AdfNode => ({ type: 'text', text: value, marks })),
  },
);

const node = (type: string, attrs: Attrs = {}): fc.Arbitrary<AdfNode> =>
  attrsOf(attrs).map((value) => (Object.keys(attrs).length === 0 ? { type } : { type, attrs: value }));

const mediaMarks = fc.array(
  fc.oneof(
    linkMark,
    attrsOf({ size: fc.integer({ min: 1, max: 3 }), color: fc.oneof(hex, fc.constant('#091e4224')) }).map(
      (attrs): AdfMark => ({ type: 'border', attrs }),
    ),
  ),
  { maxLength: 2 },
);
const size = optional(fc.integer({ min: 0, max: 4000 }));
const fileAttrs = {
  id,
  collection: fc.constantFrom('', 'files'),
  alt: optional(word),
  width: size,
  height: size,
  localId,
};
const media: fc.Arbitrary<AdfNode> = fc
  .tuple(
    fc.oneof(
      attrsOf({ type: fc.constantFrom('file', 'link'), ...fileAttrs }),
      attrsOf({ type: fc.constant('external'), url, alt: optional(word), width: size, height: size }),
    ),
    mediaMarks,
  )
  .map(([attrs, marks]) => (marks.length === 0 ? { type: 'media', attrs } : { type: 'media', attrs, marks }));

const extensionAttrs = {
  extensionKey: id,
  extensionType: id,
  text: optional(word),
  parameters: optional(fc.constant({ macro: { a: [1] } })),
  localId,
};

const atoms: fc.Arbitrary<AdfNode> = fc.oneof(
  node('hardBreak', { text: optional(fc.constant('\n')) }),
  node('mention', {
    id: fc.constantFrom('acc-1', 'acc-2', 'nobody'),
    text: optional(fc.constantFrom('@Ann Lee', 'Bob', '@nobody')),
    accessLevel: optional(fc.constant('CONTAINER')),
  }),
  node('emoji', {
    shortName: fc.constantFrom(':smile:', ':logo:', ':+1:', 'odd name', ''),
    text: optional(fc.constantFrom('😄', '👍', ':logo:', '')),
    id: optional(id),
  }),
  node('date', {
    timestamp: fc.oneof(
      fc.integer({ min: -1e12, max: 4e12 }).map(String),
      fc.constantFrom('1764028800000', '0', 'soon', '99999999999999999', '-62167219200001'),
    ),
    localId,
  }),
  node('status', {
    text: oddText,
    color: fc.oneof(fc.constantFrom('neutral', 'purple', 'blue', 'red', 'yellow', 'green'), hex),
    localId,
    style: optional(fc.constant('bold')),
  }),
  node('placeholder', { text: oddText }),
  fc.oneof(
    node('inlineCard', { url, localId }),
    node('inlineCard', { data: fc.constantFrom({ url: 'https://x.example/1' }, { '@id': 'https://x.example/2' }, {}) }),
  ),
  node('inlineExtension', extensionAttrs),
  node('mediaInline', { type: optional(fc.constantFrom('link', 'file', 'image')), ...fileAttrs }),
);

const inline: fc.Arbitrary<AdfNode> = fc.oneof({ weight: 3, arbitrary: text }, { weight: 2, arbitrary: atoms });
const captionInline = inline.filter((value) => !['inlineExtension', 'mediaInline'].includes(value.type));
const inlines = fc.array(inline, { maxLength: 5 });
const many = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: 1, maxLength: 3 });

function withContent(base: fc.Arbitrary<AdfNode>, content: fc.Arbitrary<readonly AdfNode[]>): fc.Arbitrary<AdfNode> {
  return fc.tuple(base, content).map(([value, inner]) => ({ ...value, content: inner }));
}
function withMarks(base: fc.Arbitrary<AdfNode>, marks: fc.Arbitrary<readonly AdfMark[]>): fc.Arbitrary<AdfNode> {
  return fc.tuple(base, marks).map(([value, list]) => (list.length === 0 ? value : { ...value, marks: list }));
}

const small: AdfMark = { type: 'fontSize', attrs: { fontSize: 'small' } };
const alignment = fc.constantFrom('center', 'end').map((align): AdfMark => ({ type: 'alignment', attrs: { align } }));
const indentation = fc.integer({ min: 1, max: 6 }).map((level): AdfMark => ({ type: 'indentation', attrs: { level } }));

const paragraph = withContent(node('paragraph', { localId }), inlines);
const smallParagraph = withMarks(paragraph, fc.constantFrom([], [small]));
const freeParagraph = withMarks(
  paragraph,
  fc.oneof(
    fc.constant([]),
    alignment.map((mark) => [mark]),
    indentation.map((mark) => [mark]),
    alignment.map((mark) => [small, mark]),
  ),
);
const heading = withContent(node('heading', { level: fc.integer({ min: 1, max: 6 }), localId }), inlines);
const freeHeading = withMarks(
  heading,
  fc.oneof(
    fc.constant([]),
    alignment.map((mark) => [mark]),
    indentation.map((mark) => [mark]),
  ),
);
const alignedParagraph = withMarks(
  paragraph,
  fc.oneof(
    fc.constant([]),
    alignment.map((mark) => [mark]),
  ),
);

const codeText = fc.oneof(
  oddText,
  fc.constantFrom('\n', '\nfirst', 'last\n', 'a\n\n  b\n', '\tx', 'if (a < b && c > d) {}'),
);
const codeBlock = withContent(
  node('codeBlock', {
    language: optional(fc.constantFrom('java', 'c++', 'c#', 'plain text', '')),
    wrap: optional(fc.boolean()),
    uniqueId: optional(id),
    localId,
  }),
  fc.array(
    codeText.map((value): AdfNode => ({ type: 'text', text: value })),
    { maxLength: 2 },
  ),
);
const rule = node('rule');
const layouts = fc.constantFrom('wide', 'full-width', 'center', 'wrap-right', 'wrap-left', 'align-end', 'align-start');
const caption = withContent(node('caption'), fc.array(captionInline, { maxLength: 3 }));
const mediaSingle = fc
  .tuple(
    fc.oneof(
      attrsOf({
        layout: layouts,
        width: optional(fc.integer({ min: 0, max: 100 })),
        widthType: optional(fc.constant('percentage')),
      }),
      attrsOf({ layout: layouts, width: fc.integer({ min: 0, max: 2000 }), widthType: fc.constant('pixel') }),
    ),
    media,
    optional(caption),
    fc.oneof(
      fc.constant([]),
      linkMark.map((mark) => [mark]),
    ),
  )
  .map(
    ([attrs, file, text_, marks]): AdfNode => ({
      type: 'mediaSingle',
      attrs,
      content: text_ ? [file, text_] : [file],
      ...(marks.length === 0 ? {} : { marks }),
    }),
  );
const mediaGroup = withContent(node('mediaGroup'), many(media));
const taskItem = withContent(node('taskItem', { localId: id, state: fc.constantFrom('TODO', 'DONE') }), inlines);
const blockTaskItem = withContent(
  node('blockTaskItem', { localId: id, state: fc.constantFrom('TODO', 'DONE') }),
  fc.array(smallParagraph, { minLength: 2, maxLength: 2 }),
);
const taskList = fc.letrec<{ list: AdfNode }>((tie) => ({
  list: withContent(
    node('taskList', { localId: id }),
    many(fc.oneof({ depthSize: 'small', withCrossShrink: true }, taskItem, blockTaskItem, tie('list'))),
  ),
})).list;
const decisionList = withContent(
  node('decisionList', { localId: id }),
  many(
    withContent(node('decisionItem', { localId: id, state: fc.constantFrom('DECIDED', 'UNDECIDED', 'odd') }), inlines),
  ),
);
const blockCard = fc.oneof(
  node('blockCard', { url, localId }),
  node('blockCard', { data: fc.constant({ url: 'https://x.example/' }) }),
  node('blockCard', {
    url: optional(url),
    datasource: fc.constant({ id: 'd', parameters: {}, views: [{ type: 'table' }] }),
    layout: optional(layouts),
  }),
);
const embedCard = node('embedCard', {
  url,
  layout: layouts,
  width: optional(fc.integer({ min: 0, max: 100 })),
  originalHeight: optional(fc.integer({ min: 0, max: 900 })),
});
const fragment: AdfMark = { type: 'fragment', attrs: { localId: 'f', name: 'n' } };
const extension = withMarks(
  node('extension', extensionAttrs),
  fc.constantFrom([], [fragment], [{ type: 'dataConsumer', attrs: { sources: ['s'] } }]),
);
const breakout = fc.constantFrom<readonly AdfMark[]>([], [{ type: 'breakout', attrs: { mode: 'wide' } }]);

interface Blocks {
  readonly list: AdfNode;
  readonly quote: AdfNode;
  readonly panel: AdfNode;
  readonly nestedExpand: AdfNode;
  readonly table: AdfNode;
  readonly expand: AdfNode;
  readonly bodied: AdfNode;
}

const deep = { depthSize: 'small', withCrossShrink: true } as const;
const basics = [smallParagraph, codeBlock, mediaSingle, extension] as const;

const blocks = fc.letrec<{ [Key in keyof Blocks]: AdfNode }>((tie) => {
  const common = [
    smallParagraph,
    heading,
    codeBlock,
    mediaSingle,
    mediaGroup,
    taskList,
    decisionList,
    rule,
    extension,
  ] as const;
  const body = [...common, tie('list'), tie('panel'), tie('quote'), tie('table'), blockCard, embedCard] as const;
  const cellContent = many(
    fc.oneof(
      deep,
      alignedParagraph,
      freeHeading,
      codeBlock,
      mediaSingle,
      mediaGroup,
      taskList,
      decisionList,
      rule,
      extension,
      blockCard,
      embedCard,
      tie('list'),
      tie('panel'),
      tie('quote'),
      tie('nestedExpand'),
    ),
  );
  const cellAttrs = {
    colspan: optional(fc.integer({ min: 1, max: 3 })),
    rowspan: optional(fc.integer({ min: 1, max: 3 })),
    colwidth: optional(fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 3 })),
    background: optional(fc.oneof(hex, fc.constantFrom('red', '', 'rgb(1, 2, 3)', 'odd'))),
    valign: optional(fc.constantFrom('top', 'middle', 'bottom')),
    localId,
  };
  const cell = withContent(fc.oneof(node('tableCell', cellAttrs), node('tableHeader', cellAttrs)), cellContent);
  return {
    list: withContent(
      fc.oneof(
        node('bulletList', { localId }),
        node('orderedList', { order: optional(fc.integer({ min: 0, max: 20 })) }),
      ),
      many(withContent(node('listItem', { localId }), many(fc.oneof(deep, ...basics, taskList, tie('list'))))),
    ),
    quote: withContent(
      node('blockquote', { localId }),
      many(fc.oneof(deep, paragraph, codeBlock, mediaSingle, mediaGroup, extension, tie('list'))),
    ),
    panel: withContent(
      fc.oneof(
        node('panel', { panelType: fc.constantFrom('info', 'note', 'tip', 'warning', 'error', 'success') }),
        node('panel', {
          panelType: fc.constant('custom'),
          panelColor: optional(fc.oneof(hex, fc.constant('odd'))),
          panelIcon: optional(fc.constant(':smile:')),
        }),
      ),
      many(fc.oneof(deep, ...common, blockCard, tie('list'))),
    ),
    nestedExpand: withContent(
      node('nestedExpand', { title: optional(oddText) }),
      many(fc.oneof(deep, ...common, tie('list'), tie('panel'), tie('quote'))),
    ),
    table: withMarks(
      withContent(
        node('table', {
          displayMode: optional(fc.constantFrom('default', 'fixed')),
          isNumberColumnEnabled: optional(fc.boolean()),
          layout: optional(fc.constantFrom('wide', 'center', 'default', 'align-start')),
          width: optional(fc.integer({ min: 0, max: 2000 })),
        }),
        many(withContent(node('tableRow'), fc.array(cell, { maxLength: 3 }))),
      ),
      fc.constantFrom([], [fragment]),
    ),
    expand: withContent(
      node('expand', { title: optional(oddText), localId }),
      many(fc.oneof(deep, ...body, tie('nestedExpand'))),
    ),
    bodied: withContent(node('bodiedExtension', extensionAttrs), many(fc.oneof(deep, ...body))),
  };
});

const columnContent = many(
  fc.oneof(
    freeParagraph,
    freeHeading,
    codeBlock,
    mediaSingle,
    mediaGroup,
    taskList,
    decisionList,
    rule,
    extension,
    blockCard,
    embedCard,
    blocks.list,
    blocks.panel,
    blocks.quote,
    blocks.table,
    blocks.expand,
    blocks.bodied,
  ),
);
const layoutSection = withMarks(
  withContent(
    node('layoutSection', { localId }),
    fc.array(
      withContent(
        node('layoutColumn', {
          width: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constant(33.33)),
          valign: optional(fc.constantFrom('top', 'middle')),
        }),
        columnContent,
      ),
      { minLength: 2, maxLength: 3 },
    ),
  ),
  breakout,
);
const syncBlock = node('syncBlock', { resourceId: id, localId: id });
const bodiedSyncBlock = withContent(
  node('bodiedSyncBlock', { resourceId: id, localId: id }),
  many(fc.oneof(paragraph, heading, codeBlock, rule, blocks.list, blocks.panel)),
);

const top = fc.oneof(
  { weight: 4, arbitrary: freeParagraph },
  { weight: 1, arbitrary: freeHeading },
  { weight: 2, arbitrary: blocks.list },
  { weight: 1, arbitrary: taskList },
  { weight: 1, arbitrary: decisionList },
  { weight: 2, arbitrary: blocks.table },
  { weight: 1, arbitrary: withMarks(codeBlock, breakout) },
  { weight: 1, arbitrary: blocks.quote },
  { weight: 1, arbitrary: blocks.panel },
  { weight: 1, arbitrary: withMarks(blocks.expand, breakout) },
  { weight: 1, arbitrary: rule },
  { weight: 2, arbitrary: mediaSingle },
  { weight: 1, arbitrary: mediaGroup },
  { weight: 1, arbitrary: blockCard },
  { weight: 1, arbitrary: embedCard },
  { weight: 1, arbitrary: layoutSection },
  { weight: 1, arbitrary: extension },
  { weight: 1, arbitrary: blocks.bodied },
  { weight: 1, arbitrary: fc.oneof(syncBlock, bodiedSyncBlock) },
);

export const arbitraryBlock: fc.Arbitrary<AdfNode> = top;

/** Valid against the schema; the test that uses it first proves so. */
export const arbitraryAdf: fc.Arbitrary<AdfDoc> = fc
  .array(top, { maxLength: 5 })
  .map((content): AdfDoc => ({ type: 'doc', version: 1, content }));
