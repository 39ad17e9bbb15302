-- Configuration: who installed Tandem, how to reach the two sides, what is kept the same. Times are epoch milliseconds
-- by Tandem's clock. Columns named *_sealed hold ciphertext under the installation's data key (store/secrets.ts).

create table tandem.installations (
  installation_id text primary key,
  -- Jira's cloud id, or the site's URL in stand-alone use.
  cloud_id text not null,
  environment text not null,
  site_url text,
  status text not null check (status in ('active', 'uninstalled')),
  -- Set with status 'uninstalled': erased after this time.
  grace_until bigint,
  -- Forge's own ids come and go beneath ours.
  forge_installation_ids text[] not null default '{}',
  site_key_sealed text,
  shared_secret_sealed text,
  system_token_sealed text,
  system_token_expires_at bigint,
  api_base_url text,
  fingerprint_key_id text,
  fingerprint_key_sealed text,
  created_at bigint not null,
  updated_at bigint not null,
  unique (cloud_id, environment)
);

-- Wrapped by the key-encryption key. No reference to installations: an erased installation's row goes first here.
create table tandem.data_keys (
  installation_id text primary key,
  wrapped text not null,
  created_at timestamptz not null default now()
);

create table tandem.connections (
  installation_id text not null references tandem.installations on delete cascade,
  connection_id text not null,
  side text not null check (side in ('jira', 'azure')),
  name text not null,
  url text not null,
  auth text not null check (auth in ('app', 'token')),
  -- E-mail address or user name that goes with the token.
  account text,
  secret_sealed text,
  -- YYYY-MM-DD as the admin typed it: a token cannot be asked.
  secret_expires_on text,
  hook_secret_sealed text,
  health jsonb,
  health_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (installation_id, connection_id)
);

-- How long a service asked to wait, shared by all instances. The key names a connection with an endpoint class or item, or
-- a quota that all installations share; rows mean nothing once their time is over.
create table tandem.governor_blocks (
  block_key text primary key,
  blocked_until bigint not null
);

create table tandem.profiles (
  installation_id text not null references tandem.installations on delete cascade,
  profile_id text not null,
  jira_connection_id text not null,
  azure_connection_id text not null,
  name text not null,
  jira_project text not null,
  azure_project text not null,
  settings jsonb not null,
  revision int not null,
  status text not null check (status in ('draft', 'enabled', 'paused', 'stopped')),
  reason jsonb,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (installation_id, profile_id),
  foreign key (installation_id, jira_connection_id) references tandem.connections (installation_id, connection_id),
  foreign key (installation_id, azure_connection_id) references tandem.connections (installation_id, connection_id)
);
create index profiles_by_jira_project on tandem.profiles (installation_id, jira_project);
create index profiles_by_jira_connection on tandem.profiles (installation_id, jira_connection_id);
create index profiles_by_azure_connection on tandem.profiles (installation_id, azure_connection_id);
create index profiles_enabled on tandem.profiles (installation_id, profile_id) where status = 'enabled';

create table tandem.profile_history (
  installation_id text not null,
  profile_id text not null,
  revision int not null,
  settings jsonb not null,
  saved_at bigint not null,
  -- Account id.
  saved_by text,
  primary key (installation_id, profile_id, revision),
  foreign key (installation_id, profile_id) references tandem.profiles on delete cascade
);

-- Settings that somebody is still editing; may be incomplete.
create table tandem.profile_drafts (
  installation_id text not null,
  profile_id text not null,
  settings jsonb not null,
  base_revision int not null,
  saved_at bigint not null,
  saved_by text,
  primary key (installation_id, profile_id),
  foreign key (installation_id, profile_id) references tandem.profiles on delete cascade
);

create table tandem.hook_registrations (
  installation_id text not null,
  profile_id text not null,
  connection_id text not null,
  subscription_id text not null,
  event text not null,
  created_at bigint not null,
  primary key (installation_id, connection_id, subscription_id),
  foreign key (installation_id, profile_id) references tandem.profiles on delete cascade
);

-- People seen on a side that no profile maps yet.
create table tandem.people (
  installation_id text not null references tandem.installations on delete cascade,
  side text not null check (side in ('jira', 'azure')),
  person_id text not null,
  name text not null,
  email text,
  active boolean,
  seen_at bigint not null,
  primary key (installation_id, side, person_id)
);

create table tandem.catalogs (
  installation_id text not null,
  profile_id text not null,
  catalogs jsonb not null,
  loaded_at bigint not null,
  primary key (installation_id, profile_id),
  foreign key (installation_id, profile_id) references tandem.profiles on delete cascade
);

create table tandem.learned_transitions (
  installation_id text not null,
  profile_id text not null,
  item_type text not null,
  from_status text not null,
  to_statuses text[] not null,
  primary key (installation_id, profile_id, item_type, from_status),
  foreign key (installation_id, profile_id) references tandem.profiles on delete cascade
);

create table tandem.watermarks (
  installation_id text not null,
  profile_id text not null,
  side text not null check (side in ('jira', 'azure')),
  watermark text not null,
  primary key (installation_id, profile_id, side),
  foreign key (installation_id, profile_id) references tandem.profiles on delete cascade
);

create table tandem.highest_known (
  installation_id text not null,
  profile_id text not null,
  side text not null check (side in ('jira', 'azure')),
  item_id text not null,
  primary key (installation_id, profile_id, side),
  foreign key (installation_id, profile_id) references tandem.profiles on delete cascade
);

-- Destructive operations, summed by minute: the sliding window of the mass-change brake.
create table tandem.budget_takes (
  installation_id text not null,
  profile_id text not null,
  minute bigint not null,
  amount int not null,
  primary key (installation_id, profile_id, minute),
  foreign key (installation_id, profile_id) references tandem.profiles on delete cascade
);

-- Ids of deliveries already taken in, to tell a repeated one.
create table tandem.deliveries (
  installation_id text not null references tandem.installations on delete cascade,
  source text not null,
  delivery_id text not null,
  received_at bigint not null,
  primary key (installation_id, source, delivery_id)
);
create index deliveries_by_age on tandem.deliveries (received_at);
