// `npm run simulators`: both simulators with the team's data, until SIGTERM or SIGINT. Tests start them without this file.
import { parseArgs } from 'node:util';
import { type AzureSimulator, startAzureSimulator } from './azure/server.ts';
import { type JiraSimulator, startJiraSimulator } from './jira/server.ts';
import { simulatorsReady } from './ready.ts';

const USAGE = `Usage: npm run simulators -- [--jira-port N] [--azure-port N] [--json]

Runs a Jira Cloud site and an Azure DevOps organization on this machine until SIGTERM or Ctrl-C.

  --jira-port N    port of the Jira simulator; a free one when left out
  --azure-port N   port of the Azure DevOps simulator; a free one when left out
  --json           print one JSON line once both are ready, and nothing else
  --help           print this

GET /_control on either lists what tests can do with it.`;

interface Options {
  readonly jiraPort: number;
  readonly azurePort: number;
  readonly json: boolean;
  readonly help: boolean;
}

/** Throws an Error whose message says which argument is wrong and what would be right. */
function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: false,
    options: {
      'jira-port': { type: 'string' },
      'azure-port': { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const jiraPort = readPort('--jira-port', values['jira-port']);
  const azurePort = readPort('--azure-port', values['azure-port']);
  if (jiraPort !== 0 && jiraPort === azurePort) {
    throw new Error(`--jira-port and --azure-port are both ${jiraPort}: each needs its own`);
  }
  return { jiraPort, azurePort, json: values.json, help: values.help };
}

function readPort(option: string, text: string | undefined): number {
  if (text === undefined) return 0;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new Error(`${option} ${JSON.stringify(text)} is no port: give a number from 0 (a free one) to 65535`);
  }
  return Number(text);
}

/** Runs `start` and says, when the port is taken, which option would help. */
async function onPort<Simulator>(option: string, port: number, start: () => Promise<Simulator>): Promise<Simulator> {
  try {
    return await start();
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')) {
      const why = error.code === 'EADDRINUSE' ? 'is taken' : 'may not be used';
      throw new Error(`port ${port} ${why}: choose another with ${option}`, { cause: error });
    }
    throw error;
  }
}

function describe(jira: JiraSimulator, azure: AzureSimulator): string {
  const people = ['ordinary', 'admin', 'synchronizer'] as const;
  return [
    `Jira          ${jira.url}  project ${jira.project}`,
    ...people.map((one) => `  ${one.padEnd(14)}${jira.accounts[one].email}  ${jira.accounts[one].token}`),
    `  control       ${jira.kernel.url}/_control`,
    '',
    `Azure DevOps  ${azure.url}  project ${azure.project}`,
    ...people.map((one) => `  ${one.padEnd(14)}${azure[one].uniqueName}  ${azure[one].pat}`),
    `  control       ${azure.kernel.url}/_control`,
    '',
    'Stop with Ctrl-C.',
  ].join('\n');
}

async function run(options: Options): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  // Foreign clients get a wrong answer as it is, with a header that says so; tests get a 500 instead.
  const onViolation = 'report';
  const jira = await onPort('--jira-port', options.jiraPort, () =>
    startJiraSimulator({ port: options.jiraPort, onViolation }),
  );
  try {
    const azure = await onPort('--azure-port', options.azurePort, () =>
      startAzureSimulator({ port: options.azurePort, onViolation }),
    );
    try {
      const ready = simulatorsReady({ ...jira, ordinary: jira.accounts.ordinary }, azure);
      console.log(options.json ? JSON.stringify({ ready: true, ...ready }) : describe(jira, azure));
      await stopped;
    } finally {
      await azure.close();
    }
  } finally {
    await jira.close();
  }
}

let options: Options;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exit(2);
}
if (options.help) {
  console.log(USAGE);
} else {
  try {
    await run(options);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
