// How people name an item on the command line: `TAN-12` in Jira, `345` in Azure DevOps.

import { exitCodes, Failure } from './failure.ts';

export interface ItemName {
  readonly side: 'jira' | 'azure';
  /** A Jira key in upper case, or a work item's number. */
  readonly key: string;
}

const number = /^(?:AB)?#?(\d{1,15})$/i;
const key = /^[A-Za-z][A-Za-z0-9_]+-\d{1,15}$/;

export const isItemName = (text: string): boolean => number.test(text.trim()) || key.test(text.trim());

/** Takes `TAN-12`, `345`, `#345` and `AB#345`. Throws Failure. */
export function itemName(text: string): ItemName {
  const trimmed = text.trim();
  const digits = number.exec(trimmed)?.[1];
  if (digits !== undefined) return { side: 'azure', key: digits.replace(/^0+(?=\d)/, '') };
  if (key.test(trimmed)) return { side: 'jira', key: trimmed.toUpperCase() };
  throw new Failure(`"${text}" is no item.`, {
    code: 'usage',
    exit: exitCodes.usage,
    remedy: 'Give an issue key such as TAN-12, or the number of a work item such as 345.',
  });
}
