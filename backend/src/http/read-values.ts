// Remembers what a run or a request has read of the two services, so that it is masked where a service repeats it in an
// error. In memory, and only while the run lasts.

import { AsyncLocalStorage } from 'node:async_hooks';

interface Reads {
  /** Parsed answers, the newest last. */
  readonly answers: { readonly json: unknown; readonly failed: boolean; readonly length: number }[];
  length: number;
  /** What is in them; null until it is asked for again. */
  values: readonly string[] | null;
}

const current = new AsyncLocalStorage<Reads>();

/** Characters of answers that are kept; the oldest go first. */
const mostKept = 2 * 1024 * 1024;

/** A shorter one says nothing by itself, and would mask the words of every sentence. */
const shortest = 4;

/** What names things and is no content: an error must be able to name them. */
const names: ReadonlySet<string> = new Set(
  'id key self url href rev expand typeKey typeName $type accountId accountType descriptor commentId workItemId'.split(
    ' ',
  ),
);

/** What a site calls its fields, types and projects is no content either, and what errors are about. */
const schemaCalls =
  /createmeta|editmeta|transitions|^GET (?:field|workitemtypes|workitemrelationtypes|classificationnodes|mypermissions|connectionData|attachment\/meta|hooks)\b|^GET projects?\b(?!.*members)/;

/** Where a failing service speaks itself: what is masked, not what is masked with. */
const words: ReadonlySet<string> = new Set(
  'message errorMessages errors warningMessages innerException title detail error errorCode ErrorMessage FieldReferenceName FieldStatusFlags'.split(
    ' ',
  ),
);

/** Runs `work`, at whose errors what it reads is masked. */
export const rememberingReads = <T>(work: () => T): T => current.run({ answers: [], length: 0, values: null }, work);

/** Told of every answer, `length` characters long; the operation is as calls are named for metrics. */
export function rememberRead(operation: string, json: unknown, length: number, failed: boolean): void {
  const reads = current.getStore();
  if (!reads || json === undefined || json === null || length > mostKept || schemaCalls.test(operation)) return;
  reads.answers.push({ json, failed, length });
  reads.length += length;
  reads.values = null;
  while (reads.length > mostKept) reads.length -= reads.answers.shift()?.length ?? reads.length;
}

/** What the present run has read, longest first; nothing outside of one. */
export function readValues(): readonly string[] {
  const reads = current.getStore();
  if (!reads) return [];
  reads.values ??= valuesIn(reads.answers);
  return reads.values;
}

/** Without recursion: how deep an answer nests is the service's choice. */
function valuesIn(answers: Reads['answers']): readonly string[] {
  const found = new Set<string>();
  const add = (text: string) => {
    const value = text.trim();
    if (value.length >= shortest) found.add(value);
  };
  for (const { json, failed } of answers) {
    const left: unknown[] = [json];
    while (left.length > 0) {
      const value = left.pop();
      if (typeof value === 'string') {
        add(value);
        // Markup is seldom quoted with its tags.
        if (value.includes('<')) for (const piece of value.split(/<[^>]*>/)) add(piece);
      } else if (Array.isArray(value)) for (const element of value) left.push(element);
      else if (typeof value === 'object' && value !== null) {
        for (const [name, element] of Object.entries(value)) {
          if (!names.has(name) && !(failed && words.has(name))) left.push(element);
        }
      }
    }
  }
  return [...found].sort((a, b) => b.length - a.length);
}
