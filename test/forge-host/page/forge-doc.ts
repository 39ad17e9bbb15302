// The tree that @forge/react's reconciler hands over (out/reconciler.js). It is changed in place and handed over again.

export interface ForgeNode {
  readonly type: string;
  readonly key: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly children: readonly ForgeNode[];
}

/** The text within a node. */
export function textOf(node: ForgeNode): string {
  return node.type === 'String' ? String(node.props.text) : node.children.map(textOf).join('');
}

/** What crosses the bridge of an event: https://developer.atlassian.com/platform/forge/ui-kit/events/ */
export function serialise(event: {
  readonly type: string;
  readonly target: EventTarget & { value?: unknown; checked?: boolean; name?: string; id?: string };
}): unknown {
  const { value, checked, name, id } = event.target;
  return { type: event.type, target: { value, checked, name, id } };
}
