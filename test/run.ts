// What `npm test` and `npm run check` run, in order, with one closing line: `N passed, N failed`. Knows no test itself.

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const root = join(import.meta.dirname, '..');

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Runs a program of the package; resolves with its exit code once its output has been shown. */
function run(program: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, 'node_modules/.bin', program), args, { cwd: root, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

async function check(title: string, program: string, args: readonly string[]): Promise<Outcome> {
  console.log(`\n# ${title}`);
  const code = await run(program, args);
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

async function tests(): Promise<Outcome> {
  console.log('\n# Tests');
  const folder = await mkdtemp(join(tmpdir(), 'tandem-test-'));
  const report = join(folder, 'report.json');
  try {
    const code = await run('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]);
    const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = JSON.parse(
      await readFile(report, 'utf8'),
    ) as Record<string, number>;
    const failedFiles = (numFailedTests ?? 0) === 0 ? (numFailedTestSuites ?? 0) : 0;
    const failed = (numFailedTests ?? 0) + failedFiles;
    return {
      passed: numPassedTests ?? 0,
      // An error outside any test (an unhandled rejection) fails the run without failing a test.
      failed: code !== 0 && failed === 0 ? 1 : failed,
      skipped: numPendingTests ?? 0,
    };
  } catch (error) {
    console.error(`The test runner left no report: ${String(error)}`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const outcomes = [
  await check('Format and lint', 'biome', ['check', '--error-on-warnings', '.']),
  await check('Types', 'tsc', ['-p', '.']),
  await check('Types of the Forge host’s page', 'tsc', ['-p', 'test/forge-host/page']),
  await check('Types of the demo’s page', 'tsc', ['-p', 'test/demo/page']),
  ...(values.check ? [] : [await tests()]),
];
const total = (key: keyof Outcome) => outcomes.reduce((sum, outcome) => sum + outcome[key], 0);
const skipped = total('skipped');
console.log(`\n${total('passed')} passed, ${total('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = total('failed') === 0 ? 0 : 1;
