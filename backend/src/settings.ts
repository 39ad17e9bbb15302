// All settings of a process, from environment variables, parsed once. An error names the variable, what was wrong and
// what would be right.

import { z } from 'zod';
import { type CloudSettings, cloudContradictions, cloudSettings, cloudShape } from './settings-cloud.ts';
import { type SupportSettings, supportContradictions, supportSettings, supportShape } from './settings-support.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Under it a pause of the process itself would cost a worker the pair that it works on. */
const shortestLease = 3 * second;
/** A dead worker's jobs are freed within this time: its silence, and the beat after it. */
const longestSilence = 90 * second;

/** The value as given stands in the message, so these are for settings that hold no secret. */
const shown = (value: unknown) => JSON.stringify(value);

const wholeNumber = (fallback: number, [least, most]: readonly [number, number]) =>
  z
    .string()
    .trim()
    .refine((text) => /^\d{1,15}$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: ({ input }) =>
        `${shown(input)} is not a whole number from ${least} to ${most}; the default is ${fallback}`,
    })
    .transform(Number)
    .default(fallback);

/** Milliseconds, up to a year. */
const ms = (fallback: number, least = 0) => wholeNumber(fallback, [least, 366 * 24 * hour]);

const parsedUrl = (text: string) => (URL.canParse(text) ? new URL(text) : null);
const isHttp = (text: string) => /^https?:$/.test(parsedUrl(text)?.protocol ?? '');
const isLocal = (text: string) => /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(parsedUrl(text)?.hostname ?? '');

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

const environmentTypes = ['PRODUCTION', 'STAGING', 'DEVELOPMENT'];

const environmentSchema = z.object({
  ...cloudShape,
  ...supportShape,
  /** Where the HTTP server listens; 0 takes a free one. Cloud Run sets it. */
  PORT: wholeNumber(8080, [0, 65_535]),
  TANDEM_HOST: z.string().default('0.0.0.0'),
  /** The address under which Azure DevOps reaches us. */
  TANDEM_PUBLIC_URL: z
    .string()
    .refine(isHttp, {
      error: ({ input }) => `${shown(input)} is not an address such as https://tandem.example.com`,
    })
    .optional(),
  /** A PostgreSQL server; without it one is started in the data folder. */
  DATABASE_URL: z
    .string()
    .refine((text) => /^postgres(ql)?:$/.test(parsedUrl(text)?.protocol ?? ''), {
      error: 'not an address of PostgreSQL such as postgres://user:password@host:5432/tandem',
    })
    .optional(),
  /**
   * Connections of the stores to PostgreSQL at most. Beside them are half as many for adding jobs, and the queue's: one for each of
   * TANDEM_WORKERS and four. A server's own limit is for all instances together.
   */
  TANDEM_POOL_SIZE: wholeNumber(20, [2, 200]),
  TANDEM_DATA_DIR: z.string().default('.tandem'),
  /** The key-encryption key; by default in the data folder. */
  TANDEM_KEY_FILE: z.string().optional(),
  /** The app's ARI: the audience of Forge's tokens. */
  FORGE_APP_ID: z
    .string()
    .refine((text) => /^ari:cloud:ecosystem::app\/[\w-]+$/.test(text), {
      error: ({ input }) => `${shown(input)} is not the app's id as manifest.yml has it: ari:cloud:ecosystem::app/…`,
    })
    .optional(),
  /** Over plain http anybody on the way could put in keys of their own. */
  FORGE_JWKS_URL: z
    .string()
    .refine((text) => isHttp(text) && (text.startsWith('https:') || isLocal(text)), {
      error: ({ input }) => `${shown(input)} is not an address with https (http is for this machine only)`,
    })
    .default('https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json'),
  /** Environment types that may call. */
  FORGE_ENVIRONMENTS: list
    .refine((types) => types.every((type) => environmentTypes.includes(type)), {
      error: `must be a list of ${environmentTypes.join(', ')}, with commas between`,
    })
    .default(['PRODUCTION']),
  /** Origins that requests may go to beside the two services' own hosts, such as simulators: `http://127.0.0.1:8082`. */
  TANDEM_ALLOWED_ORIGINS: list
    .refine((origins) => origins.every((origin) => isHttp(origin) && new URL(origin).pathname === '/'), {
      error: 'must be a list of origins such as http://127.0.0.1:8082, without paths and with commas between',
    })
    .transform((origins) => origins.map((origin) => new URL(origin).origin))
    .default([]),
  /** Jobs at a time; 0 serves HTTP only. */
  TANDEM_WORKERS: wholeNumber(8, [0, 200]),
  TANDEM_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], {
      error: ({ input }) => `${shown(input)} is none of debug, info, warn, error, silent`,
    })
    .default('info'),
  /** For a whole request; uploads and downloads have longer times of their own. */
  TANDEM_REQUEST_TIMEOUT_MS: ms(30 * second, 1),
  /** Longer than the longest request and the search index's lag together. */
  TANDEM_SETTLE_MS: ms(2 * minute),
  TANDEM_LEASE_MS: ms(minute, shortestLease),
  TANDEM_RETRY_BASE_MS: ms(5 * second, 1),
  TANDEM_RETRY_MAX_MS: ms(hour),
  TANDEM_SCAN_EVERY_MS: ms(2 * minute, 1),
  /** How far a scan reaches back behind the newest change that the last one saw. */
  TANDEM_SCAN_OVERLAP_MS: ms(3 * minute),
  TANDEM_SWEEP_EVERY_MS: ms(minute, 1),
  TANDEM_INVENTORY_EVERY_MS: ms(6 * hour, 1),
  TANDEM_PROBE_EVERY_MS: ms(minute, 1),
  TANDEM_HEARTBEAT_MS: ms(15 * second, 1),
  TANDEM_DEAD_AFTER_MS: ms(minute, 1),
  TANDEM_GRACE_MS: ms(30 * 24 * hour),
  /** Between two times that counts are handed on to the warehouse. */
  TANDEM_METRICS_EVERY_MS: ms(5 * minute, 1),
});

