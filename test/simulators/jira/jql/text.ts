// The `~` operator: all words must stand in the text, in any order; a quoted part as a phrase; a word with `*` as a beginning.

const WORD = /[\p{L}\p{N}_]+\*?/gu;

const words = (text: string): readonly string[] => text.toLowerCase().match(WORD) ?? [];

export function textMatcher(query: string): (text: string) => boolean {
  const phrases = [...query.matchAll(/"([^"]+)"/g)].map(([, phrase]) => words(phrase ?? ''));
  const singles = words(query.replace(/"[^"]*"/g, ' '));
  if (phrases.length === 0 && singles.length === 0) return () => false;
  return (text) => {
    const present = words(text);
    const has = (word: string): boolean =>
      word.endsWith('*') ? present.some((other) => other.startsWith(word.slice(0, -1))) : present.includes(word);
    return singles.every(has) && phrases.every((phrase) => containsPhrase(present, phrase));
  };
}

function containsPhrase(present: readonly string[], phrase: readonly string[]): boolean {
  for (let start = 0; start + phrase.length <= present.length; start += 1) {
    if (phrase.every((word, offset) => present[start + offset] === word)) return true;
  }
  return false;
}
