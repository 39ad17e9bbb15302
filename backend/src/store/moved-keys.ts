// Moving from a key file to Cloud KMS without a pause: what the file wrapped is still opened by it, all that is new goes under KMS,
// and wrapping again (rewrap-keys.ts) leaves nothing for the file to open.

import { wrappedByKms } from './kms-keys.ts';
import type { KeyEncryption } from './secrets.ts';

export const movedKeys = (kms: KeyEncryption, file: KeyEncryption): KeyEncryption => ({
  wrap: kms.wrap,
  unwrap: (installationId, wrapped) => (wrappedByKms(wrapped) ? kms : file).unwrap(installationId, wrapped),
  newest: kms.newest,
});
