// The root that UI Kit renders to. Bundlers differ in what a default import of a CommonJS package is: the package or its `default`.

import * as forgeReact from '@forge/react';
import type { ReactNode } from 'react';

interface Reconciler {
  readonly render: (element: ReactNode) => void;
}

const { default: found } = forgeReact as unknown as { default: Reconciler | { readonly default: Reconciler } };

export const reconciler: Reconciler = 'render' in found ? found : found.default;
