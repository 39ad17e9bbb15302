// Cloud SQL for PostgreSQL by Google's connector: TLS with certificates that renew themselves, and the process's own Google
// account instead of a password. Gives what a pool opens its connections with; the pool itself is database.ts.
// https://github.com/GoogleCloudPlatform/cloud-sql-nodejs-connector

import type { AuthTypes, Connector, IpAddressTypes } from '@google-cloud/cloud-sql-connector';
import type { Server } from './database.ts';

export interface CloudSqlOptions {
  /** `project:region:instance` */
  readonly instance: string;
  /** The service account's address without `.gserviceaccount.com`: https://cloud.google.com/sql/docs/postgres/iam-logins */
  readonly user: string;
  readonly database: string;
  /** Which of the instance's addresses is called. */
  readonly address: 'private' | 'public' | 'psc';
}

/** `AuthTypes` and `IpAddressTypes` hold these words; imported as values they would load the connector. */
const iam = 'IAM' as AuthTypes;
const addresses: Readonly<Record<CloudSqlOptions['address'], IpAddressTypes>> = {
  private: 'PRIVATE' as IpAddressTypes,
  public: 'PUBLIC' as IpAddressTypes,
  psc: 'PSC' as IpAddressTypes,
};

type OpenConnector = () => Promise<Pick<Connector, 'getOptions' | 'close'>>;

const openConnector: OpenConnector = async () => {
  const loaded = await import('@google-cloud/cloud-sql-connector');
  return new loaded.Connector();
};

/** Throws when the instance is unknown, in another region, or has no such address. `close` once all pools are closed. */
export async function cloudSql(
  { instance, user, database, address }: CloudSqlOptions,
  open: OpenConnector = openConnector,
): Promise<{ readonly server: Server; readonly close: () => void }> {
  const connector = await open();
  try {
    const { stream } = await connector.getOptions({
      instanceConnectionName: instance,
      ipType: addresses[address],
      authType: iam,
    });
    return { server: { stream, user, database }, close: () => connector.close() };
  } catch (error) {
    connector.close();
    throw error;
  }
}
