// Listens to what a Datastore client asks of the service: each call by its method, each query by its shape.

import type { Datastore } from '@google-cloud/datastore';
import { z } from 'zod';
import type { QueryShape } from '../../backend/src/store/datastore-indexes.ts';
import { protocolOf } from '../../backend/src/store/datastore-versions.ts';

export interface Requests {
  /** Calls since the last `clear`, in their order: `lookup`, `commit`, `runQuery`, `beginTransaction`, `rollback`. */
  readonly methods: string[];
  /** Shapes of all queries within installations, each once. */
  readonly queries: Map<string, Omit<QueryShape, 'kind'> & { readonly kind: string }>;
  clear(): void;
}

const propertyFilter = z.object({ property: z.object({ name: z.string() }), op: z.unknown() });
const filterSchema = z.object({
  propertyFilter: propertyFilter.nullish(),
  compositeFilter: z.object({ filters: z.array(z.object({ propertyFilter: propertyFilter.nullish() })) }).nullish(),
});
const callSchema = z.object({
  method: z.string(),
  reqOpts: z
    .object({
      query: z
        .object({
          kind: z.array(z.object({ name: z.string() })),
          filter: filterSchema.nullish(),
          order: z.array(z.object({ property: z.object({ name: z.string() }), direction: z.unknown() })).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

/**
 * The client's own requests and those of its transactions all go through one method, which each of them has for itself; what
 * it hides is asked of the protocol.
 */
export function listenTo(datastore: Datastore): Requests {
  const methods: string[] = [];
  const queries: Requests['queries'] = new Map();
  const hear = (config: unknown) => {
    const { method, reqOpts } = callSchema.parse(config);
    methods.push(method);
    const query = reqOpts?.query;
    const kind = query?.kind[0]?.name;
    if (query && kind !== undefined && !kind.startsWith('__')) {
      const { filter } = query;
      const filters = [filter?.propertyFilter, ...(filter?.compositeFilter?.filters ?? []).map((f) => f.propertyFilter)]
        .filter((one) => one !== null && one !== undefined)
        .map(({ property, op }) => ({ name: property.name, equal: op === 'EQUAL' || op === 5 }));
      const sorted = (query.order ?? []).map(({ property, direction }) => ({
        property: property.name,
        descending: direction === 'DESCENDING' || direction === 2,
      }));
      const ranges = filters.filter((one) => !one.equal && !sorted.some(({ property }) => property === one.name));
      const shape = {
        kind,
        equal: filters.filter((one) => one.equal).map((one) => one.name),
        ordered: [...ranges.map(({ name }) => ({ property: name, descending: false })), ...sorted],
      };
      queries.set(JSON.stringify(shape), shape);
    }
  };
  const listened = <T extends Pick<Datastore, 'request_'>>(client: T): T => {
    const request = client.request_.bind(client);
    client.request_ = (config, callback) => {
      hear(config);
      return request(config, callback);
    };
    return client;
  };
  const transaction = datastore.transaction.bind(datastore);
  datastore.transaction = (options) => listened(transaction(options));
  listened(datastore);
  const protocol = protocolOf(datastore);
  for (const method of ['lookup', 'commit'] as const) {
    const call = protocol[method];
    const heard = (...args: unknown[]): unknown => {
      methods.push(method);
      return Reflect.apply(call, protocol, args);
    };
    Object.assign(protocol, { [method]: heard });
  }
  return {
    methods,
    queries,
    clear: () => {
      methods.length = 0;
    },
  };
}
