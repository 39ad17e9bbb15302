-- What an admin is told outside the page: where to, and what is on its way there.

create table tandem.notice_channels (
  installation_id text primary key references tandem.installations on delete cascade,
  -- The webhook's address and the key that signs what goes there. The host alone may be shown.
  webhook_url_sealed text,
  webhook_key_sealed text,
  webhook_host text,
  webhook_format text check (webhook_format in ('json', 'slack', 'teams')),
  issue_key text
);

create table tandem.notices (
  notice_id uuid primary key default gen_random_uuid(),
  installation_id text not null references tandem.installations on delete cascade,
  channel text not null check (channel in ('webhook', 'issue')),
  -- One event is told once on each channel.
  event_key text not null,
  event jsonb not null,
  made_at bigint not null,
  attempts int not null default 0,
  due_at bigint not null,
  -- When it arrived, or was given up; null while it is on its way.
  ended_at bigint,
  -- Why the last attempt failed: a code.
  failure text,
  unique (installation_id, channel, event_key)
);
create index notices_by_due on tandem.notices (due_at) where ended_at is null;

do $$
declare
  name text;
begin
  foreach name in array array['notice_channels', 'notices'] loop
    execute format('alter table tandem.%I enable row level security', name);
    execute format(
      $policy$create policy tenant on tandem.%I using (
        installation_id = current_setting('tandem.installation', true)
        or current_setting('tandem.installation', true) = '*')$policy$,
      name);
  end loop;
end $$;
