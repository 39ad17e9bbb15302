// Text into HTML and what HTML's white space means. Pure string work.

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\u00a0': '&nbsp;' };

export function escapeText(text: string): string {
  return text.replace(/[&<>\u00a0]/g, (char) => escapes[char] ?? char);
}

export function escapeAttr(text: string): string {
  return text.replace(/[&<>"\u00a0]/g, (char) => (char === '"' ? '&quot;' : (escapes[char] ?? char)));
}

/** Takes out what no HTML text may hold or no reader can see: control characters, zero-width spaces, lone surrogates. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\ufeff\ufdd0-\ufdef\ufffe\uffff]/g, '');
}

/** White space as a browser shows it in one piece of text: runs become one space, ends are cut, nbsp is a space. */
export function shownText(text: string): string {
  return cleanText(text)
    .replace(/[ \t\n]+/g, ' ')
    .replace(/^ | $/g, '')
    .replaceAll('\u00a0', ' ');
}

/** The inverse of `shownText`: spaces that a browser would swallow become nbsp. */
export function shieldText(text: string): string {
  const flat = cleanText(text).replace(/[\t\n]/g, ' ');
  return flat.replace(/^ | $| (?= )/g, '\u00a0');
}

/** A text as part of a regular expression that matches just it. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
