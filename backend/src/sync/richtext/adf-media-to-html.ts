// Images and files of ADF → HTML: images as such, other files as links, a stand-in text where neither is possible.
import { type AdfMark, type AdfNode, numberAttr, stringAttr } from './adf.ts';
import { inlineHtml } from './adf-inline-to-html.ts';
import { fileMark, layoutAligns, layoutFloats, safeHref, standIn, wideWidths } from './conventions.ts';
import { cleanText, escapeAttr, escapeText } from './html-text.ts';
import { commentWrap, type HtmlWriter, inLink, reportLayout, styleAttr } from './html-writer.ts';
import { mediaLabel } from './labels.ts';

/** An image: `<img>`, in its link if it has one; or a stand-in text where the file has no counterpart. */
export function imageHtml(media: AdfNode, path: string, writer: HtmlWriter, style: readonly string[] = []): string {
  const url = mediaUrl(media, writer);
  if (url === undefined) return lostMedia(media, path, writer);
  const border = media.marks?.find((mark) => mark.type === 'border');
  const styles = [...style, ...(border ? [borderStyle(border)] : [])].filter((entry) => entry !== '');
  const size = (name: 'width' | 'height') => {
    const value = numberAttr(media, name);
    return value !== undefined && value > 0 ? ` ${name}="${value}"` : '';
  };
  const alt = cleanText(stringAttr(media, 'alt') ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  const styled = styles.length === 0 ? '' : ` style="${styles.join(';')}"`;
  const image = `<img src="${escapeAttr(url.url)}" alt="${escapeAttr(alt)}"${size('width')}${size('height')}${styled}>`;
  return inLink(media, commented(media, image, path, writer), path, writer);
}

/** With the anchors of inline comments around it; other marks of an image are told as lost. */
function commented(media: AdfNode, image: string, path: string, writer: HtmlWriter): string {
  return (media.marks ?? []).reduceRight((html, mark) => {
    if (mark.type === 'link' || mark.type === 'border') return html;
    const wrap = mark.type === 'annotation' ? commentWrap(mark, path, writer) : undefined;
    if (mark.type !== 'annotation') writer.losses.add(path, 'app-data', mark.type, 'the name by which apps find it');
    return wrap === undefined ? html : `${wrap.open}${html}${wrap.close}`;
  }, image);
}

function borderStyle(mark: AdfMark): string {
  const size = numberAttr(mark, 'size') ?? 1;
  const color = stringAttr(mark, 'color') ?? '';
  return /^#([0-9a-f]{6}|[0-9a-f]{8})$/i.test(color) ? `border:${size}px solid ${color.toLowerCase()}` : '';
}

/** A link to a file, or a stand-in text. */
export function fileHtml(media: AdfNode, path: string, writer: HtmlWriter): string {
  const url = mediaUrl(media, writer);
  if (url === undefined) return lostMedia(media, path, writer);
  if (
    stringAttr(media, 'type') === 'external' ||
    media.marks?.some(({ type }) => type === 'link' || type === 'border')
  ) {
    writer.losses.add(path, 'file-look', media.type, 'link, border or foreign address of a file');
  }
  const name = cleanText(url.name ?? stringAttr(media, 'alt') ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  return `<a href="${escapeAttr(url.url)}">${fileMark} ${escapeText(name || 'attachment')}</a>`;
}

function lostMedia(media: AdfNode, path: string, writer: HtmlWriter): string {
  writer.losses.add(
    path,
    'file',
    media.type,
    'the file has no counterpart in Azure DevOps; a stand-in text takes its place',
  );
  return standIn(mediaLabel(media));
}

function mediaUrl(media: AdfNode, writer: HtmlWriter): { readonly url: string; readonly name?: string } | undefined {
  if (stringAttr(media, 'type') === 'external') {
    const url = safeHref((stringAttr(media, 'url') ?? '').toWellFormed());
    return url !== undefined && /^https?:/i.test(url) ? { url } : undefined;
  }
  const id = stringAttr(media, 'id');
  if (id === undefined) return undefined;
  return writer.context.media?.toAzure({ id, collection: stringAttr(media, 'collection') ?? '' });
}

export function mediaSingle(node: AdfNode, path: string, writer: HtmlWriter): string {
  const media = node.content?.find((child) => child.type === 'media');
  const caption = node.content?.find((child) => child.type === 'caption');
  if (media === undefined) return '';
  const layout = stringAttr(node, 'layout') ?? 'center';
  reportLayout(node, path, writer, Object.keys({ ...layoutAligns, ...layoutFloats, ...wideWidths }));
  const width = numberAttr(node, 'width');
  const unit = stringAttr(node, 'widthType') === 'pixel' ? 'px' : '%';
  const styles = [
    ...(width !== undefined && width > 0 ? [`width:${Math.round(width * 100) / 100}${unit}`] : []),
    ...(layoutFloats[layout] ? [`float:${layoutFloats[layout]}`] : []),
    ...(wideWidths[layout] ? [`max-width:${wideWidths[layout]}`] : []),
  ];
  const image = inLink(node, imageHtml(media, `${path}.content[0]`, writer, styles), path, writer);
  const align = layoutFloats[layout] ? '' : (layoutAligns[layout] ?? 'center');
  const hasCaption = (caption?.content ?? []).length > 0;
  const text = hasCaption
    ? `<br><small>${inlineHtml(caption?.content ?? [], `${path}.content[1]`, writer)}</small>`
    : '';
  return `<div${styleAttr(align === '' ? [] : [`text-align:${align}`])}>${image}${text}</div>`;
}
