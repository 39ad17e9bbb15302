-- What was decided for each pair and why, in a table of its own, so that a pair stays small: see Decision in
-- reconcile/ports.ts. Names, ids and codes only.

create table tandem.decisions (
  installation_id text not null,
  pair_id text not null,
  -- Their order.
  seq bigint not null generated always as identity,
  at bigint not null,
  decision jsonb not null,
  primary key (installation_id, pair_id, seq),
  foreign key (installation_id, pair_id) references tandem.pairs on delete cascade
);
create index decisions_by_age on tandem.decisions (at);

update tandem.pairs set detail = detail - 'timeline' where detail ? 'timeline';
