-- What no longer fits a profile's settings on either site, as the last look at both found it: a row for each profile.

create table tandem.drift_checks (
  installation_id text not null,
  profile_id text not null,
  -- Of the settings that were held against the sites.
  revision int not null,
  checked_at bigint not null,
  problems jsonb not null,
  primary key (installation_id, profile_id),
  foreign key (installation_id, profile_id) references tandem.profiles on delete cascade
);
alter table tandem.drift_checks enable row level security;
create policy tenant on tandem.drift_checks using (
  installation_id = current_setting('tandem.installation', true)
  or current_setting('tandem.installation', true) = '*');
