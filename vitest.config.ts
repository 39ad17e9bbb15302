import { defineConfig } from 'vitest/config';
import SlowFirst from './test/sequencer.ts';

export default defineConfig({
  test: {
    globalSetup: ['test/store/postgres-run.ts'],
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Most of the long tests wait for processes of their own: more of them than cores keeps the cores busy.
    maxWorkers: 4,
    // No test changes what a module holds, so the modules are loaded once a worker and not once a file.
    isolate: false,
    sequence: { sequencer: SlowFirst },
    reporters: ['default'],
  },
});
