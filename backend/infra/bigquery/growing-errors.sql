-- Which errors grow? From @from to @to, held against @before to @from; those that grew most first.
--   bq query --location=europe-west3 --use_legacy_sql=false --parameter=before:TIMESTAMP:'2026-11-09 00:00:00' \
--     --parameter=from:TIMESTAMP:'2026-11-16 00:00:00' --parameter=to:TIMESTAMP:'2026-11-23 00:00:00' \
--     < backend/infra/bigquery/growing-errors.sql

-- A row may have come twice.
with rows_once as (
  select distinct id, hour, coalesce(installation, '') as tenant, substr(name, 8) as code, value
  from tandem.metrics
  where hour >= @before and hour < @to and starts_with(name, 'errors.')
),
compared as (
  select
    code,
    sum(case when hour < @from then value else 0 end) as earlier,
    sum(case when hour >= @from then value else 0 end) as later,
    count(distinct case when hour >= @from then tenant end) as tenants
  from rows_once
  group by code
)
select
  code,
  earlier,
  later,
  later - earlier as growth,
  later / nullif(earlier, 0) as factor,
  tenants
from compared
where later > earlier
order by growth desc, code
