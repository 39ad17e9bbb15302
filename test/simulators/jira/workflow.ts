// The project's two workflows: which transitions leave a status, who may take them, what their screens ask, what they set.
import { GROUPS } from './site.ts';

export interface TransitionDef {
  readonly id: string;
  readonly name: string;
  /** Status ids; `any` marks a global transition. */
  readonly from: readonly string[] | 'any';
  readonly to: string;
  /** Fields of the transition's screen; without a screen a transition takes no fields. */
  readonly screen?: readonly { readonly fieldId: string; readonly required: boolean }[];
  /** Only members of the group see and take it. */
  readonly onlyGroup?: string;
  /** A post function: the resolution that it sets, or null to clear it. */
  readonly setsResolution?: string | null;
}

export interface WorkflowDef {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly initialStatus: string;
  readonly statuses: readonly string[];
  readonly transitions: readonly TransitionDef[];
  /** Issue type ids. */
  readonly types: readonly string[];
}

const TODO = '10000';
const PROGRESS = '3';
const REVIEW = '10001';
const BLOCKED = '10003';
const DONE = '10002';
const CANCELLED = '10004';

/**
 * Not every status can be reached from any: Done needs a review, and asks for a resolution on its screen.
 *
 *   To Do ⇄ In Progress ⇄ Blocked      In Progress → In Review → Done → To Do
 *   To Do, In Progress, Blocked → Cancelled → To Do (developers only)
 */
const SOFTWARE: WorkflowDef = {
  id: 'b3a5b1f8-3d0b-4a53-9a6a-0e0b6b1f0001',
  name: 'TAN: Software workflow',
  description: 'For stories, tasks, bugs and subtasks.',
  initialStatus: TODO,
  statuses: [TODO, PROGRESS, REVIEW, BLOCKED, DONE, CANCELLED],
  types: ['10001', '10002', '10003', '10004'],
  transitions: [
    { id: '11', name: 'Start progress', from: [TODO], to: PROGRESS },
    { id: '21', name: 'Ask for review', from: [PROGRESS], to: REVIEW },
    {
      id: '31',
      name: 'Approve',
      from: [REVIEW],
      to: DONE,
      screen: [
        { fieldId: 'resolution', required: true },
        { fieldId: 'fixVersions', required: false },
      ],
    },
    { id: '41', name: 'Reject', from: [REVIEW], to: PROGRESS },
    { id: '51', name: 'Block', from: [PROGRESS], to: BLOCKED },
    { id: '61', name: 'Unblock', from: [BLOCKED], to: PROGRESS },
    { id: '71', name: 'Stop progress', from: [PROGRESS], to: TODO },
    {
      id: '81',
      name: 'Cancel',
      from: [TODO, PROGRESS, BLOCKED],
      to: CANCELLED,
      onlyGroup: GROUPS.developers,
      setsResolution: '10001',
    },
    { id: '91', name: 'Reopen', from: [DONE, CANCELLED], to: TODO, setsResolution: null },
  ],
};

const EPICS: WorkflowDef = {
  id: 'b3a5b1f8-3d0b-4a53-9a6a-0e0b6b1f0002',
  name: 'TAN: Epic workflow',
  description: 'For epics: any status from any.',
  initialStatus: TODO,
  statuses: [TODO, PROGRESS, DONE],
  types: ['10000'],
  transitions: [
    { id: '111', name: 'To Do', from: 'any', to: TODO, setsResolution: null },
    { id: '121', name: 'In Progress', from: 'any', to: PROGRESS, setsResolution: null },
    { id: '131', name: 'Done', from: 'any', to: DONE, setsResolution: '10000' },
  ],
};

export const WORKFLOWS: readonly WorkflowDef[] = [SOFTWARE, EPICS];

export function workflowOf(typeId: string): WorkflowDef {
  return WORKFLOWS.find((workflow) => workflow.types.includes(typeId)) ?? SOFTWARE;
}

/** What tests changed about transitions since the start. */
export interface WorkflowChanges {
  /** Transition ids that nobody sees or takes any more. */
  readonly removed: ReadonlySet<string>;
  /** Transition id → fields that its screen asks for, besides those of the definition. */
  readonly required: ReadonlyMap<string, readonly string[]>;
}

/** The transitions that leave `statusId`, whoever asks; conditions are the caller's part. */
export function transitionsFrom(typeId: string, statusId: string, changes: WorkflowChanges): readonly TransitionDef[] {
  return workflowOf(typeId)
    .transitions.filter(({ id, from }) => !changes.removed.has(id) && (from === 'any' || from.includes(statusId)))
    .map((transition) => {
      const more = changes.required.get(transition.id);
      if (more === undefined) return transition;
      const kept = (transition.screen ?? []).filter(({ fieldId }) => !more.includes(fieldId));
      return { ...transition, screen: [...kept, ...more.map((fieldId) => ({ fieldId, required: true }))] };
    });
}
