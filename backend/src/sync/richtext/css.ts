// Inline styles: declarations in, a map of lower-case properties out. Knows just what the conversion reads.

export type Style = ReadonlyMap<string, string>;

const noStyle: Style = new Map();

/** Later declarations win, as in a browser; `!important` is dropped. Semicolons in quotes and parentheses don't split. */
export function parseStyle(text: string | undefined): Style {
  if (text === undefined || text.trim() === '') return noStyle;
  const style = new Map<string, string>();
  for (const declaration of declarations(text)) {
    const colon = declaration.indexOf(':');
    if (colon < 0) continue;
    const property = declaration.slice(0, colon).trim().toLowerCase();
    const value = declaration
      .slice(colon + 1)
      .replace(/!\s*important\s*$/i, '')
      .trim();
    if (property !== '' && value !== '' && value.length <= maxValueLength) style.set(property, value);
  }
  return style;
}

/** Nothing that the conversion reads is longer; a data URL is. */
const maxValueLength = 1000;

function declarations(text: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let closing = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (closing !== '') {
      if (char === closing) closing = '';
    } else if (char === '"' || char === "'" || char === '(') {
      const end = char === '(' ? ')' : char;
      // Without an end the quote stands for itself, as broken styles have them.
      if (text.indexOf(end, at + 1) >= 0) closing = end;
      else if (char !== '(') return [...parts, ...text.slice(start).split(';')];
    } else if (char === ';') {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

const pixelsPer: Readonly<Record<string, number>> = {
  px: 1,
  pt: 96 / 72,
  pc: 16,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
  em: 16,
  rem: 16,
};

/** A length in CSS pixels; a bare number counts as pixels; undefined for percentages and keywords. */
export function pixels(value: string | undefined): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(px|pt|pc|in|cm|mm|em|rem)?$/i.exec(value?.trim() ?? '');
  if (match === null) return undefined;
  const factor = pixelsPer[(match[2] ?? 'px').toLowerCase()];
  return factor === undefined ? undefined : Number(match[1]) * factor;
}

export function percentage(value: string | undefined): number | undefined {
  const match = /^(\d+\.?\d*|\.\d+)%$/.exec(value?.trim() ?? '');
  return match === null ? undefined : Number(match[1]);
}

/** `margin-left`, also out of the `margin` shorthand, in pixels. */
export function leftMargin(style: Style): number {
  const own = pixels(style.get('margin-left'));
  if (own !== undefined) return own;
  const sides = style.get('margin')?.split(/\s+/) ?? [];
  const left = sides[3] ?? sides[1] ?? sides[0];
  return pixels(left) ?? 0;
}

/** The colour word or function out of a `background`, `border` or `border-left` shorthand. */
export function colorPart(value: string | undefined): string | undefined {
  return value
    ?.match(/#[0-9a-f]{3,8}\b|(?:rgb|hsl)a?\([^)]*\)|\b[a-z]{3,}\b(?!\()/gi)
    ?.find((part) => !styleWords.has(part.toLowerCase()));
}

const styleWords = new Set(
  'solid dashed dotted double groove ridge inset outset none hidden thin medium thick repeat scroll center left right top bottom url auto'.split(
    ' ',
  ),
);
