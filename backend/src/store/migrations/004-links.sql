-- Links: children of a kind of their own, the look-up by an issue's key, and who waits for an item that has no pair yet.

alter table tandem.children drop constraint children_kind_check;
alter table tandem.children add check (kind in ('comment', 'attachment', 'link'));

create index pairs_by_jira_key on tandem.pairs (installation_id, jira_key) where jira_key is not null;

create table tandem.waiters (
  installation_id text not null,
  -- What is waited for: an item by its id or key.
  side text not null check (side in ('jira', 'azure')),
  name text not null,
  profile_id text not null,
  waiter_side text not null check (waiter_side in ('jira', 'azure')),
  waiter_id text not null,
  primary key (installation_id, side, name, profile_id, waiter_side, waiter_id)
);