export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string | null;
  readonly databaseUrl: string | null;
  readonly poolSize: number;
  readonly cloud: CloudSettings;
  readonly support: SupportSettings | null;
  readonly dataDir: string;
  readonly keyFile: string | null;
  readonly forge: { readonly appId: string | null; readonly jwksUrl: string; readonly environments: readonly string[] };
  readonly allowedOrigins: readonly string[];
  readonly workers: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly timing: {
    readonly requestMs: number;
    readonly settleMs: number;
    readonly leaseMs: number;
    readonly retryBaseMs: number;
    readonly retryMaxMs: number;
    readonly scanEveryMs: number;
    readonly scanOverlapMs: number;
    readonly sweepEveryMs: number;
    readonly inventoryEveryMs: number;
    readonly probeEveryMs: number;
    readonly heartbeatMs: number;
    readonly deadAfterMs: number;
    readonly graceMs: number;
    readonly metricsEveryMs: number;
  };
}

export class SettingsError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'SettingsError';
  }
}

/** Throws SettingsError with a line per variable. An empty variable counts as not set. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environmentSchema.safeParse(given);
  const problems = [
    ...misspelt(Object.keys(given)),
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  ];
  if (!parsed.success || problems.length > 0) throw new SettingsError(problems);
  const { data } = parsed;
  const contradictions = contradictionsIn(data);
  if (contradictions.length > 0) throw new SettingsError(contradictions);
  return {
    port: data.PORT,
    host: data.TANDEM_HOST,
    publicUrl: data.TANDEM_PUBLIC_URL ?? null,
    databaseUrl: data.DATABASE_URL ?? null,
    poolSize: data.TANDEM_POOL_SIZE,
    cloud: cloudSettings(data),
    support: supportSettings(data),
    dataDir: data.TANDEM_DATA_DIR,
    keyFile: data.TANDEM_KEY_FILE ?? null,
    forge: {
      appId: data.FORGE_APP_ID ?? null,
      jwksUrl: data.FORGE_JWKS_URL,
      environments: data.FORGE_ENVIRONMENTS,
    },
    allowedOrigins: data.TANDEM_ALLOWED_ORIGINS,
    workers: data.TANDEM_WORKERS,
    logLevel: data.TANDEM_LOG_LEVEL,
    timing: {
      requestMs: data.TANDEM_REQUEST_TIMEOUT_MS,
      settleMs: data.TANDEM_SETTLE_MS,
      leaseMs: data.TANDEM_LEASE_MS,
      retryBaseMs: data.TANDEM_RETRY_BASE_MS,
      retryMaxMs: data.TANDEM_RETRY_MAX_MS,
      scanEveryMs: data.TANDEM_SCAN_EVERY_MS,
      scanOverlapMs: data.TANDEM_SCAN_OVERLAP_MS,
      sweepEveryMs: data.TANDEM_SWEEP_EVERY_MS,
      inventoryEveryMs: data.TANDEM_INVENTORY_EVERY_MS,
      probeEveryMs: data.TANDEM_PROBE_EVERY_MS,
      heartbeatMs: data.TANDEM_HEARTBEAT_MS,
      deadAfterMs: data.TANDEM_DEAD_AFTER_MS,
      graceMs: data.TANDEM_GRACE_MS,
      metricsEveryMs: data.TANDEM_METRICS_EVERY_MS,
    },
  };
}

/** Names of ours that mean nothing: a setting that is never read would go unnoticed. */
function misspelt(names: readonly string[]): readonly string[] {
  const known = Object.keys(environmentSchema.shape);
  return names
    .filter((name) => name.startsWith('TANDEM_') && !known.includes(name) && !notSettings.has(name))
    .map((name) => {
      const [closest] = known.toSorted((a, b) => distance(name, a) - distance(name, b));
      const meant = closest !== undefined && distance(name, closest) <= 4 ? `; did you mean ${closest}?` : '';
      return `${name}: there is no such setting${meant}`;
    });
}

/** Read by tests, which start processes of ours with it in their environment. */
const notSettings: ReadonlySet<string> = new Set(['TANDEM_TEST_LOG']);

/** How many letters must change to make one the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min((row[j] ?? 0) + (letter === other ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

function contradictionsIn(data: z.infer<typeof environmentSchema>): readonly string[] {
  const problems = [...cloudContradictions(data), ...supportContradictions(data)];
  if (data.TANDEM_RETRY_MAX_MS < data.TANDEM_RETRY_BASE_MS) {
    problems.push(
      `TANDEM_RETRY_MAX_MS: ${data.TANDEM_RETRY_MAX_MS} is less than TANDEM_RETRY_BASE_MS, ${data.TANDEM_RETRY_BASE_MS}`,
    );
  }
  if (data.TANDEM_DEAD_AFTER_MS < 2 * data.TANDEM_HEARTBEAT_MS) {
    problems.push(
      `TANDEM_DEAD_AFTER_MS: ${data.TANDEM_DEAD_AFTER_MS} would count living workers as dead; at least twice TANDEM_HEARTBEAT_MS, ${2 * data.TANDEM_HEARTBEAT_MS}, would be right`,
    );
  }
  if (data.TANDEM_DEAD_AFTER_MS + data.TANDEM_HEARTBEAT_MS > longestSilence) {
    problems.push(
      `TANDEM_DEAD_AFTER_MS: with TANDEM_HEARTBEAT_MS it is more than ${longestSilence}, in which a dead worker's jobs must be free again`,
    );
  }
  return problems;
}
