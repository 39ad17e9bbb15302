// The demo's command line: what may be asked for, and what is said when something else is.

import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm run demo -- [--port N] [--data DIR] [--stores cloud] [--json]
       npm run demo -- --once [--port N] [--data DIR] [--stores cloud] [--json]

Runs Tandem between a Jira Cloud site and an Azure DevOps organization that are simulated on this machine, with a page
that shows both projects side by side. Without --once it runs until SIGTERM or Ctrl-C.

  --port N     backend on port N, page on N+1, Jira on N+2, Azure DevOps on N+3; free ports when left out
  --data DIR   keep the backend's database, key and log in DIR, to look into afterwards; the next start with it begins anew.
               Otherwise a temporary folder, removed at the end
  --stores S   embedded (the default): PostgreSQL and a key file. cloud: pairs in Datastore, on Google's emulator, keys and
               figures in stand-ins of Cloud KMS and BigQuery; needs Java and the Google Cloud SDK
  --once       play a fixed story instead: both projects synchronized, edits, a conflict, lost answers, a kill in the middle;
               then check both sides and exit, 0 only when all is as it must be
  --json       print one JSON line and nothing else: when all is ready, or with --once the outcome
  --help       print this`;

export interface DemoOptions {
  /** 0: free ports. */
  readonly port: number;
  readonly data: string | null;
  readonly stores: 'embedded' | 'cloud';
  readonly once: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** The port of the page and those after it. */
const portsUsed = 4;
const highestPort = 65_535;

/** Throws an Error whose message says which argument is wrong and what would be right. */
export function readOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: false,
    options: {
      port: { type: 'string' },
      data: { type: 'string' },
      stores: { type: 'string', default: 'embedded' },
      once: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.data !== undefined && values.data.trim() === '') throw new Error('--data is empty: name a folder');
  const { once, json, help, stores } = values;
  if (stores !== 'embedded' && stores !== 'cloud') {
    throw new Error(`--stores ${JSON.stringify(stores)} is none of embedded, cloud`);
  }
  return { port: readPort(values.port), data: values.data ?? null, stores, once, json, help };
}

function readPort(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > highestPort - portsUsed + 1) {
    throw new Error(
      `--port ${JSON.stringify(text)} is no port that leaves three more after it: give a number from 1 to ${highestPort - portsUsed + 1}`,
    );
  }
  return port;
}
