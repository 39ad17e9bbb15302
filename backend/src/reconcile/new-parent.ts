// The parent of an item that is to become a sub-task: Jira makes one only beneath an issue that is there
// (https://support.atlassian.com/jira-cloud-administration/docs/configure-sub-tasks/), so it waits for its parent's pair.

import { typeSchema } from '../sync/catalog.ts';
import { type SyncError, syncError } from '../sync/errors.ts';
import { hierarchyParent } from '../sync/link-rules.ts';
import type { ItemSnapshot } from '../sync/model.ts';
import { planCreate } from '../sync/plan-create.ts';
import { type ProfileContext, planContext, projectOf } from './context.ts';
import { complain } from './keep-error.ts';
import { done, type JobResult } from './outcome.ts';
import type { ItemName } from './ports.ts';
import { rememberWaiting } from './waiting.ts';

export type NewParent =
  | { readonly kind: 'not-needed' }
  /** The issue's id. */
  | { readonly kind: 'there'; readonly id: string }
  | { readonly kind: 'coming'; readonly name: ItemName }
  /** `name`: should that item be paired after all, it is the parent. */
  | { readonly kind: 'missing'; readonly error: SyncError; readonly name?: ItemName };

/** `type` is the one that the counterpart of `source` gets. Reads the parent where it has no pair yet. */
export async function newParent(context: ProfileContext, source: ItemSnapshot, type: string): Promise<NewParent> {
  const { deps, scope, sites } = context;
  if (source.side === 'jira' || !typeSchema(context.catalogs.jira, type)?.subtask) return { kind: 'not-needed' };
  const target = source.links?.find((link) => link.type === hierarchyParent)?.target;
  const error = (code: 'parent-required' | 'parent-unpaired') => syncError(code, { side: 'jira', value: type });
  if (target === undefined) return { kind: 'missing', error: error('parent-required') };
  const name: ItemName = { side: 'azure', name: target };
  const pair = await deps.state.findPair(scope, sites.azure, 'azure', target);
  if (pair?.status === 'creating') return { kind: 'coming', name };
  const issue = pair?.status === 'paired' ? pair.ids.jira : null;
  // A pair with another Jira site has no issue here.
  const here = issue !== null && (await deps.state.findPair(scope, sites.jira, 'jira', issue))?.id === pair?.id;
  if (here) return { kind: 'there', id: issue };
  if (pair === null && (await enters(context, target))) return { kind: 'coming', name };
  return { kind: 'missing', error: error('parent-unpaired'), name };
}

/** Whether the profile will make an issue for the work item. */
async function enters(context: ProfileContext, id: string): Promise<boolean> {
  const { reader } = context.sides.azure;
  const read = await reader.read(id, { comments: false });
  if (read.kind !== 'found' || read.item.projectKey !== projectOf(context, 'azure')) return false;
  if (planCreate({ ...planContext(context), source: read.item }).kind !== 'create') return false;
  return context.profile.settings.azure.filter === undefined || reader.matchesFilter(id);
}

/** The item gets a job once its parent is paired. What can't come by itself is its error until then. */
export async function waitForParent(
  context: ProfileContext,
  source: ItemSnapshot,
  parent: NewParent & { readonly kind: 'coming' | 'missing' },
): Promise<JobResult> {
  const { deps, scope, profile } = context;
  const names = parent.name === undefined ? [] : [parent.name];
  const arrived = await rememberWaiting(context, { side: source.side, itemId: source.id }, names);
  if (arrived && parent.kind === 'coming') return { kind: 'again', at: deps.now() };
  if (parent.kind === 'missing') return complain(context, source, [parent.error]);
  await deps.state.clearItemError(scope, profile.id, source.side, source.id);
  return done;
}
