// The admin page's calls.

import type { AdminOperations } from '../operations.ts';
import { resolverCall } from '../ui/call.ts';

export const callAdmin = resolverCall<AdminOperations>();
