// `npm run demo`: starts all of it, then shows the page, or plays the story. What is printed is decided here.

import { simulatorsReady } from '../simulators/ready.ts';
import { playOnce } from './once.ts';
import { type DemoOptions, readOptions, USAGE } from './options.ts';
import { startPage } from './page-server.ts';
import { progressOn, silent } from './progress.ts';
import { runInitialSync, setUp } from './set-up.ts';
import { type Stack, startStack } from './stack.ts';
import { describeWaitTimes } from './wait-times.ts';

const initialSyncWithinMs = 180_000;

async function once(stack: Stack, options: DemoOptions): Promise<number> {
  const progress = options.json ? silent : progressOn(process.stdout);
  const outcome = await playOnce(stack, progress);
  progress.end();
  if (options.json) console.log(JSON.stringify(outcome));
  else {
    const { ok, problems, ...figures } = outcome;
    console.log(ok ? 'All is as it must be.' : `${problems.length} things are not as they must be:`);
    for (const problem of problems) console.log(`  ${problem}`);
    console.log(JSON.stringify(figures, null, 2));
  }
  return outcome.ok ? 0 : 1;
}

async function keepRunning(stack: Stack, options: DemoOptions, stopped: Promise<void>): Promise<number> {
  const progress = options.json ? silent : progressOn(process.stdout);
  const page = await startPage(stack);
  try {
    if (!options.json) {
      console.log(`Tandem runs. The page:  ${page.url}\n\nWait times are shortened: ${describeWaitTimes()}.\n`);
    }
    const profileId = await setUp(stack);
    const sync = await runInitialSync(
      stack.admin,
      profileId,
      ({ done, failed, queued }) => progress.count('Initial sync', done + failed, queued),
      initialSyncWithinMs,
    );
    progress.end();
    const ready = simulatorsReady(
      { ...stack.jira, ordinary: stack.jira.accounts.ordinary },
      { ...stack.azure, ordinary: stack.azure.ordinary },
    );
    if (options.json) console.log(JSON.stringify({ ready: true, backend: stack.backendUrl, page: page.url, ...ready }));
    else console.log(readyWords(stack, page.url, sync.done));
    await stopped;
  } finally {
    await page.close();
  }
  return 0;
}

const readyWords = ({ jira, azure, backendUrl, backend }: Stack, page: string, items: number): string => `
${items} items are in step. Open ${page} and try:

  1. Open an item and rename it in Jira: Azure DevOps follows, and the page says after how long.
  2. Move the work item to another state: the issue takes the way through its workflow.
  3. Comment or attach a file on either side; create an item with "New item".
  4. Let events get lost: POST {"mode":"drop"} to Jira's /_control/events. Scans find every change all the same.

  Admin page      ${page}/admin
  Issue panel     ${page}/browse/${jira.project}-1
  Backend         ${backendUrl}/openapi.json   log: ${backend.logFile}
  Jira            ${jira.url}   ${jira.accounts.ordinary.email}, token ${jira.accounts.ordinary.token}
  Azure DevOps    ${azure.url}   PAT ${azure.ordinary.pat}
  What to break   ${jira.kernel.url}/_control and ${azure.kernel.url}/_control

Stop with Ctrl-C.`;

async function run(options: DemoOptions): Promise<number> {
  let stop = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  // Heard from the first moment on: what is being started then ends in order as well.
  let asked = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      asked = true;
      stop();
    });
  }
  const stack = await startStack(options);
  try {
    if (asked) return 0;
    const work = options.once ? once(stack, options) : keepRunning(stack, options, stopped);
    return await Promise.race([work, stopped.then(() => (options.once ? 1 : work.catch(() => 0)))]);
  } finally {
    await stack.close();
  }
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(USAGE);
  else process.exitCode = await run(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof TypeError && 'code' in error) console.error(`\n${USAGE}`);
  process.exitCode = 1;
}
process.exit();
