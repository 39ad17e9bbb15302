-- What is measured leaves for the warehouse by an outbox, and one installation's log may be extended for a time.

alter table tandem.metrics
  -- How much of the value is in the outbox already, or was.
  add column handed_on double precision not null default 0;
create index metrics_to_hand_on on tandem.metrics (hour) where value <> handed_on;

create table tandem.outbox (
  -- Also the insert id, by which the warehouse knows a row that comes again.
  row_id uuid primary key default gen_random_uuid(),
  -- '' for what belongs to no installation.
  installation_id text not null,
  destination text not null check (destination in ('metrics', 'usage')),
  row jsonb not null,
  made_at bigint not null,
  -- How often the warehouse refused the row, and when it is sent next.
  attempts int not null default 0,
  due_at bigint not null
);
create index outbox_by_due on tandem.outbox (due_at, row_id);

create table tandem.extended_logging (
  installation_id text primary key references tandem.installations on delete cascade,
  until bigint not null,
  switched_on_by text not null,
  switched_on_at bigint not null
);

do $$
declare
  name text;
begin
  foreach name in array array['outbox', 'extended_logging'] loop
    execute format('alter table tandem.%I enable row level security', name);
    execute format(
      $policy$create policy tenant on tandem.%I using (
        installation_id = current_setting('tandem.installation', true)
        or current_setting('tandem.installation', true) = '*')$policy$,
      name);
  end loop;
end $$;
