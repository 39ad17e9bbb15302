// The kinds of relation and their topology, after
// https://learn.microsoft.com/azure/devops/boards/queries/link-type-reference

/** `tree`: one parent and no cycle. `dependency`: no cycle. `network`: anything. `resource`: not to a work item. */
export type Topology = 'tree' | 'dependency' | 'network' | 'resource';

export interface RelationType {
  readonly referenceName: string;
  readonly name: string;
  readonly topology: Topology;
  /** The relation that the other item gets. */
  readonly opposite?: string;
  /** True on the end that may stand once only on a tree's item: Parent, Duplicate Of. */
  readonly single: boolean;
  readonly directional: boolean;
  readonly isForward: boolean;
}

function pair(
  base: string,
  topology: Topology,
  forward: string,
  reverse: string,
  single = topology === 'tree',
): RelationType[] {
  return [
    {
      referenceName: `${base}-Forward`,
      name: forward,
      topology,
      opposite: `${base}-Reverse`,
      single: false,
      directional: true,
      isForward: true,
    },
    {
      referenceName: `${base}-Reverse`,
      name: reverse,
      topology,
      opposite: `${base}-Forward`,
      single,
      directional: true,
      isForward: false,
    },
  ];
}

const resource = (referenceName: string, name: string): RelationType => ({
  referenceName,
  name,
  topology: 'resource',
  single: false,
  directional: false,
  isForward: true,
});

export const RELATION_TYPES: readonly RelationType[] = [
  ...pair('System.LinkTypes.Hierarchy', 'tree', 'Child', 'Parent'),
  ...pair('System.LinkTypes.Dependency', 'dependency', 'Successor', 'Predecessor'),
  ...pair('System.LinkTypes.Duplicate', 'tree', 'Duplicate', 'Duplicate Of'),
  ...pair('Microsoft.VSTS.Common.TestedBy', 'dependency', 'Tested By', 'Tests'),
  ...pair('Microsoft.VSTS.Common.Affects', 'dependency', 'Affects', 'Affected By'),
  {
    referenceName: 'System.LinkTypes.Related',
    name: 'Related',
    topology: 'network',
    opposite: 'System.LinkTypes.Related',
    single: false,
    directional: false,
    isForward: true,
  },
  resource('AttachedFile', 'Attached File'),
  resource('Hyperlink', 'Hyperlink'),
  resource('ArtifactLink', 'Artifact Link'),
];

const byName = new Map(RELATION_TYPES.map((type) => [type.referenceName.toLowerCase(), type]));

export const relationType = (referenceName: string): RelationType | undefined =>
  byName.get(referenceName.toLowerCase());
