// The issue panel's resolver. The issue is the one that Jira shows the panel on; that the caller may see or edit it is
// asked by the backend, with the user's own token.

import type { PanelOperations } from '../operations.ts';
import { gateway, type PageContext } from './gateway.ts';
import { id } from './payload.ts';

const issueId = (context: PageContext): string => id({ issue: context.extension?.issue?.id }, 'issue');

export const panelResolver = gateway<PanelOperations>({
  panel: (_, context) => ({ method: 'GET', path: `/panel/${issueId(context)}` }),
  sync: (_, context) => ({ method: 'POST', path: `/panel/${issueId(context)}/sync` }),
  counterpart: (_, context) => ({ method: 'GET', path: `/panel/${issueId(context)}/counterpart` }),
  link: ({ workItem }, context) => ({ method: 'POST', path: `/panel/${issueId(context)}/link`, body: { workItem } }),
  unlink: (_, context) => ({ method: 'POST', path: `/panel/${issueId(context)}/unlink` }),
});
