// The product's flags, at the lower left of the window.

import { type ReactNode, useEffect } from 'react';
import type { Flag } from './bridge.ts';

const dismissAfterMs = 8_000;

interface FlagsProps {
  readonly flags: readonly Flag[];
  readonly close: (id: string | number) => void;
}

export function Flags({ flags, close }: FlagsProps): ReactNode {
  return (
    <div style={{ position: 'fixed', left: 24, bottom: 24, zIndex: 700, display: 'grid', gap: 8, width: 380 }}>
      {flags.map((flag) => (
        <OneFlag key={flag.id} flag={flag} close={close} />
      ))}
    </div>
  );
}

function OneFlag({ flag, close }: { readonly flag: Flag; readonly close: FlagsProps['close'] }): ReactNode {
  const { id, isAutoDismiss } = flag;
  useEffect(() => {
    if (!isAutoDismiss) return undefined;
    const timer = setTimeout(() => close(id), dismissAfterMs);
    return () => clearTimeout(timer);
  }, [id, isAutoDismiss, close]);
  return (
    <div
      role="alert"
      data-flag={flag.type ?? flag.appearance ?? 'info'}
      style={{
        padding: 16,
        borderRadius: 6,
        background: 'var(--ds-surface-overlay)',
        boxShadow: 'var(--ds-shadow-overlay)',
        overflowWrap: 'anywhere',
      }}
    >
      <strong>{flag.title}</strong>
      {flag.description && <div style={{ marginTop: 4 }}>{flag.description}</div>}
    </div>
  );
}
