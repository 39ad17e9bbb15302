// AdfRenderer: https://developer.atlassian.com/platform/forge/ui-kit/components/adf-renderer/. The product draws with
// @atlaskit/renderer; here the nodes and marks of https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
// become plain elements. A node that is none of them is seen, as it is in the product.

import { createElement, Fragment, type ReactNode } from 'react';
import type { Renderers } from '../render.tsx';

interface Node {
  readonly type: string;
  readonly text?: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly content?: readonly Node[];
  readonly marks?: readonly { readonly type: string; readonly attrs?: Readonly<Record<string, unknown>> }[];
}

/** Drawn as one element around their content. */
const elements: Readonly<Record<string, string>> = {
  paragraph: 'p',
  bulletList: 'ul',
  orderedList: 'ol',
  listItem: 'li',
  blockquote: 'blockquote',
  rule: 'hr',
  hardBreak: 'br',
  tableRow: 'tr',
  tableCell: 'td',
  tableHeader: 'th',
  taskList: 'div',
  decisionList: 'div',
  decisionItem: 'p',
  layoutSection: 'div',
  layoutColumn: 'div',
  caption: 'p',
};
const marks: Readonly<Record<string, string>> = {
  strong: 'strong',
  em: 'em',
  strike: 's',
  underline: 'u',
  code: 'code',
};

const all = ({ content = [] }: Node): ReactNode =>
  createElement(Fragment, null, ...content.map((node) => createElement(Drawn, { of: node })));

function Drawn({ of }: { readonly of: Node }): ReactNode {
  const { type, attrs = {} } = of;
  const element = elements[type];
  if (element !== undefined) return createElement(element, null, of.content === undefined ? undefined : all(of));
  switch (type) {
    case 'text':
      return marked(of);
    case 'heading':
      return createElement(`h${String(attrs.level)}`, { style: { marginTop: 8 } }, all(of));
    case 'codeBlock':
      return <pre style={{ whiteSpace: 'pre-wrap', font: 'var(--ds-font-code)' }}>{all(of)}</pre>;
    case 'panel':
      return <div style={{ background: 'var(--ds-background-information)', padding: 8 }}>{all(of)}</div>;
    case 'expand':
    case 'nestedExpand':
      return (
        <div>
          <strong>{String(attrs.title ?? '')}</strong>
          {all(of)}
        </div>
      );
    case 'table':
      return (
        <table>
          <tbody>{all(of)}</tbody>
        </table>
      );
    case 'taskItem':
      return (
        <p>
          {attrs.state === 'DONE' ? '☑ ' : '☐ '}
          {all(of)}
        </p>
      );
    case 'mention':
    case 'status':
      return <span>{String(attrs.text ?? '')}</span>;
    case 'date':
      return <span>{new Date(Number(attrs.timestamp)).toISOString().slice(0, 10)}</span>;
    case 'inlineCard':
      return <a href={String(attrs.url)}>{String(attrs.url)}</a>;
    default:
      return <mark role="alert">{`AdfRenderer cannot draw ${type}.`}</mark>;
  }
}

function marked({ text = '', marks: worn = [] }: Node): ReactNode {
  let drawn: ReactNode = text;
  for (const { type, attrs } of worn) {
    const element = marks[type];
    if (type === 'link') drawn = <a href={String(attrs?.href)}>{drawn}</a>;
    else if (element !== undefined) drawn = createElement(element, null, drawn);
  }
  return drawn;
}

export const adf: Renderers = {
  AdfRenderer: ({ props }) => <div className="adf">{all(props.document as Node)}</div>,
};
