// Mentions as Azure DevOps writes them: <a href="#" data-vss-mention="version:2.0,GUID">@Name</a>.

import { escapeAttr, escapeText, shownText } from './html-text.ts';
import { type HtmlElement, type HtmlNode, parseHtml, rawText } from './html-tree.ts';

/** The identity's GUID in lower case. */
export function mentionedIdentity(element: HtmlElement): string | undefined {
  return /^version:[\d.]+,\s*(?:guid:)?([0-9a-z-]+)/i
    .exec(element.attrs.get('data-vss-mention') ?? '')?.[1]
    ?.toLowerCase();
}

/** The mentions of a text by what a reader sees of them, longest first, each as it stands there. */
export function knownMentions(html: string | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (html === undefined || !html.includes('data-vss-mention')) return found;
  const visit = (nodes: readonly HtmlNode[]) => {
    for (const node of nodes) {
      if (node.kind !== 'element') continue;
      const mark = node.attrs.get('data-vss-mention');
      const name = shownText(rawText(node.children));
      if (mark !== undefined && name.startsWith('@') && name.length > 1) {
        found.set(name, `<a href="#" data-vss-mention="${escapeAttr(mark)}">${escapeText(name)}</a>`);
      }
      visit(node.children);
    }
  };
  visit(parseHtml(html).children);
  return new Map([...found].sort(([a], [b]) => b.length - a.length));
}
