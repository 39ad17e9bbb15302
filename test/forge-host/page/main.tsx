// The host's page: draws what the app hands over with Atlassian's own components, and shows its flags.

import { setGlobalTheme } from '@atlaskit/tokens';
import { type ReactNode, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { type Flag, provideBridge } from './bridge.ts';
import { Flags } from './flags.tsx';
import type { ForgeNode } from './forge-doc.ts';
import { ForgeChildren } from './render.tsx';

interface Shown {
  readonly root: ForgeNode | null;
  readonly flags: readonly Flag[];
}

let shown: Shown = { root: null, flags: [] };
const listeners = new Set<() => void>();
const show = (change: Partial<Shown>): void => {
  shown = { ...shown, ...change };
  for (const listener of listeners) listener();
};

const closeFlag = (id: string | number): void => show({ flags: shown.flags.filter((flag) => flag.id !== id) });

const settings: unknown = JSON.parse(document.getElementById('host-settings')?.textContent ?? '{}');
provideBridge(
  {
    // The tree is the same object each time: a new wrapper makes it a change.
    reconcile: (forgeDoc) => show({ root: { ...(forgeDoc as ForgeNode) } }),
    showFlag: (flag) => show({ flags: [...shown.flags.filter(({ id }) => id !== flag.id), flag] }),
    closeFlag,
  },
  settings,
);

function App(): ReactNode {
  const { root, flags } = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
  return (
    <>
      {root && <ForgeChildren of={root} />}
      <Flags flags={flags} close={closeFlag} />
    </>
  );
}

const place = document.getElementById('app');
if (!place) throw new Error('the page has no place for the app');
void setGlobalTheme({ colorMode: 'light', light: 'light' });
createRoot(place).render(<App />);
