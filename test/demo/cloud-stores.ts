// Google Cloud's stores for the demo, on this machine: the Datastore emulator and the stand-ins of Cloud KMS and BigQuery, with
// the settings that name them to the backend. What they hold ends with the demo.

import { type BigQueryServer, startBigQueryServer } from '../simulators/bigquery/server.ts';
import { startKmsServer } from '../simulators/kms/server.ts';
import { findEmulator, startEmulator } from '../store/datastore-emulator.ts';

export interface CloudStores {
  /** Settings of the backend. */
  readonly environment: Readonly<Record<string, string>>;
  readonly bigQuery: BigQueryServer;
  close(): Promise<void>;
}

const project = 'tandem-demo';

/** Throws an Error that says what is missing on this machine. */
export async function startCloudStores(): Promise<CloudStores> {
  const program = findEmulator();
  if (program === null) {
    throw new Error(
      '--stores cloud needs Java and the Datastore emulator of the Google Cloud SDK: install them, or name the emulator by DATASTORE_EMULATOR',
    );
  }
  const emulator = await startEmulator(program);
  const kms = await startKmsServer({ project }).catch(async (error: unknown) => {
    await emulator.stop();
    throw error;
  });
  const bigQuery = await startBigQueryServer({ project });
  return {
    bigQuery,
    environment: {
      TANDEM_STATE: 'datastore',
      TANDEM_DATASTORE_PROJECT: project,
      DATASTORE_EMULATOR_HOST: emulator.host,
      TANDEM_SECRETS: 'kms',
      TANDEM_KMS_KEY: kms.keyName,
      TANDEM_KMS_ENDPOINT: kms.address,
      TANDEM_METRICS: 'bigquery',
      TANDEM_BIGQUERY_PROJECT: bigQuery.project,
      TANDEM_BIGQUERY_DATASET: bigQuery.dataset,
      TANDEM_BIGQUERY_ENDPOINT: bigQuery.address,
      TANDEM_METRICS_EVERY_MS: '2000',
    },
    close: async () => {
      await bigQuery.close();
      await kms.close();
      await emulator.stop();
    },
  };
}
