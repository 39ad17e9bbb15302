// What the server makes of HTML that it is given: hostile parts removed, the rest written in its own, loose way.
// The rules are read off stored fields of real projects; the service documents none of them:
// - scripts, styles, frames, forms, event attributes and script URLs vanish with what they hold;
// - attribute values of letters, digits, dots, dashes and underscores lose their quotes: `alt=image.png`;
// - declarations lose spaces and all end in a semicolon: `style="color:red;"`;
// - quotes in text become &quot; and &#39;, non-breaking spaces &nbsp;; other characters stay as they are;
// - void elements have no slash, comments vanish, raw newlines and text before the first tag stay.
import { type DefaultTreeAdapterTypes, parseFragment, html as spec } from 'parse5';

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

const DROPPED = new Set(
  'script style iframe frame frameset object embed applet form input button select option textarea meta link base noscript template svg math'.split(
    ' ',
  ),
);
const KEPT = new Set(
  (
    'a abbr acronym address area b big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em ' +
    'figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd label li map mark ol p pre q s samp small span strike strong ' +
    'sub summary sup table tbody td tfoot th thead tr tt u ul var video source section article header footer'
  ).split(' '),
);
const VOID = new Set(['br', 'hr', 'img', 'col', 'area', 'source']);
const URL_ATTRIBUTES = new Set(['href', 'src', 'cite', 'background', 'longdesc', 'action', 'poster']);
const DROPPED_ATTRIBUTES = new Set(['srcdoc', 'formaction', 'contenteditable', 'xmlns', 'srcset', 'ping', 'nonce']);
const SAFE_URL =
  /^(?:https?:|mailto:|ftp:|tel:|vstfs:|mhtml:|x-mvwit:|file:|data:image\/(?:png|gif|jpe?g|webp|bmp);|#|\/|\.|[^:]*$)/i;
const HOSTILE_STYLE =
  /expression\s*\(|javascript:|behavior\s*:|-moz-binding|url\s*\(|@import|position\s*:\s*(?:fixed|absolute)/i;

export function sanitizeHtml(source: string): string {
  if (!/[<>&"'\u00a0]/.test(source)) return source;
  return children(parseFragment(source.replaceAll('\u0000', '')).childNodes);
}

const children = (nodes: readonly Node[]): string => nodes.map(write).join('');

function write(node: Node): string {
  switch (node.nodeName) {
    case '#text':
      return escapeText('value' in node ? node.value : '');
    case '#comment':
    case '#documentType':
      return '';
    default:
      return 'tagName' in node ? element(node) : '';
  }
}

function element(node: Element): string {
  const tag = node.tagName.toLowerCase();
  if (DROPPED.has(tag) || node.namespaceURI !== spec.NS.HTML) return '';
  if (!KEPT.has(tag)) return children(node.childNodes);
  const attributes = node.attrs.map(({ name, value }) => attribute(name.toLowerCase(), value)).join('');
  if (VOID.has(tag)) return `<${tag}${attributes}>`;
  const inner = children(node.childNodes);
  // Reading drops one newline after <pre>, so one more is written before one that counts.
  const newline = tag === 'pre' && inner.startsWith('\n') ? '\n' : '';
  return `<${tag}${attributes}>${newline}${inner}</${tag}>`;
}

function attribute(name: string, value: string): string {
  if (name.startsWith('on') || DROPPED_ATTRIBUTES.has(name) || !/^[a-z][a-z0-9-]*$/.test(name)) return '';
  // Control characters and spaces inside a scheme are how script URLs hide.
  if (URL_ATTRIBUTES.has(name) && !SAFE_URL.test(value.replace(/[\u0000-\u0020]+/g, ''))) return '';
  const written = name === 'style' ? style(value) : value;
  if (name === 'style' && written === '') return '';
  return /^[\w.-]+$/.test(written) ? ` ${name}=${written}` : ` ${name}="${escapeAttribute(written)}"`;
}

/** Declarations split at semicolons outside quotes and parentheses. */
function style(value: string): string {
  return (value.match(/(?:[^;"'(]|"[^"]*"?|'[^']*'?|\([^)]*\)?)+/g) ?? [])
    .map((declaration) => declaration.trim())
    .filter((declaration) => declaration.includes(':') && !HOSTILE_STYLE.test(declaration))
    .map((declaration) => {
      const colon = declaration.indexOf(':');
      return `${declaration.slice(0, colon).trim().toLowerCase()}:${declaration.slice(colon + 1).trim()};`;
    })
    .join('');
}

const escapeText = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('\u00a0', '&nbsp;');

const escapeAttribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The words of a text field, for `contains words` and for messages. */
export function textOf(source: string): string {
  if (!source.includes('<') && !source.includes('&')) return source;
  const words = (nodes: readonly Node[]): string =>
    nodes
      .map((node) => {
        if (node.nodeName === '#text' && 'value' in node) return node.value;
        if (!('childNodes' in node)) return '';
        const inner = words(node.childNodes);
        return /^(?:div|p|li|tr|br|h[1-6]|td|th|pre|blockquote)$/.test(node.nodeName) ? ` ${inner} ` : inner;
      })
      .join('');
  return words(parseFragment(source).childNodes).replace(/\s+/g, ' ').trim();
}

/** What `renderedText` shows of Markdown: the inline marks, lists and code that people use most. Not a full renderer. */
export function renderMarkdown(source: string): string {
  const inline = (text: string): string =>
    escapeText(text)
      .replace(/`([^`]+)`/g, '<code>$1</code>')
      .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
      .replace(/(^|[^*])\*([^*\s][^*]*)\*/g, '$1<em>$2</em>')
      .replace(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, '<a href="$2">$1</a>');
  return source
    .split(/\n{2,}/)
    .map((block) => {
      const fence = /^```(\w*)\n([\s\S]*?)\n?```$/.exec(block.trim());
      if (fence !== null) return `<pre><code>${escapeText(fence[2] ?? '')}\n</code></pre>\n`;
      const heading = /^(#{1,6})\s+(.*)$/.exec(block.trim());
      if (heading !== null) {
        const level = heading[1]?.length ?? 1;
        return `<h${level}>${inline(heading[2] ?? '')}</h${level}>\n`;
      }
      const lines = block.split('\n');
      if (lines.every((line) => /^\s*[-*]\s+/.test(line))) {
        return `<ul>\n${lines.map((line) => `<li>${inline(line.replace(/^\s*[-*]\s+/, ''))}</li>\n`).join('')}</ul>\n`;
      }
      return `<p>${lines.map(inline).join('\n')}</p>\n`;
    })
    .join('');
}
