// A strict stand-in for Cloud KMS over gRPC, made from the protos of Google's own client: what the product calls, with the
// refusals of the real service. Listens on this machine without TLS.

import { createRequire } from 'node:module';
import {
  type Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import { checksum } from './checksum.ts';
import {
  decryptWith,
  encryptWith,
  type Key,
  newKey,
  rotate,
  setState,
  type VersionState,
  versionIn,
  versionName,
  versionOf,
} from './keys.ts';

export type Permission =
  | 'cloudkms.cryptoKeyVersions.useToEncrypt'
  | 'cloudkms.cryptoKeyVersions.useToDecrypt'
  | 'cloudkms.cryptoKeys.get';

/** `corrupt`: the answer's bytes change on the way. `unchecked`: the request's checksums do not arrive. */
export type KmsFault = 'unavailable' | 'exhausted' | 'internal' | 'corrupt' | 'unchecked' | 'silent';

type Method = 'Encrypt' | 'Decrypt' | 'GetCryptoKey';

export interface KmsServer {
  /** `127.0.0.1:<port>` */
  readonly address: string;
  readonly keyName: string;
  /** Calls that came in, refused ones too. */
  readonly calls: readonly { readonly method: Method; readonly name: string }[];
  /** A new primary version; its number. */
  rotate(): number;
  setState(version: number, state: VersionState): void;
  deny(...permissions: Permission[]): void;
  grantAll(): void;
  /** The next `times` calls of the method meet it. */
  fault(method: Method, fault: KmsFault, times?: number): void;
  close(): Promise<void>;
}

export interface KmsServerOptions {
  readonly port?: number;
  readonly project?: string;
  /** Keys exist in this region only. */
  readonly region?: string;
}

interface Wrapper {
  readonly value: string;
}
interface EncryptRequest {
  readonly name: string;
  readonly plaintext: Buffer;
  readonly plaintextCrc32c: Wrapper | null;
  readonly additionalAuthenticatedData: Buffer;
  readonly additionalAuthenticatedDataCrc32c: Wrapper | null;
}
interface DecryptRequest {
  readonly name: string;
  readonly ciphertext: Buffer;
  readonly ciphertextCrc32c: Wrapper | null;
  readonly additionalAuthenticatedData: Buffer;
  readonly additionalAuthenticatedDataCrc32c: Wrapper | null;
}

class Refusal extends Error {
  readonly code: status;
  constructor(code: status, message: string) {
    super(message);
    this.code = code;
  }
}

/** Of plaintext and of additional data, for software keys: the comments of EncryptRequest in the proto. */
const mostBytes = 64 * 1024;

const keyPattern = /^projects\/[^/]+\/locations\/([^/]+)\/keyRings\/[\w-]{1,63}\/cryptoKeys\/[\w-]{1,63}$/;

export async function startKmsServer(options: KmsServerOptions = {}): Promise<KmsServer> {
  const region = options.region ?? 'europe-west3';
  const key: Key = newKey(
    `projects/${options.project ?? 'tandem-test'}/locations/${region}/keyRings/tandem/cryptoKeys/data-keys`,
  );
  const calls: { method: Method; name: string }[] = [];
  const denied = new Set<Permission>();
  const faults: { method: Method; fault: KmsFault }[] = [];

  /** The key, or what the service says instead. */
  function find(name: string, permission: Permission): Key {
    const location = keyPattern.exec(name)?.[1];
    if (location === undefined) {
      throw new Refusal(status.INVALID_ARGUMENT, `The request does not name a CryptoKey: ${JSON.stringify(name)}.`);
    }
    // Whether a key exists is told only to those who may use it.
    if (denied.has(permission) || name !== key.name) {
      throw new Refusal(
        status.PERMISSION_DENIED,
        `Permission '${permission}' denied on resource '${name}' (or it may not exist).`,
      );
    }
    return key;
  }

  function enabled(found: Key, id: number) {
    const version = versionOf(found, id);
    if (version?.state !== 'ENABLED') {
      throw new Refusal(
        status.FAILED_PRECONDITION,
        `${versionName(found, id)} is not enabled, current state is: ${version?.state ?? 'DESTROYED'}.`,
      );
    }
    return version;
  }

  /** https://cloud.google.com/kms/docs/data-integrity-guidelines; the product must send both, though they are optional. */
  function check(field: string, bytes: Buffer, given: Wrapper | null): void {
    const sum = `${field}Crc32c`.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (given === null) throw new Refusal(status.INVALID_ARGUMENT, `${sum} is missing: Tandem always sends it.`);
    if (given.value === checksum(bytes)) return;
    throw new Refusal(
      status.INVALID_ARGUMENT,
      `The checksum in field ${sum} did not match the data in field ${field}.`,
    );
  }

  const flipped = (bytes: Buffer): Buffer => {
    const changed = Buffer.from(bytes);
    changed[0] = (changed[0] ?? 0) ^ 1;
    return changed;
  };

  function encrypt(request: EncryptRequest, fault: KmsFault | undefined): object {
    const found = find(request.name, 'cloudkms.cryptoKeyVersions.useToEncrypt');
    const { plaintext, additionalAuthenticatedData: context } = request;
    for (const [name, bytes] of Object.entries({ plaintext, additional_authenticated_data: context })) {
      if (bytes.length > mostBytes) throw new Refusal(status.INVALID_ARGUMENT, `${name} is longer than ${mostBytes}.`);
    }
    const verified = fault !== 'unchecked';
    if (verified) {
      check('plaintext', plaintext, request.plaintextCrc32c);
      check('additionalAuthenticatedData', context, request.additionalAuthenticatedDataCrc32c);
    }
    const version = enabled(found, found.primary);
    const ciphertext = encryptWith(version, plaintext, context);
    return {
      name: versionName(found, version.id),
      ciphertext: fault === 'corrupt' ? flipped(ciphertext) : ciphertext,
      ciphertextCrc32c: { value: checksum(ciphertext) },
      verifiedPlaintextCrc32c: verified,
      verifiedAdditionalAuthenticatedDataCrc32c: verified,
      protectionLevel: 'SOFTWARE',
    };
  }

  function decrypt(request: DecryptRequest, fault: KmsFault | undefined): object {
    const found = find(request.name, 'cloudkms.cryptoKeyVersions.useToDecrypt');
    const { ciphertext, additionalAuthenticatedData: context } = request;
    check('ciphertext', ciphertext, request.ciphertextCrc32c);
    check('additionalAuthenticatedData', context, request.additionalAuthenticatedDataCrc32c);
    const id = versionIn(ciphertext);
    // https://github.com/googleapis/nodejs-kms/issues/145
    const wrong = "Decryption failed: verify that 'name' refers to the correct CryptoKey.";
    if (id === null || !versionOf(found, id)) throw new Refusal(status.INVALID_ARGUMENT, wrong);
    const plaintext = decryptWith(enabled(found, id), ciphertext, context);
    // https://github.com/GoogleCloudPlatform/python-docs-samples/issues/2465
    if (plaintext === null) {
      throw new Refusal(status.INVALID_ARGUMENT, 'Decryption failed: the ciphertext is invalid.');
    }
    return {
      plaintext: fault === 'corrupt' ? flipped(plaintext) : plaintext,
      plaintextCrc32c: { value: checksum(plaintext) },
      usedPrimary: id === found.primary,
      protectionLevel: 'SOFTWARE',
    };
  }

  function getCryptoKey({ name }: { readonly name: string }): object {
    const found = find(name, 'cloudkms.cryptoKeys.get');
    const primary = versionOf(found, found.primary);
    return {
      name: found.name,
      purpose: 'ENCRYPT_DECRYPT',
      primary: {
        name: versionName(found, found.primary),
        state: primary?.state,
        algorithm: 'GOOGLE_SYMMETRIC_ENCRYPTION',
      },
    };
  }

  /** Google routes a request by this header, which the client makes from the request: https://google.aip.dev/client-libraries/4222 */
  function checkRouting(metadata: Metadata, name: string): void {
    const [routed] = metadata.get('x-goog-request-params');
    if (String(routed) === `name=${encodeURIComponent(name)}`) return;
    throw new Refusal(status.INVALID_ARGUMENT, 'x-goog-request-params does not name the resource of the request.');
  }

  const faultCodes = {
    unavailable: status.UNAVAILABLE,
    exhausted: status.RESOURCE_EXHAUSTED,
    internal: status.INTERNAL,
  };

  const handler =
    <T extends { readonly name: string }>(
      method: Method,
      answer: (request: T, fault: KmsFault | undefined) => object,
    ) =>
    (call: ServerUnaryCall<T, object>, respond: sendUnaryData<object>): void => {
      calls.push({ method, name: call.request.name });
      const at = faults.findIndex((one) => one.method === method);
      const [{ fault } = { fault: undefined }] = at === -1 ? [] : faults.splice(at, 1);
      if (fault === 'silent') return;
      if (fault !== undefined && fault in faultCodes) {
        const code = faultCodes[fault as keyof typeof faultCodes];
        respond({ code, details: 'The service is currently unavailable.' });
        return;
      }
      try {
        checkRouting(call.metadata, call.request.name);
        respond(null, answer(call.request, fault));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        respond({ code: error.code, details: error.message });
      }
    };

  const definition = fromJSON(createRequire(import.meta.url)('@google-cloud/kms/build/protos/protos.json'), {
    longs: String,
    enums: String,
    defaults: true,
  });
  const service = definition['google.cloud.kms.v1.KeyManagementService'];
  if (service === undefined || 'format' in service) throw new Error('the client brings no protos of the service');
  const server = new Server();
  // What isn't implemented answers UNIMPLEMENTED by itself.
  server.addService(service, {
    Encrypt: handler('Encrypt', encrypt),
    Decrypt: handler('Decrypt', decrypt),
    GetCryptoKey: handler('GetCryptoKey', getCryptoKey),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${options.port ?? 0}`, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });

  return {
    address: `127.0.0.1:${port}`,
    keyName: key.name,
    calls,
    rotate: () => rotate(key),
    setState: (version, state) => setState(key, version, state),
    deny: (...permissions) => {
      for (const one of permissions) denied.add(one);
    },
    grantAll: () => denied.clear(),
    fault: (method, fault, times = 1) => {
      for (let left = times; left > 0; left -= 1) faults.push({ method, fault });
    },
    close: async () => server.forceShutdown(),
  };
}
