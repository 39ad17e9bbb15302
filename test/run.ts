// What `npm test` and `npm run check` run, with one closing line: `N passed, N failed`. Knows no test itself. The checks run
// beside the tests, which wait for processes of their own half of the time; what they print is shown when they have ended.

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

interface Ended {
  readonly code: number;
  /** What it printed, unless it was shown at once. */
  readonly output: string;
}

/** Runs a program of the package. */
function run(program: string, args: readonly string[], shown: 'at once' | 'later'): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, 'node_modules/.bin', program), args, {
      cwd: root,
      stdio: shown === 'at once' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

const programs = [
  ['Format and lint', 'biome', ['check', '--error-on-warnings', '.']],
  ['Types', 'tsc', ['-p', '.']],
  ['Types of the Forge host’s page', 'tsc', ['-p', 'test/forge-host/page']],
  ['Types of the demo’s page', 'tsc', ['-p', 'test/demo/page']],
] as const;

/** One after the other, so that they take one core from the tests and not all. */
async function checks(): Promise<{ readonly outcome: Outcome; readonly report: string }> {
  const lines: string[] = [];
  let failed = 0;
  for (const [title, program, args] of programs) {
    const { code, output } = await run(program, args, 'later');
    if (code !== 0) failed += 1;
    lines.push(`# ${title}: ${code === 0 ? 'passed' : 'failed'}`, ...(output.trim() === '' ? [] : [output.trimEnd()]));
  }
  return { outcome: { passed: programs.length - failed, failed, skipped: 0 }, report: lines.join('\n') };
}

async function tests(): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-test-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const { code } = await run('vitest', ['run', ...reporters], 'at once');
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

const none: Outcome = { passed: 0, failed: 0, skipped: 0 };
const [checked, tested] = await Promise.all([checks(), values.check ? none : tests()]);
const total = (key: keyof Outcome) => checked.outcome[key] + tested[key];
const skipped = total('skipped');
console.log(`\n${checked.report}`);
console.log(`\n${total('passed')} passed, ${total('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = total('failed') === 0 ? 0 : 1;
