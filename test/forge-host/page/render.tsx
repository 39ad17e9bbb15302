// Draws a tree of @forge/react: one renderer a component. A component without one is a fault of the app or of this host, and seen.

import type { ReactNode } from 'react';
import { actions } from './components/actions.tsx';
import { adf } from './components/adf.tsx';
import { charts } from './components/charts.tsx';
import { dialogs } from './components/dialogs.tsx';
import { feedback } from './components/feedback.tsx';
import { inputs } from './components/inputs.tsx';
import { layout } from './components/layout.tsx';
import { people } from './components/people.tsx';
import { progress } from './components/progress.tsx';
import { tables } from './components/tables.tsx';
import { tabs } from './components/tabs.tsx';
import { writing } from './components/writing.tsx';
import type { ForgeNode } from './forge-doc.ts';

/** `render` draws children, or other nodes that the component places by itself. */
export type Renderer = (node: ForgeNode, render: (nodes: readonly ForgeNode[]) => ReactNode) => ReactNode;
export type Renderers = Readonly<Record<string, Renderer>>;

const renderers: Renderers = {
  ...actions,
  ...adf,
  ...charts,
  ...dialogs,
  ...feedback,
  ...inputs,
  ...layout,
  ...people,
  ...progress,
  ...tables,
  ...tabs,
  ...writing,
};

export function ForgeChildren({ of }: { readonly of: ForgeNode }): ReactNode {
  return renderAll(of.children);
}

const renderAll = (nodes: readonly ForgeNode[]): ReactNode =>
  nodes.map((node) => (node.type === 'String' ? String(node.props.text) : <Element key={node.key} node={node} />));

function Element({ node }: { readonly node: ForgeNode }): ReactNode {
  const renderer = renderers[node.type];
  if (renderer) return renderer(node, renderAll);
  return <mark role="alert">{`The local Forge host cannot draw ${node.type}.`}</mark>;
}
