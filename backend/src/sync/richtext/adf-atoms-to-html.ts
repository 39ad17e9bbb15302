// Nodes of ADF that stand in a line and are no text: people, emoji, dates, statuses, links that are cards, files.
import { type AdfNode, stringAttr } from './adf.ts';
import { fileHtml, imageHtml } from './adf-media-to-html.ts';
import { parseColor } from './color.ts';
import {
  customStatusText,
  dateMark,
  placeholderColor,
  placeholderTitle,
  safeHref,
  standIn,
  statusLooks,
} from './conventions.ts';
import { cleanText, escapeAttr, escapeText, shieldText } from './html-text.ts';
import type { HtmlWriter, Piece } from './html-writer.ts';
import { cardUrl, isoDay, labelOf } from './labels.ts';

export function atomPieces(node: AdfNode, path: string, writer: HtmlWriter): readonly Piece[] {
  for (const { type } of node.marks ?? []) {
    if (type === 'dataConsumer' || type === 'fragment')
      writer.losses.add(path, 'app-data', type, 'the name by which apps find it');
    else if (type !== 'link' && type !== 'border')
      writer.losses.add(path, 'jira-only', type, `not kept on ${node.type}`);
  }
  const text = (value: string): readonly Piece[] => (value === '' ? [] : [{ kind: 'text', text: value, wraps: [] }]);
  const atom = (html: string): readonly Piece[] => [{ kind: 'atom', html, wraps: [] }];
  switch (node.type) {
    case 'mention':
      return mention(node, path, writer, atom, text);
    case 'emoji':
      return emoji(node, path, writer, atom, text);
    case 'date': {
      const timestamp = stringAttr(node, 'timestamp') ?? '';
      const day = isoDay(timestamp);
      // Jira shows the day alone; a time of that day, as other tools write, is kept beside it.
      if (day !== undefined && Number(timestamp) === Date.parse(`${day}T00:00:00Z`)) return text(`${dateMark} ${day}`);
      if (day !== undefined) return atom(`<span title="${dateMark} ${timestamp}">${dateMark} ${day}</span>`);
      writer.losses.add(path, 'odd-value', 'date', 'not a date between the years 1 and 9999');
      return text(cleanText(stringAttr(node, 'timestamp') ?? '').replace(/[\n\t]/g, ' '));
    }
    case 'status':
      return status(node, path, writer, atom);
    case 'placeholder': {
      const shown = shieldText(stringAttr(node, 'text') ?? '');
      if (shown === '') {
        writer.losses.add(path, 'empty', 'placeholder', 'a placeholder without a text');
        return [];
      }
      return atom(`<span title="${placeholderTitle}" style="color:${placeholderColor}">${escapeText(shown)}</span>`);
    }
    case 'inlineCard':
      return inlineCard(node, path, writer, atom, text);
    case 'mediaInline': {
      const html = stringAttr(node, 'type') === 'image' ? imageHtml(node, path, writer) : fileHtml(node, path, writer);
      return html.startsWith('<') ? atom(html) : text(html);
    }
    default:
      writer.losses.add(path, 'jira-only', node.type, 'only Jira can show it; a stand-in text takes its place');
      return text(standIn(labelOf(node)));
  }
}

type AtomOf = (html: string) => readonly Piece[];
type TextOf = (text: string) => readonly Piece[];

function mention(node: AdfNode, path: string, writer: HtmlWriter, atom: AtomOf, text: TextOf): readonly Piece[] {
  const person = writer.context.people?.toAzure(stringAttr(node, 'id') ?? '');
  if (person !== undefined) return atom(mentionHtml(person.id, person.name));
  writer.losses.add(path, 'person', 'mention', 'the person has no counterpart in Azure DevOps; the name stays as text');
  const name = `@${shownName(stringAttr(node, 'text') ?? '') || 'unknown'}`;
  const known = writer.mentions.get(name);
  return known === undefined ? text(name) : atom(known);
}

/** Source of the form: https://learn.microsoft.com/azure/devops/organizations/notifications/at-mentions */
function mentionHtml(identityId: string, name: string): string {
  return `<a href="#" data-vss-mention="version:2.0,${escapeAttr(identityId)}">@${escapeText(shownName(name))}</a>`;
}

function shownName(name: string): string {
  return cleanText(name).replace(/\s+/g, ' ').trim().replace(/^@/, '');
}

function emoji(node: AdfNode, path: string, writer: HtmlWriter, atom: AtomOf, text: TextOf): readonly Piece[] {
  const shortName = stringAttr(node, 'shortName') ?? '';
  const shown = shieldText(stringAttr(node, 'text') || shortName);
  if (!/^(?::[^:\s]+:){1,2}$/.test(shortName) || cleanText(shortName) !== shortName) {
    writer.losses.add(path, 'odd-value', 'emoji', 'its short name is not of the form :name:');
    return text(shown);
  }
  const id = stringAttr(node, 'id') ?? '';
  const plain = /^[^\s"]*$/.test(id) && cleanText(id) === id;
  if (!plain) writer.losses.add(path, 'odd-value', 'emoji', 'an id of a form that Jira does not write');
  const title = plain && id !== '' ? `${shortName} ${id}` : shortName;
  return atom(`<span title="${escapeAttr(title)}">${escapeText(shown)}</span>`);
}

function status(node: AdfNode, path: string, writer: HtmlWriter, atom: AtomOf): readonly Piece[] {
  const shown = shieldText(stringAttr(node, 'text') ?? '');
  if (shown === '') {
    writer.losses.add(path, 'empty', 'status', 'a status without a text');
    return [];
  }
  const lettered = stringAttr(node, 'style');
  if (lettered && lettered !== 'mixedCase') writer.losses.add(path, 'odd-value', 'status', 'the style of a status');
  const color = stringAttr(node, 'color') ?? 'neutral';
  const free = color.startsWith('#') ? parseColor(color) : undefined;
  const look = free ? { background: free, text: customStatusText } : (statusLooks[color] ?? statusLooks.neutral);
  const style = `background-color:${look?.background};color:${look?.text};border-radius:3px;padding:0 4px;font-weight:bold${lettered === 'mixedCase' ? ';text-transform:none' : ''}`;
  return atom(`<span style="${style}">${escapeText(shown)}</span>`);
}

function inlineCard(node: AdfNode, path: string, writer: HtmlWriter, atom: AtomOf, text: TextOf): readonly Piece[] {
  const url = cardUrl(node);
  const href = url === undefined ? undefined : safeHref(url);
  if (node.attrs?.data !== undefined)
    writer.losses.add(path, 'link-data', 'inlineCard', 'the data of a card; its address stays');
  if (href === undefined) {
    if (url === undefined) writer.losses.add(path, 'empty', 'inlineCard', 'a card without an address');
    else writer.losses.add(path, 'address', 'inlineCard', 'an address of a kind that is not allowed');
    return text(url === undefined ? standIn(labelOf(node)) : cleanText(url).replace(/[\n\t]/g, ' '));
  }
  return atom(`<a href="${escapeAttr(href)}" title="${escapeAttr(href)}">${escapeText(shieldText(href))}</a>`);
}
