// The admin page: Jira loads this file.

import { reconciler } from '../ui/reconciler.ts';
import { App } from './App.tsx';

reconciler.render(<App />);
