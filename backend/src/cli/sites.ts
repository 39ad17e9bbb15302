// Both sites of a profile file, asked directly: for what needs no state of ours (init, check) and before anything is
// started. The engine opens its own sides from the store.

import { openAzure } from '../azure/side.ts';
import { publicAddresses } from '../http/addresses.ts';
import { createGovernor, memoryBlocks } from '../http/governor.ts';
import { type CallRecord, createTransport } from '../http/transport.ts';
import { openJira } from '../jira/side.ts';
import type { ConnectionCheck, SideCatalog, SidePort } from '../reconcile/ports.ts';
import { SyncFailure } from '../sync/errors.ts';
import { type BySide, type Side, sides } from '../sync/model.ts';
import { type Profile, type ProfileSettings, profileSchema } from '../sync/profile.ts';
import { exitCodes, Failure, failureOf } from './failure.ts';

export interface Credentials {
  readonly jira: { readonly url: string; readonly email: string; readonly token: string };
  readonly azure: { readonly url: string; readonly pat: string };
}

export interface Sites {
  readonly check: () => Promise<BySide<ConnectionCheck>>;
  readonly catalogs: () => Promise<BySide<SideCatalog>>;
  readonly side: (side: Side) => SidePort;
  readonly close: () => Promise<void>;
}

export const sideNames = { jira: 'Jira', azure: 'Azure DevOps' } as const;

export function openSites(
  { jira, azure }: Credentials,
  settings: ProfileSettings,
  allowedOrigins: readonly string[],
  onCall: (call: CallRecord) => void = () => {},
): Sites {
  const transport = createTransport({
    addresses: { ...publicAddresses, origins: allowedOrigins },
    governor: createGovernor({ blocks: memoryBlocks() }),
    onCall,
  });
  const profile: Profile = {
    id: 'command-line',
    installationId: 'command-line',
    jiraConnectionId: 'jira',
    azureConnectionId: 'azure',
    settings,
    status: 'draft',
    revision: 0,
  };
  // Versions of attachments and links are never compared here.
  const setFingerprint = () => '';
  const open: BySide<SidePort> = {
    jira: openJira({
      connection: {
        id: 'jira',
        siteUrl: jira.url,
        apiUrl: jira.url,
        siteId: jira.url,
        auth: { kind: 'basic', email: jira.email, token: jira.token },
      },
      profile,
      transport,
      setFingerprint,
    }),
    azure: openAzure({
      connection: { id: 'azure', url: azure.url, pat: azure.pat },
      transport,
      profile,
      setFingerprint,
    }),
  };
  return {
    async check() {
      const [one, other] = await Promise.all([open.jira.catalog.check(), open.azure.catalog.check()]);
      return { jira: one, azure: other };
    },
    async catalogs() {
      try {
        const [one, other] = await Promise.all([open.jira.catalog.load(), open.azure.catalog.load()]);
        return { jira: one, azure: other };
      } catch (error) {
        if (error instanceof SyncFailure) throw failureOf({ ...error.error, level: 'connection' }, error);
        throw error;
      }
    },
    side: (side) => open[side],
    close: () => transport.close(),
  };
}

/** Settings for a connection of which only the projects are known, or not even they. */
export const provisionalSettings = (projects: BySide<string>): ProfileSettings =>
  profileSchema.parse({
    name: 'Draft',
    jira: { project: projects.jira },
    azure: { project: projects.azure },
    types: [{ jira: 'Task', azure: 'Task' }],
    fields: [{ jira: 'summary', azure: 'System.Title', kind: 'text' }],
  });

export const isUsable = (check: ConnectionCheck): boolean =>
  check.reachable &&
  check.authenticated &&
  check.permissions.every(({ granted, optional }) => granted || optional === true);

/** With the side's name before it, where the words do not begin with it. */
export const atSide = (side: Side, failure: Failure): Failure =>
  failure.message.startsWith(sideNames[side])
    ? failure
    : new Failure(`${sideNames[side]}: ${failure.message}`, failure.details, { cause: failure });

/** Throws Failure that names the first side that can't be worked with, and why. */
export function requireUsable(checks: BySide<ConnectionCheck>): void {
  for (const side of sides) {
    const check = checks[side];
    if (isUsable(check)) continue;
    const lacking = check.permissions.filter(({ granted, optional }) => !granted && optional !== true);
    if (check.error && lacking.length === 0) {
      const failure = failureOf({ ...check.error, level: 'connection' }, undefined);
      throw atSide(side, failure);
    }
    const names = lacking.map(({ name }) => name).join(', ');
    throw new Failure(`${sideNames[side]}: the account lacks a permission: ${names}.`, {
      code: 'connection-forbidden',
      exit: exitCodes.connection,
      remedy: `Grant ${names}; \`tandem check\` shows all of them.`,
    });
  }
}
