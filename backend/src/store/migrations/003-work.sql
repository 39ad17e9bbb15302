-- Work that waits, who is at it, and what was counted. graphile-worker's own tables are in its own schema.

-- Merged hints of items that wait. A row here means that a job with its key waits in the queue.
create table tandem.pending_items (
  installation_id text not null,
  profile_id text not null,
  -- The pair's id, or `<side>:<item id>` before the item is paired.
  item_key text not null,
  pair_id text,
  side text not null check (side in ('jira', 'azure')),
  item_id text not null,
  hints jsonb not null,
  -- How many jobs of an initial sync merged into this one: they are counted there.
  initial_jobs int not null,
  -- Runs that ended with an unexpected error.
  attempts int not null,
  primary key (installation_id, profile_id, item_key)
);

-- What a worker has in hand: the same, moved here when a run starts and gone when it ends. Given back to
-- pending_items when the worker dies.
create table tandem.taken_items (
  job_id bigint primary key,
  pool_id text not null,
  taken_at timestamptz not null default now(),
  priority int not null,
  like tandem.pending_items
);
create index taken_items_by_pool on tandem.taken_items (pool_id);

-- Tasks that run now: of one key only one at a time.
create table tandem.running_tasks (
  task_key text primary key,
  pool_id text not null,
  started_at timestamptz not null default now()
);

-- One row per pool of workers; times by the database's clock, the only one that all instances share.
create table tandem.worker_heartbeats (
  pool_id text primary key,
  machine text,
  process text not null,
  beat_at timestamptz not null
);

-- When a periodic task was last handed to the queue; whoever moves `last_at` on queues it.
create table tandem.schedules (
  installation_id text not null,
  -- Profile or connection; '' for the installation itself.
  target text not null,
  task text not null,
  last_at bigint not null,
  primary key (installation_id, target, task)
);

create table tandem.metrics (
  -- '' for what belongs to no installation.
  installation_id text not null,
  -- Start of the hour, epoch milliseconds.
  hour bigint not null,
  name text not null,
  value double precision not null,
  primary key (installation_id, hour, name)
);
create index metrics_by_hour on tandem.metrics (hour);
