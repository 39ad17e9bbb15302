-- Operational state: ids, versions and fingerprints, no user content. No reference to the configuration's tables, as in
-- production this part lives in another store. Times are epoch milliseconds.

create table tandem.pairs (
  installation_id text not null,
  pair_id text not null,
  profile_id text not null,
  status text not null check (status in ('creating', 'paired', 'orphaned')),
  source text not null check (source in ('jira', 'azure')),
  jira_id text,
  azure_id text,
  jira_key text,
  azure_key text,
  -- The creation intent's token; stays after the intent is resolved.
  token text,
  errors jsonb not null,
  -- All that no query asks for: intent, baseline, versions, write intents, held and replaced values, timeline…
  detail jsonb not null,
  retry_attempts int,
  retry_due_at bigint,
  -- The fence at the time of the event that made it dirty: a later lease's commit may clear it, that lease's own may not.
  dirty_at_fence bigint,
  synced_at bigint,
  fence bigint not null default 0,
  lease_expires_at bigint,
  failing boolean not null generated always as (jsonb_path_exists(errors, '$[*] ? (@.ignored == false)')) stored,
  primary key (installation_id, pair_id)
) with (fillfactor = 80);
create index pairs_by_profile on tandem.pairs (installation_id, profile_id, pair_id);
create index pairs_with_errors on tandem.pairs (installation_id, profile_id, pair_id) where errors <> '[]'::jsonb;
create unique index pairs_by_token on tandem.pairs (installation_id, token) where token is not null;
create index pairs_due on tandem.pairs (installation_id, coalesce(retry_due_at, 0))
  where status = 'creating' or dirty_at_fence is not null or retry_due_at is not null;

-- One item is in one pair of a counterpart system.
create table tandem.claims (
  installation_id text not null,
  site_id text not null,
  side text not null check (side in ('jira', 'azure')),
  item_id text not null,
  pair_id text not null,
  primary key (installation_id, site_id, side, item_id),
  foreign key (installation_id, pair_id) references tandem.pairs on delete cascade
);
create index claims_by_pair on tandem.claims (installation_id, pair_id);

create table tandem.children (
  installation_id text not null,
  pair_id text not null,
  kind text not null check (kind in ('comment', 'attachment')),
  source text not null check (source in ('jira', 'azure')),
  source_id text not null,
  target_id text,
  token text not null,
  source_version jsonb not null,
  target_version jsonb,
  bodies jsonb,
  intent_at bigint not null,
  primary key (installation_id, pair_id, kind, source, source_id),
  foreign key (installation_id, pair_id) references tandem.pairs on delete cascade
);

-- Errors of items that have no pair yet.
create table tandem.item_errors (
  installation_id text not null,
  profile_id text not null,
  side text not null check (side in ('jira', 'azure')),
  item_id text not null,
  record_id text not null,
  item_key text not null,
  record jsonb not null,
  retry_attempts int,
  retry_due_at bigint,
  primary key (installation_id, profile_id, side, item_id, record_id)
);

create table tandem.initial_syncs (
  installation_id text not null,
  profile_id text not null,
  status text not null check (status in ('running', 'done', 'stopped', 'failed')),
  started_at bigint not null,
  finished_at bigint,
  phase text not null check (phase in ('linking', 'jira', 'azure', 'draining')),
  next text,
  seen int not null,
  queued int not null,
  done int not null,
  failed int not null,
  primary key (installation_id, profile_id)
);
