// Who can log in to the simulators, and the convention that both follow. Each simulator makes its own tokens.
import type { PersonKey } from './seed/team.ts';

/** Jira: Basic with e-mail and API token. Azure: Basic with any user name and the PAT (`pat`). */
export interface JiraCredentials {
  readonly email: string;
  readonly token: string;
  readonly accountId: string;
}

export interface AzureCredentials {
  readonly uniqueName: string;
  readonly pat: string;
  readonly id: string;
}

/** GET /_control/state names these three under `accounts`. */
export interface Accounts<Credentials> {
  /** Administers the site or organization. */
  readonly admin: Credentials;
  /** An ordinary member of the team; the ready line of `npm run simulators -- --json` gives this one. */
  readonly ordinary: Credentials;
  /** The account that Tandem itself works as. */
  readonly synchronizer: Credentials;
}

export const ADMIN: PersonKey = 'mara';
export const ORDINARY: PersonKey = 'dana';

/** Not one of the team's twelve people: an account of its own on each side. */
export const SYNCHRONIZER = {
  name: 'tandem-sync',
  displayName: 'tandem-sync',
  email: 'tandem-sync@acme.example',
  timeZone: 'Etc/UTC',
} as const;
