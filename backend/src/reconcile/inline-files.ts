// Which texts of an item are looked at for files, and the files that Azure DevOps' texts show: its editor uploads images
// without attaching them. Asks nobody.

import { azureFiles } from '../sync/media-references.ts';
import type { AttachmentSnapshot, ItemSnapshot, Side } from '../sync/model.ts';
import { type RichText, rawText } from '../sync/rich-text.ts';
import { allowsTo } from '../sync/rules.ts';
import type { ProfileContext } from './context.ts';

/** Mapped fields that hold rich text, and comments where they are read and synchronized. */
export function textsOn(
  { profile }: ProfileContext,
  side: Side,
  item: ItemSnapshot,
  copies = true,
): readonly RichText[] {
  const { fields, comments } = profile.settings;
  const found: RichText[] = [];
  for (const mapping of fields) {
    const value = item.fields[mapping[side]];
    if (value?.kind === 'richText') found.push(value);
  }
  if (!comments.enabled) return found;
  const own = (item.comments ?? []).filter(({ marker }) => copies || marker === undefined);
  return [...found, ...own.map(({ body }) => body)];
}

/** `copies`: in comments that Tandem made too, which name files that are attached. */
export function shownOnAzure(
  context: ProfileContext,
  item: ItemSnapshot,
  { copies = false }: { readonly copies?: boolean } = {},
): readonly AttachmentSnapshot[] {
  if (!copies && !allowsTo(context.profile.settings.attachments.direction, 'jira')) return [];
  const isHere = ownAddresses(context.sides.azure.webUrl);
  const found = new Map<string, AttachmentSnapshot>();
  for (const text of textsOn(context, 'azure', item, copies)) {
    for (const { id, name, url } of azureFiles(rawText(text))) {
      if (!copies && !isHere(url)) continue;
      found.set(id, { id, name, size: 0, url, createdAt: item.createdAt, inline: true });
    }
  }
  return [...found.values()];
}

/** Both of an organization's addresses count; so does one without a host. Files of others cannot be read. */
function ownAddresses(site: string): (url: string) => boolean {
  const { host, pathname } = new URL(site);
  const today = /^\/([^/]+)/.exec(pathname)?.[1]?.toLowerCase();
  const before = /^([^.]+)\.visualstudio\.com$/i.exec(host)?.[1]?.toLowerCase();
  const name = host.toLowerCase() === 'dev.azure.com' ? today : before;
  const bases = [
    `${site.toLowerCase()}/`,
    ...(name === undefined ? [] : [`https://dev.azure.com/${name}/`, `https://${name}.visualstudio.com/`]),
  ];
  return (url) => url.startsWith('/') || bases.some((base) => url.toLowerCase().startsWith(base));
}
