// The data policy of PostgreSQL: configuration, the queue, and, on one machine, the operational state as well.

import { metricsRetention, outboxRetention } from './bigquery.ts';
import { fields, type StorePolicy, type TablePolicy, untilErased } from './policy.ts';
import { region } from './region.ts';

const tenant = (
  about: string,
  byClass: Parameters<typeof fields>[0],
  retention: string = untilErased,
): TablePolicy => ({
  about,
  tenant: 'installation',
  retention,
  fields: fields({ ...byClass, identifier: `installation_id ${byClass.identifier ?? ''}` }),
});

const shared = (about: string, byClass: Parameters<typeof fields>[0], retention: string): TablePolicy => ({
  about,
  tenant: 'none',
  retention,
  fields: fields(byClass),
});

/** Days: the database lets none go before. */
export const supportQueriesKept = 400;

const whileUsed = 'while the profile exists';
const whileWorking = 'seconds to minutes: until the work is done';
const always = 'as long as the database';

export const configurationTables: Readonly<Record<string, TablePolicy>> = {
  installations: tenant('Jira sites that use the app, with the handshake and the fingerprint key', {
    identifier: 'cloud_id site_url forge_installation_ids api_base_url fingerprint_key_id',
    operational: 'environment status grace_until system_token_expires_at created_at updated_at',
    secret: 'site_key_sealed shared_secret_sealed system_token_sealed fingerprint_key_sealed',
  }),
  data_keys: tenant('Data keys, wrapped: the first thing that erasing destroys', {
    secret: 'wrapped',
    operational: 'created_at',
  }),
  connections: tenant('How an Azure DevOps organization or a Jira site is reached', {
    identifier: 'connection_id url',
    configuration: 'name account health',
    secret: 'secret_sealed hook_secret_sealed hook_secret_before_sealed',
    operational: 'side auth secret_expires_on hook_secret_before_until health_at created_at updated_at',
  }),
  profiles: tenant('What is kept the same, with all mappings', {
    identifier: 'profile_id jira_connection_id azure_connection_id jira_project azure_project',
    configuration: 'name settings reason',
    operational: 'revision status created_at updated_at',
  }),
  profile_history: tenant('Settings of each revision', {
    identifier: 'profile_id saved_by',
    configuration: 'settings',
    operational: 'revision saved_at',
  }),
  profile_drafts: tenant('Settings that somebody is still editing', {
    identifier: 'profile_id saved_by',
    configuration: 'settings',
    operational: 'base_revision saved_at',
  }),
  hook_registrations: tenant(
    'Service hooks that we registered',
    { identifier: 'profile_id connection_id subscription_id', operational: 'event created_at' },
    whileUsed,
  ),
  people: tenant('People seen on a side whom no profile maps yet', {
    identifier: 'person_id',
    configuration: 'name email seen_in',
    operational: 'side active seen_at',
  }),
  reported_accounts: tenant('When Atlassian was last asked whether an account was closed', {
    identifier: 'account_id',
    operational: 'reported_at',
  }),
  catalogs: tenant(
    'Types, fields, options, users and workflows of both sites as they were last read',
    { identifier: 'profile_id', configuration: 'catalogs', operational: 'loaded_at' },
    whileUsed,
  ),
  workflows: tenant(
    'Which status leads to which, as it was seen',
    { identifier: 'connection_id project', configuration: 'item_type from_status to_statuses' },
    'while the connection exists',
  ),
  watermarks: tenant(
    'How far scans have looked',
    { identifier: 'profile_id', operational: 'side watermark' },
    whileUsed,
  ),
  highest_known: tenant(
    'The highest item id that was seen',
    { identifier: 'profile_id item_id', operational: 'side' },
    whileUsed,
  ),
  budget_takes: tenant(
    'Destructive operations by minute: the mass-change brake',
    { identifier: 'profile_id', operational: 'minute amount' },
    whileUsed,
  ),
  deliveries: tenant(
    'Ids of deliveries already taken in',
    { identifier: 'delivery_id', operational: 'source received_at' },
    '1 day',
  ),
  drift_checks: tenant(
    'What no longer fits a profile on either site',
    { identifier: 'profile_id', configuration: 'problems', operational: 'revision checked_at' },
    whileUsed,
  ),
  profile_figures: tenant(
    'How a running profile keeps up, by ten minutes',
    { identifier: 'profile_id', operational: 'at changes failed timed lag_ms longest_ms' },
    '8 days',
  ),
  notice_channels: tenant('Where an admin is told outside the page', {
    identifier: 'issue_key',
    configuration: 'webhook_host',
    secret: 'webhook_url_sealed webhook_key_sealed',
    operational: 'webhook_format',
  }),
  notices: tenant(
    'What an admin is told there: that a profile stopped or no longer fits its sites, that a token is about to end',
    {
      identifier: 'notice_id event_key',
      configuration: 'event',
      operational: 'channel made_at attempts due_at ended_at failure',
    },
    '30 days',
  ),
  extended_logging: tenant(
    'For which installations more is logged, until when and by whom',
    { identifier: 'switched_on_by', operational: 'until switched_on_at' },
    'a day',
  ),
  outbox: tenant(
    'Rows on their way to BigQuery',
    { identifier: 'row_id', operational: 'destination row made_at attempts due_at' },
    `minutes; ${outboxRetention} days where BigQuery refuses them`,
  ),
};

