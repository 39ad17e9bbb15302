// Google Cloud's stores for the demo, on this machine: the Datastore emulator and the stand-in of Cloud KMS, with the settings
// that name them to the backend. What they hold ends with the demo.

import { startKmsServer } from '../simulators/kms/server.ts';
import { findEmulator, startEmulator } from '../store/datastore-emulator.ts';

export interface CloudStores {
  /** Settings of the backend. */
  readonly environment: Readonly<Record<string, string>>;
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
  return {
    environment: {
      TANDEM_STATE: 'datastore',
      TANDEM_DATASTORE_PROJECT: project,
      DATASTORE_EMULATOR_HOST: emulator.host,
      TANDEM_SECRETS: 'kms',
      TANDEM_KMS_KEY: kms.keyName,
      TANDEM_KMS_ENDPOINT: kms.address,
    },
    close: async () => {
      await kms.close();
      await emulator.stop();
    },
  };
}
