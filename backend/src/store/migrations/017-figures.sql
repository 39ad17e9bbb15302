-- How a running profile keeps up, by ten minutes: how much it carried over, and how long after it was changed.

create table tandem.profile_figures (
  installation_id text not null,
  profile_id text not null,
  -- Start of the ten minutes, epoch ms.
  at bigint not null,
  changes int not null,
  failed int not null,
  -- Of the changes whose time is known: how many, and their lags in ms.
  timed int not null,
  lag_ms bigint not null,
  longest_ms bigint not null,
  primary key (installation_id, profile_id, at),
  foreign key (installation_id, profile_id) references tandem.profiles on delete cascade
);
alter table tandem.profile_figures enable row level security;
create policy tenant on tandem.profile_figures using (
  installation_id = current_setting('tandem.installation', true)
  or current_setting('tandem.installation', true) = '*');
