// What Datastore's client library hides of its protocol: the version that a look-up finds an entity at, and a commit that
// takes effect as a whole only while the entity has that version. Between the two no transaction is open.
// https://cloud.google.com/datastore/docs/reference/data/rpc/google.datastore.v1#mutation

import { type Datastore, type Key, v1 } from '@google-cloud/datastore';
import type { EncodedEntity } from './datastore-entities.ts';
import { statusOf } from './grpc-status.ts';

type Client = InstanceType<typeof v1.DatastoreClient>;
type LookUp = NonNullable<Parameters<Client['lookup']>[0]>;
type Commit = NonNullable<Parameters<Client['commit']>[0]>;
type ProtoKey = NonNullable<LookUp['keys']>[number];
type ProtoEntity = NonNullable<NonNullable<NonNullable<Commit['mutations']>[number]['upsert']>>;
type ProtoValue = NonNullable<ProtoEntity['properties']>[string];

export interface VersionedEntity {
  readonly data: Readonly<Record<string, unknown>>;
  readonly version: string;
}

/**
 * The entity was changed or removed meanwhile (9, FAILED_PRECONDITION), or another transaction holds it just now (10,
 * ABORTED).
 */
const conflicts: ReadonlySet<unknown> = new Set([9, 10]);

const clients = new WeakMap<Datastore, Client>();

/** One for each Datastore, with the same options. */
export function protocolOf(datastore: Datastore): Client {
  const known = clients.get(datastore);
  if (known) return known;
  const client = new v1.DatastoreClient(datastore.options as ConstructorParameters<typeof v1.DatastoreClient>[0]);
  clients.set(datastore, client);
  return client;
}

export function versionedEntities(datastore: Datastore) {
  const client = protocolOf(datastore);
  const place = async () => {
    const projectId = datastore.options.projectId ?? (await client.getProjectId());
    const { databaseId } = datastore.options;
    const request = { projectId, ...(databaseId === undefined ? {} : { databaseId }) };
    return { request, call: { otherArgs: { headers: { 'google-cloud-resource-prefix': `projects/${projectId}` } } } };
  };

  return {
    async lookUp(key: Key): Promise<VersionedEntity | null> {
      const { request, call } = await place();
      for (;;) {
        const [{ found, deferred }] = await client.lookup({ ...request, keys: [keyProto(key)] }, call);
        const [one] = found ?? [];
        if (one) return { data: decode(one.entity?.properties ?? {}), version: String(one.version) };
        if (!deferred?.length) return null;
      }
    },

    /** Writes all of them or none; the first's new version, or null when it is no longer at `version`. */
    async replace(entity: EncodedEntity, version: string, others: readonly EncodedEntity[]): Promise<string | null> {
      const { request, call } = await place();
      try {
        const [{ mutationResults }] = await client.commit(
          {
            ...request,
            mode: 'TRANSACTIONAL',
            singleUseTransaction: { readWrite: {} },
            mutations: [
              { upsert: entityProto(entity), baseVersion: version, conflictResolutionStrategy: 'FAIL' },
              ...others.map((other) => ({ upsert: entityProto(other) })),
            ],
          },
          call,
        );
        return String(mutationResults?.[0]?.version);
      } catch (error) {
        if (conflicts.has(statusOf(error))) return null;
        throw error;
      }
    },
  };
}

/** Our keys' paths are pairs of kind and name. */
function keyProto({ namespace, path }: Key): ProtoKey {
  const elements = path.flatMap((kind, index) =>
    index % 2 === 0 ? [{ kind: String(kind), name: String(path[index + 1]) }] : [],
  );
  return { partitionId: { namespaceId: namespace ?? '' }, path: elements };
}

const entityProto = ({ key, data, excludeFromIndexes }: EncodedEntity): ProtoEntity => ({
  key: keyProto(key),
  properties: Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, toProto(value, excludeFromIndexes.includes(name))]),
  ),
});

/** Of the types that our entities have: strings, whole numbers, booleans, null, times, and lists of these. */
function toProto(value: unknown, excluded: boolean): ProtoValue {
  if (Array.isArray(value)) return { arrayValue: { values: value.map((one) => toProto(one, excluded)) } };
  const excludeFromIndexes = excluded;
  if (value === null) return { nullValue: 'NULL_VALUE', excludeFromIndexes };
  if (typeof value === 'string') return { stringValue: value, excludeFromIndexes };
  if (typeof value === 'boolean') return { booleanValue: value, excludeFromIndexes };
  if (Number.isSafeInteger(value)) return { integerValue: Number(value), excludeFromIndexes };
  if (value instanceof Date) {
    const ms = value.getTime();
    const seconds = Math.floor(ms / 1000);
    return { timestampValue: { seconds, nanos: (ms - seconds * 1000) * 1_000_000 }, excludeFromIndexes };
  }
  throw new TypeError('Entities have no values of this type.');
}

const decode = (properties: Readonly<Record<string, ProtoValue>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, fromProto(value)]));

function fromProto(value: ProtoValue): unknown {
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(fromProto);
  if (typeof value.stringValue === 'string') return value.stringValue;
  if (typeof value.booleanValue === 'boolean') return value.booleanValue;
  // 64 bits come as text; every one of ours is epoch milliseconds or a counter.
  if (value.integerValue !== null && value.integerValue !== undefined) return Number(value.integerValue);
  return null;
}
