// All settings of a process, from environment variables, parsed once. An error names the variable, what was wrong and
// what would be right.

import { z } from 'zod';

const ms = (fallback: number) => z.coerce.number().int().min(0).default(fallback);
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

const shortestLease = 3 * second;

const environmentSchema = z.object({
  /** Where the HTTP server listens. Cloud Run sets it. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  TANDEM_HOST: z.string().default('0.0.0.0'),
  /** The address under which Azure DevOps reaches us. */
  TANDEM_PUBLIC_URL: z.url().optional(),
  /** A PostgreSQL server; without it one is started in the data folder. */
  DATABASE_URL: z.string().optional(),
  TANDEM_DATA_DIR: z.string().default('.tandem'),
  /** The key-encryption key; by default in the data folder. */
  TANDEM_KEY_FILE: z.string().optional(),
  /** The app's ARI: the audience of Forge's tokens. */
  FORGE_APP_ID: z.string().optional(),
  FORGE_JWKS_URL: z.url().default('https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json'),
  /** Environment types that may call: PRODUCTION, STAGING, DEVELOPMENT. */
  FORGE_ENVIRONMENTS: list.default(['PRODUCTION']),
  /** Origins that requests may go to beside the two services' own hosts, such as simulators: `http://127.0.0.1:8082`. */
  TANDEM_ALLOWED_ORIGINS: list,
  TANDEM_WORKERS: z.coerce.number().int().min(0).max(200).default(8),
  TANDEM_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Longer than the longest request and the search index's lag together. */
  TANDEM_SETTLE_MS: ms(2 * minute),
  TANDEM_LEASE_MS: ms(minute),
  TANDEM_RETRY_BASE_MS: ms(5 * second),
  TANDEM_RETRY_MAX_MS: ms(hour),
  TANDEM_SCAN_EVERY_MS: ms(2 * minute),
  /** How far a scan reaches back behind the newest change that the last one saw. */
  TANDEM_SCAN_OVERLAP_MS: ms(3 * minute),
  TANDEM_SWEEP_EVERY_MS: ms(minute),
  TANDEM_INVENTORY_EVERY_MS: ms(6 * hour),
  TANDEM_PROBE_EVERY_MS: ms(minute),
  TANDEM_HEARTBEAT_MS: ms(15 * second),
  TANDEM_DEAD_AFTER_MS: ms(minute),
  TANDEM_GRACE_MS: ms(30 * 24 * hour),
});

export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string | null;
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly keyFile: string | null;
  readonly forge: { readonly appId: string | null; readonly jwksUrl: string; readonly environments: readonly string[] };
  readonly allowedOrigins: readonly string[];
  readonly workers: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly timing: {
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
  if (!parsed.success) {
    throw new SettingsError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const { data } = parsed;
  // A lease is renewed three times in its length: one as short as a pause of the process would be lost while it works.
  if (data.TANDEM_LEASE_MS < shortestLease) {
    throw new SettingsError([
      `TANDEM_LEASE_MS: ${data.TANDEM_LEASE_MS} is too short to be renewed in time; at least ${shortestLease} would be right`,
    ]);
  }
  return {
    port: data.PORT,
    host: data.TANDEM_HOST,
    publicUrl: data.TANDEM_PUBLIC_URL ?? null,
    databaseUrl: data.DATABASE_URL ?? null,
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
    },
  };
}
