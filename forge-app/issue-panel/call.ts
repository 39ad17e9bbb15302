// The issue panel's calls.

import type { PanelOperations } from '../operations.ts';
import { resolverCall } from '../ui/call.ts';

export const callPanel = resolverCall<PanelOperations>();
