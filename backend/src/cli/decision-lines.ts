// One decision of a pair's timeline as lines for a terminal. No content is in it: names of fields, rules, states and codes.

import type { z } from 'zod';
import type { decisionSchema } from '../routes/timeline-schemas.ts';
import { sideNames } from './sites.ts';

type Shown = z.infer<typeof decisionSchema>;

/** The first says when and what; the others, indented, why. */
export function decisionLines(decision: Shown): readonly string[] {
  const { at, what, seen, versions, operations, rules, codes, more } = decision;
  const lines = [`${at}  ${what}${seen.length > 0 ? `  (${seen.map(seenText).join(', ')})` : ''}`];
  const known = (['jira', 'azure'] as const).filter((side) => versions[side] !== null);
  if (known.length > 0) {
    lines.push(`  read ${known.map((side) => `${sideNames[side]} at ${versions[side]}`).join(', ')}`);
  }
  for (const operation of operations) lines.push(`  ${operationText(operation)}`);
  for (const [rule, fields] of Map.groupBy(rules, (one) => one.rule)) {
    lines.push(`  ${rule}: ${fields.map(({ mapping }) => mapping.replace('~', ' ↔ ')).join(', ')}`);
  }
  for (const { code, subject } of codes) lines.push(`  ${code}${subject ? `: ${subject.replace('~', ' ↔ ')}` : ''}`);
  if (more > 0) lines.push(`  and ${more} more`);
  return lines;
}

const seenText = ({ by, side, aspect }: Shown['seen'][number]): string =>
  side === null ? by : `${by}: ${sideNames[side]}${aspect === null || aspect === 'any' ? '' : ` ${aspect}`}`;

function operationText({ side, kind, fields, from, to, child }: Shown['operations'][number]): string {
  const change = to === null ? '' : from === null ? ` ${to}` : ` ${from} → ${to}`;
  const named = fields.length > 0 ? `: ${fields.join(', ')}` : '';
  const about = child === null ? '' : ` ${kind.endsWith('-link') ? 'to' : 'of'} ${child}`;
  return `${kind} in ${sideNames[side]}${change}${about}${named}`;
}
