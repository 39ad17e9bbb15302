// `tandem support`: asks a running backend what support may see of an installation. Prints the answers as JSON; needs no data
// folder and no credentials of a site.

import { type Command, InvalidArgumentError } from 'commander';
import { type CommandContext, examples } from './common.ts';
import { exitCodes, Failure } from './failure.ts';

interface SupportOptions {
  readonly url?: string;
}

const hoursOf = (text: string): number => {
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1) return Number(text);
  throw new InvalidArgumentError('Give a number of hours.');
};

export function addSupport(program: Command, context: CommandContext): void {
  const support = program
    .command('support')
    .summary('look into an installation of a running backend')
    .description(
      'Asks a backend what support may see: ids, states, codes, counts and times; no content, no secret. Every query is\nrecorded there. The backend’s address comes from --url or TANDEM_SUPPORT_URL, your Google identity token from\nTANDEM_SUPPORT_TOKEN.',
    )
    .addHelpText(
      'after',
      examples(
        'export TANDEM_SUPPORT_URL=https://tandem.example.com',
        'export TANDEM_SUPPORT_TOKEN=$(gcloud auth print-identity-token --audiences=$TANDEM_SUPPORT_URL \\',
        '      --impersonate-service-account=support@PROJECT.iam.gserviceaccount.com --include-email)',
        'tandem support find acme.atlassian.net',
        'tandem support item INSTALLATION TAN-12',
      ),
    );
  const ask = (name: string, summary: string, ...names: readonly string[]) => {
    const command = support.command(name).summary(summary).description(`${summary}.`);
    for (const argument of names) command.argument(argument);
    return command.option('--url <address>', 'of the backend (default: TANDEM_SUPPORT_URL)');
  };
  const at = (installation: string, ...rest: readonly string[]) =>
    ['installations', installation, ...rest].map(encodeURIComponent).join('/');

  ask('find', 'find an installation by id, cloud id or a part of the site’s address', '<text>').action(
    (text: string, options: SupportOptions) =>
      print(context, options, 'GET', `installations?query=${encodeURIComponent(text)}`),
  );
  ask('show', 'show connections, profiles, queue, quotas and counts', '<installation>').action(
    (installation: string, options: SupportOptions) => print(context, options, 'GET', at(installation)),
  );
  ask('item', 'show the pair of an issue or a work item, with timeline and errors', '<installation>', '<key>').action(
    (installation: string, key: string, options: SupportOptions) =>
      print(context, options, 'GET', at(installation, 'items', key)),
  );
  ask('errors', 'list the errors of a profile', '<installation>', '<profile>')
    .option('--after <cursor>', 'the `next` of the page before')
    .action((installation: string, profile: string, options: SupportOptions & { readonly after?: string }) => {
      const query = options.after === undefined ? '' : `?after=${encodeURIComponent(options.after)}`;
      return print(context, options, 'GET', `${at(installation, 'profiles', profile, 'errors')}${query}`);
    });
  ask('log-more', 'log more of an installation for a time', '<installation>')
    .option('--hours <hours>', 'at most 24', hoursOf, 1)
    .action((installation: string, options: SupportOptions & { readonly hours: number }) =>
      print(context, options, 'PUT', at(installation, 'extended-logging'), { hours: options.hours }),
    );
  ask('log-less', 'end that more is logged', '<installation>').action((installation: string, options: SupportOptions) =>
    print(context, options, 'DELETE', at(installation, 'extended-logging')),
  );
}

const timeoutMs = 30_000;

async function print(
  { terminal, env }: CommandContext,
  options: SupportOptions,
  method: string,
  path: string,
  body?: unknown,
): Promise<void> {
  const base = options.url ?? env.TANDEM_SUPPORT_URL;
  const token = env.TANDEM_SUPPORT_TOKEN;
  if (!base || !URL.canParse(base)) throw usage('The address of the backend is missing.', 'Set TANDEM_SUPPORT_URL.');
  if (!token) throw usage('An identity token is missing.', 'Set TANDEM_SUPPORT_TOKEN; --help shows how to get one.');
  const response = await fetch(`${base.replace(/\/+$/, '')}/support/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    // A token is for this address alone.
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: unknown) => {
    throw new Failure('The backend can’t be reached.', { code: 'unreachable', exit: exitCodes.connection }, { cause });
  });
  const text = await response.text();
  if (!response.ok) throw refused(response.status, text);
  terminal.print(text === '' ? '{}' : JSON.stringify(JSON.parse(text), null, 2));
}

const usage = (message: string, remedy: string) =>
  new Failure(message, { code: 'usage', exit: exitCodes.usage, remedy });

function refused(status: number, text: string): Failure {
  const exit = status === 404 || status === 400 ? exitCodes.failed : exitCodes.connection;
  return new Failure(messageIn(text) ?? `The backend answered ${status}.`, { code: `http-${status}`, exit });
}

function messageIn(text: string): string | null {
  try {
    const answer: unknown = JSON.parse(text);
    const error = typeof answer === 'object' && answer !== null && 'error' in answer ? answer.error : null;
    return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : null;
  } catch {
    return null;
  }
}
