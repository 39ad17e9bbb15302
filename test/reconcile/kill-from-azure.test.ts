// A process killed at every step on the way from azure: see kill.ts.

import { killTests } from './kill.ts';

killTests('azure');