const stateUse = 'on one machine only: in production these are Datastore’s kinds';

export const stateTables: Readonly<Record<string, TablePolicy>> = {
  pairs: tenant(`Pairs of items; ${stateUse}`, {
    identifier: 'pair_id profile_id jira_id azure_id jira_key azure_key token',
    operational:
      'status source errors detail retry_attempts retry_due_at dirty_at_fence synced_at fence lease_expires_at failing',
  }),
  claims: tenant('One item is in one pair', { identifier: 'site_id item_id pair_id', operational: 'side' }),
  children: tenant('Comments, attachments and links of pairs: ids, versions, fingerprints', {
    identifier: 'pair_id source_id target_id token',
    operational: 'kind source source_version target_version bodies file intent_at',
  }),
  item_errors: tenant('Errors of items that have no pair yet', {
    identifier: 'profile_id item_id record_id item_key',
    operational: 'side record retry_attempts retry_due_at',
  }),
  initial_syncs: tenant('Checkpoints and counts of initial syncs', {
    identifier: 'profile_id',
    configuration: 'link_jira link_azure range_from range_to',
    operational:
      'status started_at finished_at phase next seen queued done failed mode linked ambiguous samples took_all_before',
  }),
  waiters: tenant('Who waits for an item to be paired', {
    identifier: 'name profile_id waiter_id',
    operational: 'side waiter_side',
  }),
  decisions: tenant(
    'What was decided for each pair, and by which rule',
    { identifier: 'pair_id', operational: 'seq at decision' },
    '30 days, 200 a pair',
  ),
};

export const workTables: Readonly<Record<string, TablePolicy>> = {
  pending_items: tenant(
    'Items that wait',
    { identifier: 'profile_id item_key pair_id item_id', operational: 'side hints initial_jobs attempts' },
    whileWorking,
  ),
  taken_items: tenant(
    'Items that a worker has in hand',
    {
      identifier: 'profile_id item_key pair_id item_id',
      operational: 'job_id pool_id taken_at priority side hints initial_jobs attempts',
    },
    whileWorking,
  ),
  turns: tenant('How far an installation’s turns in the queue reach', { operational: 'priority next_at' }),
  schedules: tenant('When a periodic task was last queued', { identifier: 'target', operational: 'task last_at' }),
  metrics: tenant(
    'Counts by hour, for the product’s own pages; BigQuery has them too where it is used',
    { operational: 'hour name value handed_on' },
    `${metricsRetention} days`,
  ),
  support_queries: tenant(
    'What support looked at, and who: lines are added, and the database refuses to change one',
    { identifier: 'path', configuration: 'person', operational: 'query_id asked_at method' },
    `${supportQueriesKept} days, erased or not`,
  ),
  governor_blocks: shared(
    'How long a service asked to wait',
    { identifier: 'block_key', operational: 'blocked_until' },
    'until the wait is over',
  ),
  running_tasks: shared(
    'Tasks that run now',
    { identifier: 'task_key', operational: 'pool_id started_at' },
    whileWorking,
  ),
  worker_heartbeats: shared(
    'Which workers live',
    { operational: 'pool_id machine process beat_at' },
    'a minute after the worker ended',
  ),
  migrations: shared('Which changes of the schema were made', { operational: 'number name applied_at' }, always),
};

const job =
  'task_id task_identifier job_queue_id queue_name priority run_at attempts max_attempts last_error created_at updated_at locked_at locked_by revision is_available';

/** graphile-worker's own tables, which its library names. A job's key and payload hold ids, its last error a code. */
export const queueTables: Readonly<Record<string, TablePolicy>> = {
  _private_jobs: shared(
    'Jobs that wait or run',
    { identifier: 'id key payload flags', operational: job.replace('task_identifier', '').replace('queue_name', '') },
    'until done; 7 days where it was given up',
  ),
  jobs: shared(
    'The same, as the library shows it',
    {
      identifier: 'id key flags',
      operational: job.replace('task_id ', '').replace('job_queue_id', '').replace('is_available', ''),
    },
    'until done',
  ),
  _private_job_queues: shared(
    'Names that serialize jobs',
    { identifier: 'queue_name', operational: 'id locked_at locked_by is_available' },
    whileWorking,
  ),
  _private_tasks: shared('Names of tasks', { operational: 'id identifier' }, always),
  _private_known_crontabs: shared('Unused', { operational: 'identifier known_since last_execution' }, always),
  migrations: shared('The library’s own', { operational: 'id ts breaking' }, always),
};

const guard = 'TLS with the service’s own IAM login, row-level security by installation, secrets sealed by columns';

export const cloudSqlPolicy: StorePolicy = {
  name: 'PostgreSQL, schema tandem',
  service: 'Cloud SQL for PostgreSQL',
  region,
  guard,
  tables: { ...configurationTables, ...stateTables, ...workTables },
};

export const queuePolicy: StorePolicy = {
  name: 'PostgreSQL, schema graphile_worker',
  service: 'Cloud SQL for PostgreSQL',
  region,
  guard: 'as above; thrown errors are reduced to their code before they are stored',
  tables: queueTables,
};
