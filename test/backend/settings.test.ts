// A wrong setting is named at the start: the variable, what was wrong, what would be right.

import { describe, expect, it } from 'vitest';
import { readSettings, SettingsError } from '../../backend/src/settings.ts';

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('settings', () => {
  it('are safe where none is given', () => {
    expect(readSettings({})).toMatchObject({
      port: 8080,
      databaseUrl: null,
      forge: { appId: null, environments: ['PRODUCTION'], jwksUrl: expect.stringMatching(/^https:/) },
      allowedOrigins: [],
      workers: 8,
      logLevel: 'info',
      timing: { settleMs: 120_000, leaseMs: 60_000, graceMs: 30 * 24 * 3_600_000 },
    });
  });

  it('are read from text', () => {
    expect(
      readSettings({
        PORT: '0',
        TANDEM_WORKERS: '0',
        DATABASE_URL: 'postgresql://user:word@host/tandem',
        TANDEM_PUBLIC_URL: 'https://tandem.example.com/base',
        TANDEM_ALLOWED_ORIGINS: ' http://127.0.0.1:8082/ ,http://127.0.0.1:8083,',
        FORGE_APP_ID: 'ari:cloud:ecosystem::app/11111111-1111-4111-8111-111111111111',
        FORGE_ENVIRONMENTS: 'DEVELOPMENT, STAGING',
        FORGE_JWKS_URL: 'http://127.0.0.1:9000/jwks.json',
        TANDEM_SETTLE_MS: ' 2000 ',
      }),
    ).toMatchObject({
      port: 0,
      workers: 0,
      databaseUrl: 'postgresql://user:word@host/tandem',
      publicUrl: 'https://tandem.example.com/base',
      allowedOrigins: ['http://127.0.0.1:8082', 'http://127.0.0.1:8083'],
      forge: { environments: ['DEVELOPMENT', 'STAGING'], jwksUrl: 'http://127.0.0.1:9000/jwks.json' },
      timing: { settleMs: 2000 },
    });
  });

  it('that are empty count as not set', () => {
    expect(readSettings({ PORT: '', DATABASE_URL: '', TANDEM_NOTHING: '' }).port).toBe(8080);
  });

  it.each([
    ['PORT', 'abc', /"abc" is not a whole number from 0 to 65535; the default is 8080$/],
    ['PORT', '70000', /from 0 to 65535/],
    ['TANDEM_WORKERS', '-1', /from 0 to 200/],
    ['TANDEM_WORKERS', '0x10', /"0x10" is not a whole number/],
    ['TANDEM_WORKERS', '1e2', /is not a whole number/],
    ['TANDEM_WORKERS', '2.5', /is not a whole number/],
    ['TANDEM_SETTLE_MS', '2 min', /"2 min" is not a whole number/],
    ['TANDEM_SCAN_EVERY_MS', '0', /from 1 to/],
    ['TANDEM_LEASE_MS', '10', /from 3000 to/],
    ['TANDEM_PUBLIC_URL', 'tandem.example.com', /is not an address such as https:\/\/tandem\.example\.com$/],
    ['TANDEM_PUBLIC_URL', 'ftp://tandem.example.com', /is not an address/],
    ['DATABASE_URL', 'mysql://host/db', /not an address of PostgreSQL such as postgres:/],
    ['FORGE_APP_ID', '11111111-1111', /ari:cloud:ecosystem::app/],
    ['FORGE_JWKS_URL', 'http://keys.example.com/jwks.json', /https/],
    ['FORGE_ENVIRONMENTS', 'PRODUCTION,TEST', /PRODUCTION, STAGING, DEVELOPMENT/],
    ['TANDEM_ALLOWED_ORIGINS', 'http://127.0.0.1:8082/path', /origins such as/],
    ['TANDEM_ALLOWED_ORIGINS', '127.0.0.1:8082', /origins such as/],
    ['TANDEM_LOG_LEVEL', 'loud', /"loud" is none of debug, info/],
  ])('of %s as %s are refused', (name, value, message) => {
    const [problem, ...others] = problemsOf({ [name]: value });
    expect(others).toEqual([]);
    expect(problem?.startsWith(`${name}: `)).toBe(true);
    expect(problem).toMatch(message);
  });

  it('are all named at once', () => {
    const problems = problemsOf({ PORT: 'x', TANDEM_WORKERS: 'y', TANDEM_WORKER: '3' });
    expect(problems.map((line) => line.split(':')[0]).sort()).toEqual(['PORT', 'TANDEM_WORKER', 'TANDEM_WORKERS']);
  });

  it('that are misspelt are named, with what was meant', () => {
    expect(problemsOf({ TANDEM_WORKRES: '4' })).toEqual([
      'TANDEM_WORKRES: there is no such setting; did you mean TANDEM_WORKERS?',
    ]);
    expect(problemsOf({ TANDEM_SOMETHING_ELSE_ALTOGETHER: '4' })).toEqual([
      'TANDEM_SOMETHING_ELSE_ALTOGETHER: there is no such setting',
    ]);
  });

  it('of others do not concern us', () => {
    expect(problemsOf({ PATH: '/bin', TANDEMX: '1' })).toEqual([]);
  });

  it.each([
    [{ TANDEM_RETRY_MAX_MS: '100', TANDEM_RETRY_BASE_MS: '200' }, 'TANDEM_RETRY_MAX_MS'],
    [{ TANDEM_HEARTBEAT_MS: '40000' }, 'TANDEM_DEAD_AFTER_MS'],
    [{ TANDEM_DEAD_AFTER_MS: '100000' }, 'TANDEM_DEAD_AFTER_MS'],
  ])('that contradict each other are refused: %o', (environment, name) => {
    expect(problemsOf(environment)[0]).toMatch(new RegExp(`^${name}: `));
  });

  const kmsKey = 'projects/tandem-prod/locations/europe-west3/keyRings/tandem/cryptoKeys/data-keys';

  it('choose the stores of one machine where nothing is said, and Google Cloud’s where it is', () => {
    expect(readSettings({}).cloud).toEqual({
      project: null,
      datastore: null,
      kms: null,
      cloudSql: null,
      bigQuery: null,
    });
    expect(
      readSettings({
        TANDEM_STATE: 'datastore',
        TANDEM_DATASTORE_PROJECT: 'tandem-prod',
        TANDEM_SECRETS: 'kms',
        TANDEM_KMS_KEY: kmsKey,
        TANDEM_CLOUD_SQL_INSTANCE: 'tandem-prod:europe-west3:main',
        TANDEM_CLOUD_SQL_USER: 'tandem@tandem-prod.iam',
        TANDEM_POOL_SIZE: '5',
        TANDEM_METRICS: 'bigquery',
        TANDEM_BIGQUERY_PROJECT: 'tandem-figures',
        GOOGLE_CLOUD_PROJECT: 'tandem-prod',
      }),
    ).toMatchObject({
      poolSize: 5,
      cloud: {
        project: 'tandem-prod',
        bigQuery: { project: 'tandem-figures', dataset: 'tandem', endpoint: null },
        datastore: { project: 'tandem-prod', database: '', emulator: null },
        kms: { keyName: kmsKey, endpoint: null },
        cloudSql: { instance: 'tandem-prod:europe-west3:main', database: 'tandem', address: 'private' },
      },
    });
  });

  it.each([
    [{ TANDEM_STATE: 'mongo' }, /^TANDEM_STATE: "mongo" is none of postgres, datastore$/],
    [{ TANDEM_STATE: 'datastore' }, /^TANDEM_DATASTORE_PROJECT: is needed with TANDEM_STATE=datastore$/],
    [{ TANDEM_SECRETS: 'kms' }, /^TANDEM_KMS_KEY: is needed with/],
    [{ TANDEM_KMS_KEY: kmsKey }, /^TANDEM_KMS_KEY: means nothing without TANDEM_SECRETS=kms$/],
    [
      { TANDEM_SECRETS: 'kms', TANDEM_KMS_KEY: kmsKey.replace('europe-west3', 'us-east1') },
      /^TANDEM_KMS_KEY: .* is not a key in europe-west3/,
    ],
    [
      { TANDEM_CLOUD_SQL_INSTANCE: 'p:europe-west1:main', TANDEM_CLOUD_SQL_USER: 'a@p.iam' },
      /^TANDEM_CLOUD_SQL_INSTANCE: .* is not an instance in europe-west3/,
    ],
    [
      { TANDEM_CLOUD_SQL_INSTANCE: 'p:europe-west3:main', TANDEM_CLOUD_SQL_USER: 'a@p.iam.gserviceaccount.com' },
      /^TANDEM_CLOUD_SQL_USER: .*without \.gserviceaccount\.com/,
    ],
    [{ TANDEM_CLOUD_SQL_INSTANCE: 'p:europe-west3:main' }, /^TANDEM_CLOUD_SQL_USER: is needed with/],
    [
      {
        TANDEM_CLOUD_SQL_INSTANCE: 'p:europe-west3:main',
        TANDEM_CLOUD_SQL_USER: 'a@p.iam',
        DATABASE_URL: 'postgres://h/d',
      },
      /^DATABASE_URL: names another database/,
    ],
    [{ DATASTORE_EMULATOR_HOST: 'emulator.example.com:80' }, /is not an address of this machine/],
    [{ TANDEM_KMS_ENDPOINT: '10.0.0.7:443' }, /is not an address of this machine/],
    [{ TANDEM_METRICS: 'bigquery' }, /^TANDEM_BIGQUERY_PROJECT: is needed with TANDEM_METRICS=bigquery$/],
    [{ TANDEM_BIGQUERY_PROJECT: 'tandem-figures' }, /^TANDEM_BIGQUERY_PROJECT: means nothing without/],
    [{ TANDEM_BIGQUERY_DATASET: 'a-b' }, /^TANDEM_BIGQUERY_DATASET: "a-b" is not the name of a data set/],
  ])('of the cloud that cannot be meant are refused: %o', (environment, message) => {
    const problems = problemsOf(environment);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  it('never tell a password', () => {
    expect(problemsOf({ DATABASE_URL: 'http://user:geheim@host' }).join()).not.toContain('geheim');
  });
});
