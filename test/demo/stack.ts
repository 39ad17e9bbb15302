// All that the demo runs: both simulators, Forge on this machine, and the real backend as a process. Who uses it is not decided here.

import { type ForgeHost, startForgeHost } from '../forge-host/host.ts';
import { type AzureSimulator, startAzureSimulator } from '../simulators/azure/server.ts';
import { type JiraSimulator, startJiraSimulator } from '../simulators/jira/server.ts';
import { type Admin, adminAt } from './admin.ts';
import { type BackendProcess, backendProcess } from './backend-process.ts';
import { type CloudStores, startCloudStores } from './cloud-stores.ts';
import { openDataFolder } from './data-folder.ts';
import { claimPort } from './free-port.ts';
import { waitTimeSettings } from './wait-times.ts';

export interface StackOptions {
  /** The first of four ports: backend, page, Jira, Azure DevOps. 0: free ones. */
  readonly port: number;
  /** A folder that is kept; null: a temporary one. */
  readonly data: string | null;
  /** What the backend keeps its state and secrets in. */
  readonly stores: 'embedded' | 'cloud';
}

export interface Stack {
  readonly dataDir: string;
  readonly jira: JiraSimulator;
  readonly azure: AzureSimulator;
  readonly host: ForgeHost;
  readonly backend: BackendProcess;
  readonly backendUrl: string;
  readonly pagePort: number;
  /** Where they are used. */
  readonly cloud: CloudStores | null;
  readonly admin: Admin;
  /** Ends what runs, in order; a temporary folder goes with it. */
  close(): Promise<void>;
}

/** Throws an Error that a person can act on when a port is taken or something does not come up. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { port } = options;
  const at = (offset: number) => (port === 0 ? 0 : port + offset);
  const backendPort = await claimPort(at(0), 'the backend');
  let pagePort = await claimPort(at(1), 'the page');
  while (pagePort === backendPort) pagePort = await claimPort(0, 'the page');
  await claimPort(at(2), 'Jira');
  await claimPort(at(3), 'Azure DevOps');

  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const one of closers.splice(0).reverse()) await one();
  };
  try {
    const folder = await openDataFolder(options.data);
    closers.push(folder.close);
    const dataDir = folder.path;
    const stores = options.stores === 'cloud' ? await startCloudStores() : null;
    if (stores) closers.push(stores.close);
    // Foreign clients get a wrong answer as it is, with a header that says so.
    const onViolation = 'report';
    const jira = await startJiraSimulator({ port: at(2), onViolation });
    closers.push(() => jira.close());
    const azure = await startAzureSimulator({ port: at(3), onViolation });
    closers.push(() => azure.close());

    const backendUrl = `http://127.0.0.1:${backendPort}`;
    const host = await startForgeHost({
      backendUrl,
      jira: {
        url: jira.url,
        cloudId: jira.cloudId,
        apiBaseUrl: jira.apiBaseUrl,
        appSystemToken: jira.appSystemToken,
        admin: jira.accounts.admin.accountId,
      },
    });
    closers.push(() => host.close());

    const backend = backendProcess({
      dataDir,
      port: backendPort,
      environment: {
        ...waitTimeSettings(),
        ...stores?.environment,
        TANDEM_HOST: '127.0.0.1',
        TANDEM_DATA_DIR: dataDir,
        TANDEM_PUBLIC_URL: backendUrl,
        TANDEM_ALLOWED_ORIGINS: [jira.url, jira.mediaUrl, new URL(azure.url).origin].join(','),
        FORGE_APP_ID: host.app.appId,
        FORGE_JWKS_URL: host.jwksUrl,
        FORGE_ENVIRONMENTS: host.app.environment.type,
      },
    });
    closers.push(() => backend.stop());
    await backend.start();
    const admin = adminAt(host, jira.accounts.admin.accountId);
    return { dataDir, jira, azure, host, backend, backendUrl, pagePort, cloud: stores, admin, close };
  } catch (error) {
    await close();
    throw error;
  }
}
