// Tables. @forge/react turns heads and rows into children (out/components/dynamic-table.js); here they become props again.

import DynamicTable from '@atlaskit/dynamic-table';
import type { ComponentProps } from 'react';
import type { ForgeNode } from '../forge-doc.ts';
import type { Renderers } from '../render.tsx';

type Table = ComponentProps<typeof DynamicTable>;

const wrapped = (node: ForgeNode, name: string): readonly ForgeNode[] =>
  node.children.find(({ type, props }) => type === 'ContentWrapper' && props.name === name)?.children ?? [];

export const tables: Renderers = {
  DynamicTable: (node, render) => {
    const cells = (of: readonly ForgeNode[]) =>
      of.map(({ key, props: { cellKey, ...rest }, children }) => ({
        ...rest,
        key: String(cellKey ?? key),
        content: render(children),
      }));
    const rows = wrapped(node, 'rows').map(({ key, props, children }) => ({
      key: String(props.rowKey ?? key),
      cells: cells(children),
    }));
    return <DynamicTable {...(node.props as Table)} head={{ cells: cells(wrapped(node, 'head')) }} rows={rows} />;
  },
};
