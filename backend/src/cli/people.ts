// `tandem people`: who was seen in the items of a profile and has no counterpart on the other side. Asks no site.

import type { Command } from 'commander';
import { type UnmappedPerson, unmappedPeople } from '../routes/people.ts';
import { type CommandContext, examples, type StateOptions, settingsFor, withStateOptions } from './common.ts';
import { exitCodes } from './failure.ts';
import { storedProfiles } from './stored-profiles.ts';
import type { Terminal } from './terminal.ts';
import { hasState, withState } from './workspace.ts';

export function addPeople(program: Command, context: CommandContext): void {
  withStateOptions(
    program
      .command('people')
      .summary('show who has no counterpart')
      .description(
        "Lists the people seen so far in the fields of each profile's items, and mentioned in their texts, who have no\ncounterpart on the other side, as the profile file maps them under `users`. Asks no site.",
      )
      .argument('[profile]', 'a profile file or the name of a profile; all when left out'),
  )
    .addHelpText('after', examples('tandem people', "tandem people --json | jq '.profiles[].people'"))
    .action((wanted: string | undefined, options: StateOptions) => runPeople(context, wanted, options));
}

interface Listed {
  readonly name: string;
  readonly people: readonly UnmappedPerson[];
}

async function runPeople(context: CommandContext, wanted: string | undefined, options: StateOptions): Promise<void> {
  const { terminal, env, exit } = context;
  const settings = settingsFor(options, env);
  const profiles: readonly Listed[] = (await hasState(settings))
    ? await withState(context, options, settings, async (service) =>
        Promise.all(
          (await storedProfiles(service, wanted)).map(async ({ scope, record }) => ({
            name: record.settings.name,
            people: await unmappedPeople(service.config, scope, record),
          })),
        ),
      )
    : [];
  if (options.json) terminal.json({ ok: true, profiles });
  else print(terminal, profiles);
  exit(exitCodes.fine);
}

function print(terminal: Terminal, profiles: readonly Listed[]): void {
  if (profiles.every(({ people }) => people.length === 0)) {
    terminal.print('Nobody without a counterpart was seen.');
    return;
  }
  for (const { name, people } of profiles) {
    if (people.length === 0) continue;
    terminal.print(terminal.paint('bold', name));
    for (const person of people) {
      const closed = person.active === false ? ', closed account' : '';
      const email = person.email === undefined || person.email === person.id ? '' : ` <${person.email}>`;
      const places = person.seenIn.length === 0 ? '' : `, seen in ${person.seenIn.join(', ')}`;
      terminal.print(`  ${person.side}: ${person.name}${email} (${person.id}${closed})${places}`);
    }
  }
  terminal.print('Pair them in the profile file: users: [{ jira: <account id>, azure: <unique name> }]');
}
