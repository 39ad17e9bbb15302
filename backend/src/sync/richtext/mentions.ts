// Whom a text mentions, in any of its three forms. Converts nothing.

import type { RichText } from '../rich-text.ts';
import { isRecord, stringAttr } from './adf.ts';
import type { PersonRef } from './context.ts';
import { mentionedIdentity } from './html-mentions.ts';
import { shownText } from './html-text.ts';
import { type HtmlNode, parseHtml, rawText } from './html-tree.ts';

/** By Jira's account id or Azure DevOps' identity GUID, each once; the name as it stands there, or the id where none does. */
export function mentionsIn(text: RichText): readonly PersonRef[] {
  const found = new Map<string, PersonRef>();
  const add = (id: string, name: string) => {
    if (!found.has(id)) found.set(id, { id, name: name.replace(/^@/, '').trim() || id });
  };
  switch (text.format) {
    case 'adf':
      inAdf(text.adf, add);
      break;
    case 'html':
      if (text.text.includes('data-vss-mention')) inHtml(parseHtml(text.text).children, add);
      break;
    case 'markdown':
      for (const [, id = ''] of text.text.matchAll(markdownMention)) add(id.toLowerCase(), '');
      break;
    default: {
      const never: never = text;
      return never;
    }
  }
  return [...found.values()];
}

type Add = (id: string, name: string) => void;

/** Source: https://learn.microsoft.com/azure/devops/organizations/notifications/at-mentions */
const markdownMention = /@<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})>/gi;

function inAdf(root: unknown, add: Add): void {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const node = pending.pop();
    if (!isRecord(node)) continue;
    const attrs = isRecord(node.attrs) ? node.attrs : {};
    const id = node.type === 'mention' ? stringAttr({ attrs }, 'id') : undefined;
    if (id !== undefined) add(id, stringAttr({ attrs }, 'text') ?? '');
    if (Array.isArray(node.content)) pending.push(...node.content.toReversed());
  }
}

function inHtml(nodes: readonly HtmlNode[], add: Add): void {
  for (const node of nodes) {
    if (node.kind !== 'element') continue;
    const id = mentionedIdentity(node);
    if (id !== undefined) add(id, shownText(rawText(node.children)));
    inHtml(node.children, add);
  }
}
