// What a reader sees in place of a node that HTML has nothing for.
import { type AdfNode, isRecord, stringAttr } from './adf.ts';
import { standIn } from './conventions.ts';
import { cleanText } from './html-text.ts';

/** What a reader sees in place of a node that only Jira can show. */
export function labelOf(node: AdfNode): string {
  const named = ['text', 'title', 'extensionKey', 'alt', 'url']
    .map((name) => stringAttr(node, name))
    .find((value) => value);
  return (
    cleanText(named ?? node.type)
      .replace(/[[\]\s]+/g, ' ')
      .trim()
      .slice(0, 80) || node.type
  );
}

export function mediaLabel(media: AdfNode): string {
  return `file ${labelOf({ type: stringAttr(media, 'id') ?? media.type, attrs: { text: stringAttr(media, 'alt') || stringAttr(media, 'id') } })}`;
}

/** The text that stands for a node in HTML, by which the merge finds its place again; undefined where none does. */
export function standInOf(node: AdfNode): string {
  const media = node.type === 'mediaSingle' ? node.content?.find((child) => child.type === 'media') : undefined;
  if (media !== undefined) return standIn(mediaLabel(media));
  return standIn(node.type === 'media' || node.type === 'mediaInline' ? mediaLabel(node) : labelOf(node));
}

/** A card's address, also out of the JSON-LD that some cards carry instead of `url`. */
export function cardUrl(node: AdfNode): string | undefined {
  const data = node.attrs?.data;
  const url = stringAttr(node, 'url') ?? (isRecord(data) ? (data.url ?? data['@id']) : undefined);
  return typeof url === 'string' && url.trim() !== '' ? url.toWellFormed() : undefined;
}

export function isoDay(timestamp: string): string | undefined {
  const time = /^-?\d+$/.test(timestamp) ? new Date(Number(timestamp)) : undefined;
  if (time === undefined || Number.isNaN(time.getTime())) return undefined;
  const day = time.toISOString().slice(0, 10);
  return /^\d{4}-\d\d-\d\d$/.test(day) && !day.startsWith('0000') ? day : undefined;
}
