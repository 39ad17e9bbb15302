// Every document of the corpus over the other side and back: lossless, or with exactly the losses that it names.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { type AdfDoc, isRecord } from '../../../../backend/src/sync/richtext/adf.ts';
import { adfToHtml } from '../../../../backend/src/sync/richtext/adf-to-html.ts';
import { type ConvertReport, convert } from '../../../../backend/src/sync/richtext/convert-report.ts';
import { differences, untold } from '../../../../backend/src/sync/richtext/differences.ts';
import { htmlToAdf } from '../../../../backend/src/sync/richtext/html-to-adf.ts';
import { type HtmlNode, parseHtml } from '../../../../backend/src/sync/richtext/html-tree.ts';
import { lossKinds } from '../../../../backend/src/sync/richtext/losses.ts';
import { sanitizeHtml } from '../../../simulators/azure/html.ts';
import { schemaError } from '../adf-schema.ts';
import { mapped } from '../people.ts';
import { corpus } from './corpus.ts';
import type { CorpusDocument } from './document.ts';

const contextOf = (document: CorpusDocument) => (document.unmapped ? {} : mapped);

function report(document: CorpusDocument): ConvertReport {
  const { form, text, over } = document;
  const result = convert(text, form, over ?? (form === 'adf' ? 'html' : 'adf'), contextOf(document));
  if (!result.ok) throw new Error(`${result.position}: ${result.reason}`);
  return result;
}

/** The reading of a text in ADF, whatever its form. */
function readingOf(document: CorpusDocument, text: string): AdfDoc {
  const other = document.form === 'html' ? htmlToAdf(text, contextOf(document)).doc : undefined;
  const result = document.form === 'markdown' ? convert(text, 'markdown', 'adf', contextOf(document)) : undefined;
  return other ?? JSON.parse(result?.ok ? result.output : text);
}

const adfTexts = corpus.filter(({ form }) => form === 'adf');

describe.each(
  corpus.map(
    (document) =>
      [
        `${document.form}${document.over === undefined ? '' : ` over ${document.over}`}: ${document.name}`,
        document,
      ] as const,
  ),
)('%s', (_, document) => {
  const result = report(document);

  it('loses what it names, no less and no more', () => {
    const told = result.losses.map((loss) => loss.kind);
    expect([...told].sort(), JSON.stringify(result.losses)).toEqual([...document.losses].sort());
    expect(result.lossless).toBe(document.losses.length === 0);
    expect(told).not.toContain('changed');
  });

  it('comes back as it was, but for those losses', () => {
    const found = differences(readingOf(document, document.text), readingOf(document, result.back));
    expect(untold(found, result.losses)).toEqual([]);
  });

  it('is as the other side may hold it', () => {
    if (document.over !== undefined) {
      expect(schemaError(JSON.parse(result.back))).toBeUndefined();
    } else if (document.form === 'adf') {
      if (!document.invalid) expect(schemaError(JSON.parse(document.text))).toBeUndefined();
      expect(schemaError(JSON.parse(result.back))).toBeUndefined();
      expectClean(result.output);
      const kept = htmlToAdf(sanitizeHtml(result.output), contextOf(document));
      expect(kept.doc).toEqual(htmlToAdf(result.output, contextOf(document)).doc);
      // What we write ourselves is never taken for something that Jira lacks.
      if (!document.invalid) expect(kept.losses.filter(({ kind }) => kind !== 'file')).toEqual([]);
    } else {
      expect(schemaError(JSON.parse(result.output))).toBeUndefined();
      expectClean(document.form === 'html' ? result.back : adfToHtml(JSON.parse(result.output)).html);
    }
  });

  it('stays the same from then on', () => {
    const next = report({ ...document, text: result.back });
    expect(next.back).toBe(result.back);
  });
});

/** Elements and attributes that our HTML consists of; what is not here would be news. */
const writtenTags = new Set(
  'p h1 h2 h3 h4 h5 h6 ul ol li blockquote hr pre code div table tbody tr td th strong em u s sub sup small span a img br'.split(
    ' ',
  ),
);
const writtenAttributes = new Set(
  'style title class href src alt width height colspan rowspan border cellpadding start data-vss-mention'.split(' '),
);

