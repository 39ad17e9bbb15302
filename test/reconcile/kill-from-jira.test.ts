// A process killed at every step on the way from jira: see kill.ts.

import { killTests } from './kill.ts';

killTests('jira');
