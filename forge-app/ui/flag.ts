// Tells, in passing, that something was done.

import { showFlag } from '@forge/bridge';

export function tell(title: string): void {
  showFlag({ id: title, title, type: 'success', appearance: 'success', isAutoDismiss: true });
}
