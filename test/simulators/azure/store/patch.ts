// Reads a JSON Patch document of a work item, op by op, against a working copy. Nothing is saved here and no rule is checked.
import { z } from 'zod';
import type { FieldDefinition } from '../data/fields.ts';
import { fieldNotFound, invalidArgument, patchFailed, testFailed } from '../errors.ts';
import { visibleRelations } from './derived.ts';
import type { Relation, Revision, World } from './model.ts';

/** In the order of the enumeration that Microsoft's clients have: interfaces/common/VSSInterfaces, `Operation`. */
const OPERATIONS = ['add', 'remove', 'replace', 'move', 'copy', 'test'] as const;

const opSchema = z.object({
  op: z.enum(OPERATIONS),
  path: z.string().min(1),
  from: z.string().nullish(),
  value: z.unknown().optional(),
});

export type PatchOp = z.infer<typeof opSchema>;

export interface RelationInput {
  readonly rel: string;
  readonly url: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A relation in the working copy: one that was there, or one that the patch adds. */
export type WorkingRelation =
  | { readonly kind: 'existing'; readonly relation: Relation; attributes: Readonly<Record<string, unknown>> }
  | { readonly kind: 'added'; readonly input: RelationInput };

export interface PatchResult {
  /** By reference name; `null` empties the field. */
  readonly fields: Map<string, unknown>;
  readonly formats: Map<string, unknown>;
  readonly relations: WorkingRelation[];
  /** A negative id by which other requests of a batch name this item. */
  temporaryId: number | undefined;
}

export function parsePatchDocument(body: unknown): PatchOp[] {
  const parsed = z.array(opSchema).min(1).safeParse(lowerOps(body));
  if (parsed.success) return parsed.data;
  throw invalidArgument('You must pass a valid patch document in the body of the request.');
}

/** The service takes `Add` as well as `add`, and the numbers that its own clients' enumeration stands for. */
function lowerOps(body: unknown): unknown {
  if (!Array.isArray(body)) return body;
  return body.map((op: unknown) => {
    if (typeof op !== 'object' || op === null) return op;
    const name: unknown = Reflect.get(op, 'op');
    const named = typeof name === 'number' ? OPERATIONS[name] : typeof name === 'string' ? name.toLowerCase() : name;
    return { ...op, op: named };
  });
}

const relationSchema = z.object({
  rel: z.string().min(1),
  url: z.string().min(1),
  attributes: z.record(z.string(), z.unknown()).nullish(),
});

/** `show` gives a field's value as a client sees it, for `test`, `copy` and `move`. */
export function applyPatch(
  world: World,
  current: Revision | undefined,
  ops: readonly PatchOp[],
  show: (field: FieldDefinition) => unknown,
): PatchResult {
  const result: PatchResult = {
    fields: new Map(),
    formats: new Map(),
    relations: visibleRelations(world, current?.relations ?? []).map((relation) => ({
      kind: 'existing',
      relation,
      attributes: relation.attributes,
    })),
    temporaryId: undefined,
  };
  const read = (field: FieldDefinition): unknown =>
    result.fields.has(field.referenceName) ? result.fields.get(field.referenceName) : show(field);

  for (const op of ops) {
    const [root = '', ...rest] = op.path.replace(/^\//, '').split('/').map(unescapePointer);
    switch (root.toLowerCase()) {
      case 'fields':
        applyToField(fieldNamed(world, rest.join('/')), op, read, result);
        break;
      case 'relations':
        applyToRelations(rest, op, result);
        break;
      case 'multilinefieldsformat':
        if (op.op !== 'add' && op.op !== 'replace') throw patchFailed(`Unable to evaluate path ${op.path}`);
        result.formats.set(fieldNamed(world, rest.join('/')).referenceName, op.value);
        break;
      case 'rev':
        applyToRev(op, current?.rev ?? 0);
        break;
      case 'id':
        applyToId(op, current, result);
        break;
      default:
        throw patchFailed(`Unable to evaluate path ${op.path}`);
    }
  }
  return result;

  function fieldNamed(where: World, name: string): FieldDefinition {
    const wanted = name.toLowerCase();
    const field =
      where.fields.get(wanted) ?? [...where.fields.values()].find((one) => one.name.toLowerCase() === wanted);
    if (field === undefined) throw fieldNotFound(name);
    return field;
  }
}

const unescapePointer = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');

function applyToRev(op: PatchOp, rev: number): void {
  if (op.op !== 'test') throw patchFailed(`Unable to evaluate path ${op.path}`);
  if (Number(op.value) !== rev) throw testFailed('/rev', rev, op.value);
}

function applyToId(op: PatchOp, current: Revision | undefined, result: PatchResult): void {
  if (op.op === 'add' && current === undefined) {
    const id = Number(op.value);
    if (!Number.isInteger(id) || id >= 0) throw patchFailed(`Unable to evaluate path ${op.path}`);
    result.temporaryId = id;
    return;
  }
  throw patchFailed(`Unable to evaluate path ${op.path}`);
}

function applyToField(
  field: FieldDefinition,
  op: PatchOp,
  read: (field: FieldDefinition) => unknown,
  result: PatchResult,
): void {
  const name = field.referenceName;
  switch (op.op) {
    case 'add':
    case 'replace':
      if (op.value === undefined) throw patchFailed(`A value is required for operation ${op.op} on path ${op.path}`);
      result.fields.set(name, op.op === 'add' && name === 'System.Tags' ? moreTags(read(field), op.value) : op.value);
      return;
    case 'remove':
      result.fields.set(name, null);
      return;
    case 'test':
      if (!equalForTest(read(field), op.value)) throw testFailed(op.path, read(field) ?? '', op.value);
      return;
    case 'copy':
    case 'move': {
      const from = /^\/?fields\/(.+)$/i.exec(op.from ?? '')?.[1];
      if (from === undefined) throw patchFailed(`The "from" path ${op.from ?? ''} is not valid for operation ${op.op}`);
      const source = result.fields.get(from);
      result.fields.set(name, source === undefined ? read({ ...field, referenceName: from }) : source);
      if (op.op === 'move') result.fields.set(from, null);
      return;
    }
    default:
      op.op satisfies never;
  }
}

/**
 * `add` only adds tags, an empty value none; what shall leave needs `replace`: https://github.com/bluebasher/WorkItemUpdater/pull/87
 * and issue 92 there.
 */
const moreTags = (present: unknown, added: unknown): unknown =>
  typeof present !== 'string' || present === '' || (typeof added !== 'string' && added !== null)
    ? added
    : `${present}; ${added ?? ''}`;

function equalForTest(actual: unknown, expected: unknown): boolean {
  if (actual === expected) return true;
  if (typeof actual === 'object' && actual !== null && typeof expected === 'string') {
    return String(Reflect.get(actual, 'uniqueName')).toLowerCase() === expected.toLowerCase();
  }
  return (actual ?? null) === (expected ?? null) || String(actual ?? '') === String(expected ?? '');
}

function applyToRelations(rest: readonly string[], op: PatchOp, result: PatchResult): void {
  const [position = '', ...inner] = rest;
  if (position === '-') {
    if (op.op !== 'add') throw patchFailed(`Unable to evaluate path ${op.path}`);
    const parsed = relationSchema.safeParse(op.value);
    if (!parsed.success) throw invalidArgument('You must pass a valid patch document in the body of the request.');
    const { rel, url, attributes } = parsed.data;
    result.relations.push({ kind: 'added', input: { rel, url, attributes: attributes ?? {} } });
    return;
  }
  const index = Number(position);
  const at = /^\d+$/.test(position) ? result.relations[index] : undefined;
  if (at === undefined) throw patchFailed(`Index out of range for path ${op.path}.`);
  if (op.op === 'test') return;
  if (inner.length === 0 && op.op === 'remove') {
    result.relations.splice(index, 1);
    return;
  }
  if (at.kind !== 'existing') throw patchFailed(`Unable to evaluate path ${op.path}`);
  if (inner.length === 0 && op.op === 'replace') {
    const parsed = relationSchema.partial().safeParse(op.value);
    if (!parsed.success) throw invalidArgument('You must pass a valid patch document in the body of the request.');
    at.attributes = { ...at.attributes, ...(parsed.data.attributes ?? {}) };
    return;
  }
  const name = inner[0] === 'attributes' ? inner[1] : undefined;
  if (name !== 'comment' || op.op === 'move' || op.op === 'copy')
    throw patchFailed(`Unable to evaluate path ${op.path}`);
  at.attributes = { ...at.attributes, comment: op.op === 'remove' ? '' : String(op.value ?? '') };
}
