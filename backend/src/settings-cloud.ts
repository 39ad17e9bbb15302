// Settings of Google Cloud's stores: which of them take the place of the embedded ones, and where they are. A part of
// settings.ts, which reads them with the others.

import { z } from 'zod';
import { region } from './data-policy/region.ts';

const shown = (value: unknown) => JSON.stringify(value);

/** A stand-in or emulator on this machine: reached without TLS and account, so it may be nowhere else. */
const localAddress = z.string().refine((text) => /^(127\.0\.0\.1|localhost|\[?::1\]?):\d{1,5}$/.test(text), {
  error: ({ input }) => `${shown(input)} is not an address of this machine such as 127.0.0.1:8081`,
});

const oneOf = <const T extends readonly [string, ...string[]]>(names: T) =>
  z.enum(names, { error: ({ input }) => `${shown(input)} is none of ${names.join(', ')}` });

const project = z.string().refine((text) => /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(text), {
  error: ({ input }) => `${shown(input)} is not the id of a Google Cloud project such as tandem-prod`,
});

export const cloudShape = {
  /** The project that the process runs in, which the log names with each trace. */
  GOOGLE_CLOUD_PROJECT: project.optional(),
  /** Where pairs and their children are kept. */
  TANDEM_STATE: oneOf(['postgres', 'datastore']).default('postgres'),
  TANDEM_DATASTORE_PROJECT: project.optional(),
  /** A database other than the project's default one. */
  TANDEM_DATASTORE_DATABASE: z.string().default(''),
  /** Google's emulator; the variable that its own tools set. */
  DATASTORE_EMULATOR_HOST: localAddress.optional(),
  /** What keeps the key that wraps all others. With kms, TANDEM_KEY_FILE names the file that did before, until all is wrapped again. */
  TANDEM_SECRETS: oneOf(['file', 'kms']).default('file'),
  TANDEM_KMS_KEY: z
    .string()
    .refine(
      (text) => new RegExp(`^projects/[^/]+/locations/${region}/keyRings/[\\w-]+/cryptoKeys/[\\w-]+$`).test(text),
      {
        error: ({ input }) =>
          `${shown(input)} is not a key in ${region}: projects/…/locations/${region}/keyRings/…/cryptoKeys/…`,
      },
    )
    .optional(),
  TANDEM_KMS_ENDPOINT: localAddress.optional(),
  /** Cloud SQL by its connector, with TLS and the process's own Google account instead of a password. */
  TANDEM_CLOUD_SQL_INSTANCE: z
    .string()
    .refine((text) => new RegExp(`^[^:]+(:[^:]+)?:${region}:[a-z][a-z0-9-]*$`).test(text), {
      error: ({ input }) => `${shown(input)} is not an instance in ${region}: project:${region}:instance`,
    })
    .optional(),
  /** The database user of the service account: its address without `.gserviceaccount.com`. */
  TANDEM_CLOUD_SQL_USER: z
    .string()
    .refine((text) => /^[^@\s]+@[^@\s]+$/.test(text) && !text.endsWith('.gserviceaccount.com'), {
      error: ({ input }) =>
        `${shown(input)} is not an IAM database user such as tandem@project.iam, without .gserviceaccount.com`,
    })
    .optional(),
  TANDEM_CLOUD_SQL_DATABASE: z.string().default('tandem'),
  TANDEM_CLOUD_SQL_ADDRESS: oneOf(['private', 'public', 'psc']).default('private'),
  /** Where counts and usage events go for good; PostgreSQL has the counts in any case. */
  TANDEM_METRICS: oneOf(['postgres', 'bigquery']).default('postgres'),
  TANDEM_BIGQUERY_PROJECT: project.optional(),
  TANDEM_BIGQUERY_DATASET: z
    .string()
    .refine((text) => /^\w{1,1024}$/.test(text), {
      error: ({ input }) => `${shown(input)} is not the name of a data set: letters, digits and underscores`,
    })
    .optional(),
  TANDEM_BIGQUERY_ENDPOINT: localAddress.optional(),
};

