// Areas and iterations of a project: which there are, making one that a value names, and changing one. Which node a name means is
// sync/planning.ts' work. https://learn.microsoft.com/rest/api/azure/devops/wit/classification-nodes

import { z } from 'zod';
import type { TypeInfo } from '../reconcile/ports.ts';
import { type SyncError, SyncFailure } from '../sync/errors.ts';
import type { OptionDates, OptionRef } from '../sync/model.ts';
import type { NodeChange } from '../sync/planning-changes.ts';
import { type AzureClient, failureOf } from './client.ts';
import { utc } from './fields.ts';

const fields = { 'System.AreaPath': 'Areas', 'System.IterationPath': 'Iterations' } as const;
type NodeField = keyof typeof fields;

const isNodeField = (id: string): id is NodeField => Object.hasOwn(fields, id);

interface Node {
  readonly id: number;
  readonly name: string;
  readonly structureType: string;
  readonly attributes?: { readonly startDate?: string | null; readonly finishDate?: string | null } | undefined;
  readonly children?: readonly Node[] | undefined;
}

const nodeSchema: z.ZodType<Node> = z.object({
  id: z.number().int(),
  name: z.string(),
  structureType: z.string(),
  attributes: z
    .object({ startDate: z.string().nullish(), finishDate: z.string().nullish() })
    .transform(({ startDate, finishDate }) => ({ startDate: startDate ?? null, finishDate: finishDate ?? null }))
    .optional(),
  get children() {
    return z.array(nodeSchema).optional();
  },
});
const rootsSchema = z.object({ value: z.array(nodeSchema) });

/** Deeper trees than the service allows: 14 levels (learn.microsoft.com, "Work tracking, process, and project limits"). */
const depth = 20;

/** Both trees in one call: every node beneath the project's own, by its whole path, with an iteration's days. */
export async function loadNodes(
  client: AzureClient,
  project: string,
): Promise<Readonly<Record<NodeField, readonly OptionRef[]>>> {
  const { value } = await client.call(
    {
      operation: 'GET classificationnodes',
      method: 'GET',
      path: ['wit', 'classificationnodes'],
      project,
      query: { $depth: depth },
      endpoint: 'read',
      scope: 'Work Items (Read)',
    },
    rootsSchema,
  );
  const of = (kind: string) =>
    value.filter(({ structureType }) => structureType === kind).flatMap((root) => below(root, root.name));
  return { 'System.AreaPath': of('area'), 'System.IterationPath': of('iteration') };
}

const below = (node: Node, path: string): readonly OptionRef[] =>
  (node.children ?? []).flatMap((child) => {
    const name = `${path}\\${child.name}`;
    return [{ id: String(child.id), name, ...datesOf(child) }, ...below(child, name)];
  });

function datesOf({ attributes }: Node): { readonly dates?: OptionDates } {
  const day = (text: string | null | undefined) => utc(text)?.slice(0, 10);
  const [start, end] = [day(attributes?.startDate), day(attributes?.finishDate)];
  if (start === undefined && end === undefined) return {};
  return { dates: { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) } };
}

/** The types with the nodes that their area and iteration paths may name. */
export const withNodes = (
  types: readonly TypeInfo[],
  nodes: Readonly<Record<NodeField, readonly OptionRef[]>>,
): readonly TypeInfo[] =>
  types.map((type) => ({
    ...type,
    fields: type.fields.map((field) => (isNodeField(field.id) ? { ...field, allowed: nodes[field.id] } : field)),
  }));

/** Nodes that this process made or found there, so that a batch of items asks once. */
const made = new WeakMap<AzureClient, Set<string>>();

/**
 * Makes the node that a path names, with its parents, as far as they are not there; the days go to the last one. Names are
 * unique beneath a parent, so that one which another run made meanwhile is taken. The error when the service refuses.
 */
export async function makeNode(
  client: AzureClient,
  project: string,
  field: string,
  option: OptionRef,
): Promise<SyncError | null> {
  if (!isNodeField(field)) return null;
  const known = made.get(client) ?? new Set<string>();
  made.set(client, known);
  const group = fields[field];
  if (known.has(`${group} ${option.name}`)) return null;
  const names = option.name.split('\\').slice(1);
  try {
    for (const [index, name] of names.entries()) {
      const attributes = index === names.length - 1 && group === 'Iterations' ? attributesOf(option.dates) : {};
      const answer = await client.answer({
        operation: 'POST classificationnodes',
        method: 'POST',
        path: ['wit', 'classificationnodes', group, ...names.slice(0, index)],
        project,
        body: { kind: 'json', value: { name, ...attributes } },
        endpoint: 'write',
        scope: 'Work Items (Read & write)',
      });
      if (answer.kind === 'ok' || isThere(answer)) continue;
      return failureOf(answer, { level: 'field', field });
    }
  } catch (thrown) {
    if (!(thrown instanceof SyncFailure) || thrown.error.code !== 'forbidden') throw thrown;
    return { ...thrown.error, level: 'field', field };
  }
  known.add(`${group} ${option.name}`);
  return null;
}

/** TF237018: a node of this name is there already. */
const isThere = ({
  status,
  body,
}: {
  readonly status: number;
  readonly body: { readonly typeKey?: string | undefined };
}) => status === 409 || body.typeKey === 'ClassificationNodeDuplicateNameException';

/** An iteration has both days or none. */
const attributesOf = (dates: OptionDates | undefined) =>
  dates?.start === undefined || dates.end === undefined
    ? {}
    : { attributes: { startDate: `${dates.start}T00:00:00Z`, finishDate: `${dates.end}T00:00:00Z` } };

/** Sets the days of an iteration, and its name. */
export async function changeNode(
  client: AzureClient,
  project: string,
  { field, node, name, dates }: NodeChange,
): Promise<SyncError | null> {
  if (!isNodeField(field)) return null;
  try {
    const answer = await client.answer({
      operation: 'PATCH classificationnodes',
      method: 'PATCH',
      path: ['wit', 'classificationnodes', fields[field], ...node.name.split('\\').slice(1)],
      project,
      body: { kind: 'json', value: { ...(name === undefined ? {} : { name }), ...attributesOf(dates) } },
      endpoint: 'write',
      scope: 'Work Items (Read & write)',
    });
    return answer.kind === 'ok' ? null : failureOf(answer, { level: 'field', field });
  } catch (thrown) {
    if (!(thrown instanceof SyncFailure) || thrown.error.code !== 'forbidden') throw thrown;
    return { ...thrown.error, level: 'field', field };
  }
}
