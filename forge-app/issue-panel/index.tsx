// The issue panel: Jira loads this file.

import { reconciler } from '../ui/reconciler.ts';
import { IssuePanel } from './IssuePanel.tsx';

reconciler.render(<IssuePanel />);
