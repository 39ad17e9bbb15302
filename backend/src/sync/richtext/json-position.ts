// Finds where a text stops being JSON, for error messages; the runtime's own messages often leave the place out.

/** Offset of the first character that cannot stand there; the length where the text ends too early. */
export function jsonErrorOffset(text: string): number {
  const open: ('object' | 'array')[] = [];
  let at = 0;
  let expects: 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'colon' | 'after' = 'value';
  while (true) {
    at = skip(text, at, /[ \t\r\n]*/y);
    const char = text[at];
    if (char === undefined) return text.length;
    const inside = open.at(-1);
    if (expects === 'colon') {
      if (char !== ':') return at;
      expects = 'value';
      at += 1;
    } else if (expects === 'after') {
      if (char === ',' && inside !== undefined) expects = inside === 'object' ? 'key' : 'value';
      else if (char === closer(inside)) open.pop();
      else return at;
      at += 1;
    } else if (char === closer(inside) && (expects === 'valueOrEnd' || expects === 'keyOrEnd')) {
      open.pop();
      expects = 'after';
      at += 1;
    } else if (expects === 'key' || expects === 'keyOrEnd') {
      const end = skip(text, at, string);
      if (end === at) return badString(text, at);
      expects = 'colon';
      at = end;
    } else if (char === '{' || char === '[') {
      open.push(char === '{' ? 'object' : 'array');
      expects = char === '{' ? 'keyOrEnd' : 'valueOrEnd';
      at += 1;
    } else {
      const end = skip(text, at, char === '"' ? string : scalar);
      if (end === at) return badString(text, at);
      expects = 'after';
      at = end;
    }
  }
}

const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

function closer(inside: 'object' | 'array' | undefined): string | undefined {
  return inside === 'object' ? '}' : inside === 'array' ? ']' : undefined;
}

function skip(text: string, at: number, pattern: RegExp): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** Inside a string that is broken, the place of the break. */
function badString(text: string, at: number): number {
  if (text[at] !== '"') return at;
  return skip(text, at + 1, /(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y);
}