export interface CloudSqlSettings {
  readonly instance: string;
  readonly user: string;
  readonly database: string;
  readonly address: 'private' | 'public' | 'psc';
}

export interface BigQuerySettings {
  readonly project: string;
  readonly dataset: string;
  /** Of a stand-in on this machine; null: the real service. */
  readonly endpoint: string | null;
}

export interface CloudSettings {
  /** Null where it is not said: no trace is named then. */
  readonly project: string | null;
  /** Null: the configuration's own database. */
  readonly datastore: { readonly project: string; readonly database: string; readonly emulator: string | null } | null;
  /** Null: a key file. */
  readonly kms: { readonly keyName: string; readonly endpoint: string | null } | null;
  /** Null: a URL, or a server of our own. */
  readonly cloudSql: CloudSqlSettings | null;
  /** Null: counts stay in PostgreSQL. */
  readonly bigQuery: BigQuerySettings | null;
}

type CloudData = z.infer<z.ZodObject<typeof cloudShape>>;

export const cloudSettings = (data: CloudData): CloudSettings => ({
  project: data.GOOGLE_CLOUD_PROJECT ?? null,
  datastore:
    data.TANDEM_STATE === 'datastore' && data.TANDEM_DATASTORE_PROJECT !== undefined
      ? {
          project: data.TANDEM_DATASTORE_PROJECT,
          database: data.TANDEM_DATASTORE_DATABASE,
          emulator: data.DATASTORE_EMULATOR_HOST ?? null,
        }
      : null,
  kms:
    data.TANDEM_SECRETS === 'kms' && data.TANDEM_KMS_KEY !== undefined
      ? { keyName: data.TANDEM_KMS_KEY, endpoint: data.TANDEM_KMS_ENDPOINT ?? null }
      : null,
  cloudSql:
    data.TANDEM_CLOUD_SQL_INSTANCE !== undefined && data.TANDEM_CLOUD_SQL_USER !== undefined
      ? {
          instance: data.TANDEM_CLOUD_SQL_INSTANCE,
          user: data.TANDEM_CLOUD_SQL_USER,
          database: data.TANDEM_CLOUD_SQL_DATABASE,
          address: data.TANDEM_CLOUD_SQL_ADDRESS,
        }
      : null,
  bigQuery:
    data.TANDEM_METRICS === 'bigquery' && data.TANDEM_BIGQUERY_PROJECT !== undefined
      ? {
          project: data.TANDEM_BIGQUERY_PROJECT,
          dataset: data.TANDEM_BIGQUERY_DATASET ?? 'tandem',
          endpoint: data.TANDEM_BIGQUERY_ENDPOINT ?? null,
        }
      : null,
});

/** What one setting needs of another, or would leave without effect. */
export function cloudContradictions(
  data: CloudData & { readonly DATABASE_URL?: string | undefined },
): readonly string[] {
  const problems: string[] = [];
  const needs = (chosen: boolean, choice: string, name: keyof CloudData) => {
    if (chosen && data[name] === undefined) problems.push(`${name}: is needed with ${choice}`);
    if (!chosen && data[name] !== undefined) problems.push(`${name}: means nothing without ${choice}`);
  };
  needs(data.TANDEM_STATE === 'datastore', 'TANDEM_STATE=datastore', 'TANDEM_DATASTORE_PROJECT');
  needs(data.TANDEM_SECRETS === 'kms', 'TANDEM_SECRETS=kms', 'TANDEM_KMS_KEY');
  needs(data.TANDEM_METRICS === 'bigquery', 'TANDEM_METRICS=bigquery', 'TANDEM_BIGQUERY_PROJECT');
  needs(data.TANDEM_CLOUD_SQL_INSTANCE !== undefined, 'TANDEM_CLOUD_SQL_INSTANCE', 'TANDEM_CLOUD_SQL_USER');
  if (data.TANDEM_CLOUD_SQL_INSTANCE !== undefined && data.DATABASE_URL !== undefined) {
    problems.push('DATABASE_URL: names another database than TANDEM_CLOUD_SQL_INSTANCE; set one of them');
  }
  return problems;
}
