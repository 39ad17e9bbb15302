-- What does each tenant cost, from @from to @to? The most expensive first.
--   bq query --location=europe-west3 --use_legacy_sql=false --parameter=from:TIMESTAMP:'2026-11-01 00:00:00' \
--     --parameter=to:TIMESTAMP:'2026-12-01 00:00:00' < backend/infra/bigquery/cost-by-tenant.sql
-- An estimate: put in the prices of the contract. Jira's points cost nothing, but all tenants share them.

with prices as (
  select
    -- Of one vCPU on Cloud Run for a second, with memory.
    0.000025 as cpu_second,
    -- Of a GiB that leaves the region.
    0.10 as gibibyte,
    -- Of 1,000 items: reads and writes of the database and of the operational state.
    0.004 as thousand_items,
    -- Of a month's storage, backups and logs, for 1,000,000 calls.
    0.50 as million_calls
),
-- A row may have come twice.
rows_once as (
  select distinct id, coalesce(installation, '') as tenant, name, value
  from tandem.metrics
  where hour >= @from and hour < @to
),
used as (
  select
    tenant,
    sum(case when name in ('calls.jira', 'calls.azure') then value else 0 end) as calls,
    sum(case when name = 'points.jira' then value else 0 end) as points,
    sum(case when starts_with(name, 'items.') then value else 0 end) as items,
    sum(case when starts_with(name, 'bytes.') then value else 0 end) as bytes,
    sum(case when name = 'ms.items' then value else 0 end) / 1000 as work_seconds,
    sum(case when starts_with(name, 'errors.') then value else 0 end) as errors
  from rows_once
  group by tenant
)
select
  tenant,
  calls,
  points,
  points / nullif(sum(points) over (), 0) as share_of_points,
  items,
  bytes,
  work_seconds,
  errors,
  work_seconds * cpu_second
    + bytes / 1073741824 * gibibyte
    + items / 1000 * thousand_items
    + calls / 1000000 * million_calls as cost
from used
cross join prices
order by cost desc, tenant
