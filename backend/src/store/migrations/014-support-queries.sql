-- What support looked at: added to and never changed, by whomever. A line may go once it is over 400 days old.

create table tandem.support_queries (
  query_id bigint primary key generated always as identity,
  asked_at timestamptz not null default now(),
  -- E-mail address of the verified account.
  person text not null,
  method text not null,
  path text not null,
  -- Null where none is named.
  installation_id text
);
create index support_queries_by_installation on tandem.support_queries (installation_id, asked_at);

create function tandem.keep_support_query() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.asked_at < now() - interval '400 days' then return old; end if;
  raise exception 'what support asked is never changed';
end $$;

create trigger keep before update or delete on tandem.support_queries
  for each row execute function tandem.keep_support_query();
create trigger keep_all before truncate on tandem.support_queries
  for each statement execute function tandem.keep_support_query();
