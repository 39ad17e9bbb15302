// A process that takes one job, says so, and never ends it: for the test that kills it.

import { startRunner } from '../../backend/src/jobs/runner.ts';
import { openPool } from '../../backend/src/store/database.ts';
import { handlers, recordedLog } from './jobs.ts';

const url = process.argv[2];
if (!url) throw new Error('give the database URL');
await startRunner({
  pool: openPool(url),
  handlers: handlers({
    'reconcile-item': async () => {
      console.log('taken');
      return new Promise(() => {});
    },
  }),
  concurrency: 1,
  log: recordedLog(),
});
