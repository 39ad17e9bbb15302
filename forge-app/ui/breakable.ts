// Headings of UI Kit don't break long words: a name without spaces gets places where it may be broken. Pure.

const longest = 30;
const zeroWidthSpace = '\u200b';

export const breakable = (name: string): string =>
  name.replace(new RegExp(`\\S{${longest}}(?=\\S)`, 'gu'), (run) => `${run}${zeroWidthSpace}`);
