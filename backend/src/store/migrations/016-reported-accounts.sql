-- When Atlassian was last asked about each account whose data is kept: see routes/forge-people.ts.

create table tandem.reported_accounts (
  installation_id text not null references tandem.installations on delete cascade,
  account_id text not null,
  -- Epoch milliseconds.
  reported_at bigint not null,
  primary key (installation_id, account_id)
);
alter table tandem.reported_accounts enable row level security;
create policy tenant on tandem.reported_accounts using (
  installation_id = current_setting('tandem.installation', true)
  or current_setting('tandem.installation', true) = '*');
