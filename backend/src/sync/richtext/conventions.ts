// How things that HTML has no element for look in Azure DevOps, shared by both directions: what one writes, the other
// must recognize. Azure's sanitizer keeps tags, href, src, alt, title and style and drops data- attributes, so every
// convention rests on structure, visible text and style alone.

export interface PanelLook {
  readonly background: string;
  readonly edge: string;
}

/** Background and left edge by panel type; the edge tells the type, the background alone is enough if it is gone. */
export const panelLooks: Readonly<Record<string, PanelLook>> = {
  info: { background: '#deebff', edge: '#0052cc' },
  note: { background: '#eae6ff', edge: '#5243aa' },
  tip: { background: '#e6fcff', edge: '#008da6' },
  success: { background: '#e3fcef', edge: '#00875a' },
  warning: { background: '#fffae6', edge: '#ff991f' },
  error: { background: '#ffebe6', edge: '#de350b' },
  custom: { background: '#f1f2f4', edge: '#758195' },
};

export interface StatusLook {
  readonly background: string;
  readonly text: string;
}

export const statusLooks: Readonly<Record<string, StatusLook>> = {
  neutral: { background: '#dfe1e6', text: '#42526e' },
  purple: { background: '#eae6ff', text: '#403294' },
  blue: { background: '#deebff', text: '#0747a6' },
  red: { background: '#ffebe6', text: '#bf2600' },
  yellow: { background: '#fff0b3', text: '#974f0c' },
  green: { background: '#e3fcef', text: '#006644' },
};

/** Text on a status of a free colour. */
export const customStatusText = '#172b4d';

export const todoBox = '☐';
export const doneBox = '☑';
/** What people and other editors put before an item that is to be ticked. */
export const todoMarks = ['☐', '[ ]', '[]'] as const;
export const doneMarks = ['☑', '☒', '🗹', '[x]', '[X]'] as const;

/** Labels of decisions, in bold at the start of a list item. */
export const decisionLabels: Readonly<Record<string, string>> = { DECIDED: 'Decision:', UNDECIDED: 'Undecided:' };

/** Starts the title line of an expand. */
export const expandMark = '▸';
/** Starts a link to a file. */
export const fileMark = '📎';
/** Starts a link to an image that cannot be shown inside the document. */
export const imageMark = '🖼';
/** Starts a date: `📅 2026-11-24`. */
export const dateMark = '📅';

export const placeholderTitle = 'placeholder';
export const placeholderColor = '#6b778c';

/** One step of indentation, as browsers and Azure's editor indent. */
export const indentPixels = 40;

export const boxBorder = '1px solid #c1c7d0';
/** Keeps boxes that follow one another apart. */
export const boxGap = 'margin:0 0 10px';

/** Stands for what only Jira can show; the merge puts the real node back when it finds this text. */
export function standIn(label: string): string {
  return `[Jira: ${label}]`;
}

/** Media layouts by the alignment that shows them; wide and full-width have no counterpart. */
export const layoutAligns: Readonly<Record<string, string>> = {
  'align-start': '',
  center: 'center',
  'align-end': 'right',
};
export const layoutFloats: Readonly<Record<string, string>> = { 'wrap-left': 'left', 'wrap-right': 'right' };

/** Layouts that are wider than the text, as the width that Jira gives them at most. `max-width` does no harm in a narrow form. */
export const wideWidths: Readonly<Record<string, string>> = { wide: '960px', 'full-width': '1800px' };

/** A table with a column of row numbers: says so to nobody but the way back. */
export const rowNumbers = 'counter-reset:row';
/** Code without line numbers. */
export const noLineNumbers = 'counter-increment:none';

/** Starts the title of text that an inline comment of Jira hangs on; its id follows. */
export const commentTitle = 'inline comment';
export const commentLine = 'border-bottom:2px solid #ffc400';

export interface PanelIcon {
  readonly panelIcon?: string;
  readonly panelIconText?: string;
  readonly panelIconId?: string;
}

/** `:rainbow: 🌈 [1f308]` */
export function panelIconTitle(icon: PanelIcon): string {
  const id = icon.panelIconId === undefined ? undefined : `[${icon.panelIconId}]`;
  return [icon.panelIcon, icon.panelIconText, id].filter((part) => part !== undefined && part !== '').join(' ');
}

export function panelIconOf(title: string): PanelIcon {
  const [, panelIcon, panelIconText, panelIconId] =
    /^((?::[^\s:]+:){1,2})?(?:(?:^| )([^\s[\]]+))?(?:(?:^| )\[([^\s[\]]+)\])?$/u.exec(title) ?? [];
  return {
    ...(panelIcon === undefined ? {} : { panelIcon }),
    ...(panelIconText === undefined ? {} : { panelIconText }),
    ...(panelIconId === undefined ? {} : { panelIconId }),
  };
}

/** `760 × 420`: the size of an embedded page, either of them may be missing. */
export function embedTitle(width: number | undefined, height: number | undefined): string {
  return width === undefined && height === undefined ? '' : `${width ?? ''} × ${height ?? ''}`.trim();
}

export function embedSizeOf(title: string | undefined): {
  readonly originalWidth?: number;
  readonly originalHeight?: number;
} {
  const [, width, height] = /^([\d.]*) ?× ?([\d.]*)$/.exec(title ?? '') ?? [];
  return {
    ...(width ? { originalWidth: Number(width) } : {}),
    ...(height ? { originalHeight: Number(height) } : {}),
  };
}

const safeSchemes = new Set(['http:', 'https:', 'mailto:', 'tel:', 'ftp:', 'sftp:', 'vstfs:', 'mvwit:', 'x-mvwit:']);

/**
 * The address as both sides accept it, or undefined. Control characters and white space, which browsers skip when they
 * look for a scheme, are taken out first, so that they can't hide `javascript:`.
 */
export function safeHref(href: string): string | undefined {
  const text = href.replace(/[\u0000-\u0020\u007f\u200b\ufeff]+/g, (run) => (/^ +$/.test(run) ? run : '')).trim();
  if (text === '') return undefined;
  const scheme = /^([a-z][a-z0-9+.-]*:)/i.exec(text.replaceAll(' ', ''))?.[1];
  if (scheme !== undefined) return safeSchemes.has(scheme.toLowerCase()) ? text.replaceAll(' ', '%20') : undefined;
  return text.startsWith('/') || text.startsWith('#') || /^[\w.?]/.test(text) ? text.replaceAll(' ', '%20') : undefined;
}
