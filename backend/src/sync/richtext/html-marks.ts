// Which marks an HTML element puts on the text inside it.
import type { AdfMark } from './adf.ts';
import { isPlainBackground, isPlainTextColor, parseColor } from './color.ts';
import { commentTitle } from './conventions.ts';
import { colorPart } from './css.ts';
import type { HtmlElement } from './html-tree.ts';

export interface MarkState {
  readonly strong?: boolean;
  readonly em?: boolean;
  readonly underline?: boolean;
  readonly strike?: boolean;
  readonly code?: boolean;
  readonly subsup?: 'sub' | 'sup' | undefined;
  readonly textColor?: string | undefined;
  readonly backgroundColor?: string | undefined;
  /** Ids of inline comments, outermost first. */
  readonly comments?: readonly string[];
  readonly link?: { readonly href: string; readonly title?: string };
  /** Not a mark on text: small text all through a block makes the block small. */
  readonly small?: boolean;
}

export const noMarks: MarkState = {};

const byTag: Readonly<Record<string, MarkState>> = {
  b: { strong: true },
  strong: { strong: true },
  i: { em: true },
  em: { em: true },
  cite: { em: true },
  dfn: { em: true },
  var: { em: true },
  u: { underline: true },
  ins: { underline: true },
  s: { strike: true },
  strike: { strike: true },
  del: { strike: true },
  code: { code: true },
  kbd: { code: true },
  samp: { code: true },
  tt: { code: true },
  sub: { subsup: 'sub' },
  sup: { subsup: 'sup' },
  small: { small: true },
  mark: { backgroundColor: '#ffff00' },
};

export function withElement(state: MarkState, element: HtmlElement): MarkState {
  const own = element.tag === 'span' && element.attrs.has('title') ? commented(state, element) : byTag[element.tag];
  const styled = element.style.size > 0 ? fromStyle(element) : undefined;
  const fontColor = element.tag === 'font' ? parseColor(element.attrs.get('color') ?? '') : undefined;
  if (own === undefined && styled === undefined && fontColor === undefined) return state;
  const fromFont = fontColor !== undefined && !isPlainTextColor(fontColor) ? { textColor: fontColor } : {};
  return { ...state, ...own, ...fromFont, ...styled };
}

function commented(state: MarkState, element: HtmlElement): MarkState | undefined {
  const [, id] = commentPattern.exec(element.attrs.get('title') ?? '') ?? [];
  return id === undefined || state.comments?.includes(id) ? undefined : { comments: [...(state.comments ?? []), id] };
}

const commentPattern = new RegExp(`^${commentTitle} ([\\w-]{1,100})$`);

function fromStyle(element: HtmlElement): MarkState {
  const { style } = element;
  const weight = style.get('font-weight')?.toLowerCase();
  const slant = style.get('font-style')?.toLowerCase();
  const lines = `${style.get('text-decoration') ?? ''} ${style.get('text-decoration-line') ?? ''}`.toLowerCase();
  const raised = style.get('vertical-align')?.toLowerCase();
  const color = parseColor(style.get('color') ?? '');
  const background = parseColor(style.get('background-color') ?? colorPart(style.get('background')) ?? '');
  const inline = ![
    'td',
    'th',
    'table',
    'tr',
    'tbody',
    'thead',
    'div',
    'p',
    'blockquote',
    'li',
    'ul',
    'ol',
    'pre',
    'body',
  ].includes(element.tag);
  return {
    ...(weight === undefined
      ? {}
      : /^(bold|bolder|[6-9]00)$/.test(weight)
        ? { strong: true }
        : /^(normal|lighter|[1-5]00)$/.test(weight)
          ? { strong: false }
          : {}),
    ...(slant === undefined ? {} : { em: slant.startsWith('italic') || slant.startsWith('oblique') }),
    ...(lines.includes('underline') ? { underline: true } : {}),
    ...(lines.includes('line-through') ? { strike: true } : {}),
    ...(raised === 'sub' || raised === 'super'
      ? { subsup: raised === 'sub' ? ('sub' as const) : ('sup' as const) }
      : {}),
    ...(color === undefined ? {} : { textColor: isPlainTextColor(color) ? undefined : color }),
    ...(background === undefined || !inline
      ? {}
      : { backgroundColor: isPlainBackground(background) ? undefined : background }),
  };
}

export function commentMarks({ comments }: MarkState): readonly AdfMark[] {
  return (comments ?? []).map((id) => ({ type: 'annotation', attrs: { id, annotationType: 'inlineComment' } }));
}

/**
 * In the order that Jira's editor writes. Code goes with links alone, so other formatting of code is left out
 * (`dropped` is called once then).
 */
export function adfMarks(state: MarkState, dropped: () => void): readonly AdfMark[] {
  const marks: AdfMark[] = [];
  if (state.link) marks.push({ type: 'link', attrs: { ...state.link } });
  marks.push(...commentMarks(state));
  if (state.code) {
    if (
      state.strong ||
      state.em ||
      state.underline ||
      state.strike ||
      state.subsup ||
      state.textColor ||
      state.backgroundColor
    )
      dropped();
    marks.push({ type: 'code' });
    return marks;
  }
  if (state.strong) marks.push({ type: 'strong' });
  if (state.em) marks.push({ type: 'em' });
  if (state.underline) marks.push({ type: 'underline' });
  if (state.strike) marks.push({ type: 'strike' });
  if (state.subsup) marks.push({ type: 'subsup', attrs: { type: state.subsup } });
  if (state.textColor) marks.push({ type: 'textColor', attrs: { color: state.textColor } });
  if (state.backgroundColor) marks.push({ type: 'backgroundColor', attrs: { color: state.backgroundColor } });
  return marks;
}
