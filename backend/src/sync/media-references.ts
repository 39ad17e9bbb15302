// Files that texts show or link to: Jira's media nodes and attachment addresses, Azure DevOps' attachment addresses. Finds
// them, and tells which file of one side stands for which of the other. No I/O.

import type { BySide, Side } from './model.ts';
import { plainText, type RichText, rawText } from './rich-text.ts';
import { type AdfNode, parseAdf, stringAttr } from './richtext/adf.ts';
import { adfBlocks, htmlBlocks } from './richtext/blocks.ts';
import type { MediaResolver } from './richtext/context.ts';
import { standIn } from './richtext/conventions.ts';
import { mediaLabel } from './richtext/labels.ts';

/** A file that a Jira text names by its media id; `name` is what the editor keeps beside it. */
export interface NamedMedia {
  readonly id: string;
  readonly name?: string;
  /** What stands for it where it has no counterpart. */
  readonly standIn: string;
}

export function jiraMedia(text: RichText | null): readonly NamedMedia[] {
  const parsed = text?.format === 'adf' ? parseAdf(text.adf) : undefined;
  if (!parsed?.ok) return [];
  const found = new Map<string, NamedMedia>();
  // A stack of its own: documents may be nested deeply.
  const pending: AdfNode[] = [...parsed.doc.content];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    pending.push(...(node.content ?? []));
    if (node.type !== 'media' && node.type !== 'mediaInline') continue;
    const [id, name] = [stringAttr(node, 'id'), stringAttr(node, 'alt')];
    if (stringAttr(node, 'type') === 'external' || id === undefined) continue;
    found.set(`${id} ${name}`, { id, ...(name ? { name } : {}), standIn: standIn(mediaLabel(node)) });
  }
  return [...found.values()];
}

/** A file that a text of Azure DevOps, or a link to it, names by its address. */
export interface NamedFile {
  /** A GUID in lower case. */
  readonly id: string;
  readonly name: string;
  readonly url: string;
}

const guid = '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}';
/** As its editor writes them today, and as older ones did. */
const azureForm = new RegExp(
  `(?:https?://[^\\s"'<>()\\\\]*?)?/(?:_apis/wit/attachments/(${guid})|[^\\s"'<>()\\\\]*AttachFileHandler\\.ashx\\?[^\\s"'<>()\\\\]*?FileNameGuid=(${guid}))[^\\s"'<>()\\\\]*`,
  'gi',
);

export function azureFiles(raw: string): readonly NamedFile[] {
  const found = new Map<string, NamedFile>();
  for (const [url, today, before] of raw.matchAll(azureForm)) {
    const id = (today ?? before ?? '').toLowerCase();
    if (!found.has(id)) found.set(id, { id, name: fileNameIn(url), url: url.replaceAll('&amp;', '&') });
  }
  return [...found.values()];
}

function fileNameIn(url: string): string {
  const name = /[?&](?:amp;)?fileName=([^&]*)/i.exec(url)?.[1] ?? '';
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}

const jiraForm =
  /\/(?:rest\/api\/(?:2|3|latest)\/attachment\/content|secure\/attachment)\/(\d{1,19})(?=["'/?#\s\\<)\]]|$)/g;

/** Ids of Jira's attachments that a text links to. */
export const jiraLinks = (raw: string): readonly string[] => [
  ...new Set([...raw.matchAll(jiraForm)].flatMap(([, id]) => (id === undefined ? [] : [id]))),
];

/** Whether any text names a file at all: most don't, and cost nothing more. */
export const namesFiles = (raw: string): boolean =>
  /"type":"media|_apis\/wit\/attachments\/|AttachFileHandler\.ashx|\/attachment\/content\/|\/secure\/attachment\//i.test(
    raw,
  );

/** For each top block of a text, whether it names a file. Nothing for Markdown, which is merged as a whole. */
export function namesFilesByBlock(text: RichText | null): readonly boolean[] {
  const parsed = text?.format === 'adf' ? parseAdf(text.adf) : undefined;
  if (parsed?.ok) return adfBlocks(parsed.doc).map(({ source }) => namesFiles(JSON.stringify(source)));
  return text?.format === 'html' ? htmlBlocks(text.text).map(({ source }) => namesFiles(source)) : [];
}

/** One file as each side has it. */
export interface SameFile {
  readonly jira: { readonly id: string; readonly name: string; readonly mediaId?: string };
  readonly azure: { readonly id: string; readonly name: string; readonly url: string };
}

export function mediaResolver(files: readonly SameFile[], jiraSite: string): MediaResolver {
  const byMedia = new Map(files.flatMap((file) => (file.jira.mediaId ? [[file.jira.mediaId, file] as const] : [])));
  const byAttachment = new Map(files.map((file) => [file.jira.id, file]));
  const byAzure = new Map(files.map((file) => [file.azure.id, file]));
  const named = ({ azure: { url, name } }: SameFile) => ({ url: withName(url, name), name });
  const inAzure = (url: string) => {
    const [only] = azureFiles(url);
    return only === undefined ? undefined : byAzure.get(only.id);
  };
  return {
    toAzure: ({ id }) => {
      const file = byMedia.get(id.toLowerCase());
      return file && named(file);
    },
    toJira: (url) => {
      const file = inAzure(url);
      if (file?.jira.mediaId === undefined) return undefined;
      // Documents that Jira stores have an empty collection: the site knows where its files are.
      return { id: file.jira.mediaId, collection: '', name: file.jira.name };
    },
    linkToAzure: (url) => {
      const [id] = url.startsWith(jiraSite) ? jiraLinks(url) : [];
      const file = id === undefined ? undefined : byAttachment.get(id);
      return file && named(file).url;
    },
    linkToJira: (url) => {
      const file = inAzure(url);
      return file && `${jiraSite}/rest/api/3/attachment/content/${file.jira.id}`;
    },
  };
}

const withName = (url: string, name: string): string =>
  /[?&]fileName=/i.test(url) ? url : `${url}${url.includes('?') ? '&' : '?'}fileName=${encodeURIComponent(name)}`;

/**
 * Sides whose text still shows something in the place of a file, or points at the other side's, although the file has its
 * counterpart now: it came later than the text.
 */
export function lateMedia(texts: BySide<RichText | null>, media: MediaResolver | undefined): readonly Side[] {
  if (media === undefined || (!namesFiles(rawText(texts.jira)) && !namesFiles(rawText(texts.azure)))) return [];
  const rawJira = rawText(texts.jira);
  const jira = azureFiles(rawJira).some(({ url }) => media.toJira(url) !== undefined);
  const known = jiraMedia(texts.jira).filter(({ id }) => media.toAzure({ id, collection: '' }) !== undefined);
  const shown = texts.azure !== null && known.length > 0 ? plainText(texts.azure) : '';
  const azure =
    known.some((one) => shown.includes(one.standIn)) ||
    jiraLinks(rawText(texts.azure)).some((id) => rawJira.includes(`/${id}`) && linksOf(texts.azure, media, id));
  return [...(jira ? (['jira'] as const) : []), ...(azure ? (['azure'] as const) : [])];
}

const linksOf = (text: RichText | null, { linkToAzure }: MediaResolver, id: string): boolean =>
  [...rawText(text).matchAll(/https?:\/\/[^\s"'<>()\\]+/g)].some(
    ([url]) => jiraLinks(url).includes(id) && linkToAzure?.(url) !== undefined,
  );