function expectClean(html: string): void {
  const visit = (nodes: readonly HtmlNode[]): void => {
    for (const node of nodes) {
      if (node.kind === 'text') continue;
      expect(writtenTags).toContain(node.tag);
      for (const [name, value] of node.attrs) {
        expect(writtenAttributes).toContain(name);
        if (name === 'href' || name === 'src') expect(value).not.toMatch(/^\s*(?:javascript|data|vbscript):/i);
        if (name === 'style') expect(value).not.toMatch(/url\(|expression|javascript/i);
      }
      visit(node.children);
    }
  };
  const { children, removed } = parseHtml(html);
  expect(removed).toEqual([]);
  visit(children);
}

describe('the corpus', () => {
  it('has names that tell its documents apart, and each document once', () => {
    expect(new Set(corpus.map(({ form, name }) => `${form} ${name}`)).size).toBe(corpus.length);
    expect(new Set(corpus.map(({ text }) => text)).size).toBe(corpus.length);
    expect(corpus.length).toBeGreaterThanOrEqual(180);
  });

  it.each(['full', 'stage-0'])('has every node and mark of the %s schema', (stage) => {
    const used = new Set<string>();
    const visit = (value: unknown): void => {
      if (Array.isArray(value)) value.forEach(visit);
      if (!isRecord(value)) return;
      if (typeof value.type === 'string') used.add(value.type);
      visit(value.content);
      visit(value.marks);
    };
    for (const { text } of adfTexts) visit(JSON.parse(text));
    const missing = typesOf(stage).filter((type) => !used.has(type));
    expect(missing).toEqual([]);
  });

  it('has every kind of loss, but those that need a whole field or nobody has seen', () => {
    const found = new Set(corpus.flatMap(({ losses }) => losses));
    const missing = Object.keys(lossKinds).filter((kind) => !(found as ReadonlySet<string>).has(kind));
    expect(missing.sort()).toEqual(['changed', 'length']);
  });

  it('has every element that editors and pastes bring', () => {
    const all = corpus.map(({ form, text }) => (form === 'html' ? text.toLowerCase() : '')).join('\n');
    const missing = editorTags.filter((tag) => !new RegExp(`<${tag}[\\s>]`).test(all));
    expect(missing).toEqual([]);
    expect(editorStyles.filter((style) => !all.includes(style))).toEqual([]);
  });
});

const editorTags = (
  'div p br span b strong i em u s strike del ins mark small big sub sup code kbd samp tt pre blockquote center font a img hr ' +
  'h1 h2 h3 h4 h5 h6 ul ol li input dl dt dd table caption colgroup col thead tbody tr th td details summary abbr q ruby ' +
  'figure figcaption fieldset legend address section o:p script style iframe form object svg math video'
).split(' ');
const editorStyles = (
  'color: background-color: background: font-family: font-size: font-weight: font-style: text-decoration: text-decoration-line: ' +
  'text-align: margin-left: margin: padding: text-indent: mso-list: width: height: vertical-align: list-style-type: border: ' +
  'border-collapse: display: white-space: line-height: text-transform: font-variant: letter-spacing: direction: float: box-sizing:'
).split(' ');

/** Names of the nodes and marks that the schema defines. */
function typesOf(stage: string): readonly string[] {
  const require = createRequire(import.meta.url);
  const file = require.resolve(`@atlaskit/adf-schema/dist/json-schema/v1/${stage}.json`);
  const { definitions }: { definitions: Readonly<Record<string, unknown>> } = JSON.parse(readFileSync(file, 'utf8'));
  return Object.values(definitions).flatMap((definition) => {
    const properties = isRecord(definition) ? definition.properties : undefined;
    const type = isRecord(properties) ? properties.type : undefined;
    const names: unknown = isRecord(type) ? type.enum : undefined;
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  });
}
