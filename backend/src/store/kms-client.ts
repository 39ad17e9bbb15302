// Opens Google's KMS client: with the process's own Google account, or without any on a stand-in of this machine. Loaded only
// where Cloud KMS keeps the keys, as the client takes half a second to load.

import { KeyManagementServiceClient } from '@google-cloud/kms';
import { credentials } from '@grpc/grpc-js';
import { GoogleAuth, PassThroughClient } from 'google-auth-library';

/** `local`: `127.0.0.1:<port>` of a stand-in, reached without TLS and account; null for the real service. */
export function openKmsClient(local: string | null): KeyManagementServiceClient {
  if (local === null) return new KeyManagementServiceClient();
  const { hostname, port } = new URL(`http://${local}`);
  return new KeyManagementServiceClient({
    servicePath: hostname,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
    // Nobody's: the client would look for an account in the network.
    auth: new GoogleAuth({ authClient: new PassThroughClient(), projectId: 'local' }),
  });
}
