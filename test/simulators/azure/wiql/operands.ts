// What stands to the right of an operator: literals, dates in the caller's zone, macros.
import type { FieldDefinition } from '../data/fields.ts';
import { wiqlSyntax } from '../errors.ts';
import { localDate, localMidnight, parseDate } from '../store/clock-text.ts';
import type { FieldValue } from '../store/model.ts';
import { pathOf } from '../store/tree.ts';
import type { QueryContext } from './context.ts';
import type { Operand } from './parser.ts';

const DAY_MS = 86_400_000;

/** Milliseconds; undefined for an empty string. */
export function dateOperand(context: QueryContext, operand: Operand): number | undefined {
  if (operand.kind === 'string' && operand.text.trim() === '') return undefined;
  const ms = dateOf(context, operand);
  if (ms === undefined) throw wiqlSyntax(51014, 'The query has a date that cannot be read.', shownOperand(operand));
  const hasTime = operand.kind === 'string' && /\d:\d/.test(operand.text);
  if (hasTime && !context.timePrecision) {
    throw wiqlSyntax(
      51015,
      'You cannot supply a time with the date when running a query using date precision.',
      shownOperand(operand),
    );
  }
  return ms;
}

type Unit = 'y' | 'M' | 'w' | 'd' | 'h' | 'm';

/** What a macro counts in when neither its argument nor its offset says. */
const MACRO_UNITS: Readonly<Record<string, Unit>> = {
  today: 'd',
  startofday: 'd',
  startofweek: 'w',
  startofmonth: 'M',
  startofyear: 'y',
};

export function dateOf(context: QueryContext, operand: Operand): number | undefined {
  const zone = context.person.timeZone;
  if (operand.kind === 'string') {
    const ms = parseDate(operand.text);
    if (ms === undefined || /\d:\d/.test(operand.text)) return ms;
    // A day without a time is a day of the caller's own calendar.
    const day = new Date(ms);
    return localMidnight(zone, day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate());
  }
  return operand.kind === 'macro' ? macroDate(context, operand) : undefined;
}

/** `@StartOfMonth('-1M') - 1`: https://learn.microsoft.com/azure/devops/boards/queries/wiql-syntax ("Date or Time pattern") */
function macroDate(
  { now, person }: QueryContext,
  { name, argument, offset }: Extract<Operand, { kind: 'macro' }>,
): number | undefined {
  const macro = name.toLowerCase();
  const own = MACRO_UNITS[macro];
  const asked = argument === undefined ? undefined : /^([+-]?\d+)([yMwdhm])?$/.exec(argument.trim());
  if (own === undefined || asked === null) return undefined;
  const shifts = [
    { unit: own, count: offset },
    { unit: (asked?.[2] as Unit | undefined) ?? own, count: Number(asked?.[1] ?? 0) },
  ];
  const total = (unit: Unit): number => shifts.reduce((sum, shift) => sum + (shift.unit === unit ? shift.count : 0), 0);
  const today = localDate(now, person.timeZone);
  const month = macro === 'startofyear' ? 0 : today.getUTCMonth();
  const day = own === 'y' || own === 'M' ? 1 : today.getUTCDate() - (macro === 'startofweek' ? today.getUTCDay() : 0);
  const begins = localMidnight(
    person.timeZone,
    today.getUTCFullYear() + total('y'),
    month + total('M'),
    day + 7 * total('w') + total('d'),
  );
  return begins + total('h') * 3_600_000 + total('m') * 60_000;
}

export function scalarOperand(context: QueryContext, field: FieldDefinition, operand: Operand): FieldValue | undefined {
  const given = textOperand(context, operand);
  if (given === undefined || given === '') return undefined;
  if (field.type === 'integer' || field.type === 'double') {
    const number = Number(given);
    if (Number.isNaN(number)) {
      throw wiqlSyntax(51016, 'The query compares a number with something else.', shownOperand(operand));
    }
    return number;
  }
  if (field.type === 'boolean') return /^(?:true|1)$/i.test(String(given));
  return String(given);
}

export function textOperand(
  context: QueryContext,
  operand: Operand | undefined,
): string | number | boolean | undefined {
  if (operand === undefined) return undefined;
  switch (operand.kind) {
    case 'string':
      return operand.text;
    case 'number':
    case 'boolean':
      return operand.value;
    case 'field':
      throw wiqlSyntax(51000, 'The query has an incorrect expression.', `[${operand.name}]`);
    case 'macro':
      return macroText(context, operand);
    default:
      return operand satisfies never;
  }
}

function macroText(context: QueryContext, macro: Extract<Operand, { kind: 'macro' }>): string {
  switch (macro.name.toLowerCase()) {
    case 'me':
      return context.person.uniqueName;
    case 'project':
      if (context.project === undefined) {
        throw wiqlSyntax(51017, 'The @Project macro needs a project in the path.', '@project');
      }
      return context.project.name;
    case 'currentiteration': {
      const iteration = currentIteration(context, macro.offset);
      if (iteration === undefined) {
        throw wiqlSyntax(
          51018,
          'The @CurrentIteration macro needs a team with a current iteration.',
          '@currentIteration',
        );
      }
      return iteration;
    }
    default:
      throw wiqlSyntax(51019, 'The query has a macro that is not known.', `@${macro.name}`);
  }
}

function currentIteration(context: QueryContext, offset: number): string | undefined {
  const team = context.team ?? context.project?.teams[0];
  const dated = (team?.iterations ?? [])
    .filter((node) => node.startDate !== undefined)
    .toSorted((a, b) => String(a.startDate).localeCompare(String(b.startDate)));
  const at = dated.findIndex(
    (node) =>
      Date.parse(String(node.startDate)) <= context.now && context.now < Date.parse(String(node.finishDate)) + DAY_MS,
  );
  const node = at === -1 ? undefined : dated[at + offset];
  return node === undefined ? undefined : pathOf(node);
}

export function shownOperand(operand: Operand): string {
  switch (operand.kind) {
    case 'string':
      return `'${operand.text}'`;
    case 'number':
    case 'boolean':
      return String(operand.value);
    case 'field':
      return `[${operand.name}]`;
    case 'macro':
      return `@${operand.name}`;
    default:
      return operand satisfies never;
  }
}
