// The profiles that are stored in the data folder, for commands that ask no site: all, or the one that a file or a name tells.

import type { Scope } from '../reconcile/ports.ts';
import { type Pages, pagesOf } from '../routes/shown.ts';
import type { Service } from '../service.ts';
import type { ProfileRecord } from '../store/config-store.ts';
import { exitCodes, Failure } from './failure.ts';
import { profileNameIn } from './profile-file.ts';
import { standAlone } from './workspace.ts';

export interface StoredProfile {
  readonly scope: Scope;
  readonly record: ProfileRecord;
  readonly jiraUrl: string;
  readonly azureUrl: string;
  readonly pages: Pages;
}

/** `wanted`: a profile file or a profile's name; all when undefined. Throws Failure when there is none such. */
export async function storedProfiles({ config }: Service, wanted?: string): Promise<readonly StoredProfile[]> {
  const found: StoredProfile[] = [];
  for (const { id, environment, cloudId } of await config.listInstallations()) {
    if (environment !== standAlone) continue;
    const scope = { installationId: id };
    const connections = await config.listConnections(scope);
    for (const record of await config.listProfiles(scope)) {
      const azureUrl = connections.find((one) => one.id === record.azureConnectionId)?.url ?? '';
      const pages = pagesOf(cloudId, azureUrl, record.settings.azure.project);
      found.push({ scope, record, jiraUrl: cloudId, azureUrl, pages });
    }
  }
  if (wanted === undefined) return found;
  const name = (await profileNameIn(wanted)) ?? wanted;
  const chosen = found.filter(({ record }) => record.settings.name === name);
  if (chosen.length > 0) return chosen;
  const names = found.map(({ record }) => `"${record.settings.name}"`);
  throw new Failure(`No profile "${name}" was ever synchronized from this data folder.`, {
    code: 'unknown-profile',
    exit: exitCodes.usage,
    remedy: names.length > 0 ? `There are: ${names.join(', ')}.` : '`tandem sync` stores one.',
  });
}
