// Reads an answer's JSON, whoever wrote it: what is no JSON, or nests beyond all measure, is not there.

/**
 * Documents of both services nest some dozens of levels deep. Within this many, what walks a value by recursion has stack enough.
 */
export const deepestJson = 2_000;

/** Undefined when the text is empty, no JSON, or nests deeper than that. */
export function parseJson(text: string): unknown {
  if (text === '' || nestsDeeper(text, deepestJson)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function nestsDeeper(text: string, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '"') at = stringEnd(text, at);
    else if (letter === '[' || letter === '{') {
      depth += 1;
      if (depth > most) return true;
    } else if (letter === ']' || letter === '}') depth -= 1;
  }
  return false;
}

/** Of the string that begins at `start`: where its closing quote is. */
function stringEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}
