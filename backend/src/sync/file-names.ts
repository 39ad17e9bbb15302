// The name under which a file is copied: the one that it has, wherever a request can carry it. No I/O.

/** In UTF-16 units. Neither service documents how long a name may be: this is what file systems take. */
const longest = 255;

/**
 * Any letter, quote, slash, dot or direction mark stays. What no header or address can carry does not: line ends and other
 * control characters become a space, half surrogates `\ufffd`, an empty name `attachment`. A name that is too long loses the
 * end of its stem and keeps its extension, so that it still opens with the same program.
 */
export function storedName(name: string): string {
  const clean = name
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .trim();
  if (clean === '') return 'attachment';
  if (clean.length <= longest) return clean;
  const extension = /\.[^.\s]{1,20}$/u.exec(clean)?.[0] ?? '';
  return `${cut(clean, longest - extension.length - 1)}…${extension}`;
}

/** Never through the middle of a character that takes two units. */
function cut(text: string, length: number): string {
  const end = /[\ud800-\udbff]/.test(text.charAt(length - 1)) ? length - 1 : length;
  return text.slice(0, end);
}
