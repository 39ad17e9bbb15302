// What a store's entry in the data policy says. The entries are in the files beside this one; tests hold them against the
// migrated database, the entities, the log's fields and the infrastructure, and docs/data-policy.md is made from them.

/** From what may be shown to support to what nobody may see. */
export const dataClasses = {
  identifier: 'ids of sites, items, people’s accounts, profiles: no names, no content',
  operational: 'states, versions, times, counts, codes and keyed fingerprints, from which nothing can be read back',
  configuration:
    'what an admin chose or a site calls its things: may hold names of people, e-mail addresses, mapped values',
  secret: 'credentials and keys, kept only encrypted under the installation’s data key, or wrapped by Cloud KMS',
  content: 'what users wrote into items: nowhere stored',
} as const;
export type DataClass = keyof typeof dataClasses;

export interface TablePolicy {
  readonly about: string;
  /** By column or property. */
  readonly fields: Readonly<Record<string, DataClass>>;
  /** Whose rows: of one installation each, or of none. */
  readonly tenant: 'installation' | 'none';
  readonly retention: string;
}

export interface StorePolicy {
  readonly name: string;
  readonly service: string;
  readonly region: string;
  readonly guard: string;
  /** By table, kind or log. */
  readonly tables: Readonly<Record<string, TablePolicy>>;
}

/** `{ identifier: 'a b', secret: 'c' }` as `{ a: 'identifier', b: 'identifier', c: 'secret' }`. */
export function fields(byClass: Partial<Record<DataClass, string>>): Readonly<Record<string, DataClass>> {
  const named: Record<string, DataClass> = {};
  for (const [dataClass, names] of Object.entries(byClass) as [DataClass, string][]) {
    for (const name of names.split(/\s+/).filter(Boolean)) {
      if (named[name] !== undefined) throw new Error(`${name} has two classes`);
      named[name] = dataClass;
    }
  }
  return named;
}

/** With the installation, as the grace period after an uninstallation ends or at once by `tandem erase`. */
export const untilErased = 'until the installation is erased (30 days after it was uninstalled, or at once on request)';
