-- Made from backend/src/telemetry/warehouse-tables.ts; a test holds it current.

create table if not exists tandem.metrics (
  id STRING not null options (description = "the same in a row that came twice"),
  hour TIMESTAMP not null options (description = "start of the hour"),
  installation STRING options (description = "null for what belongs to no installation"),
  name STRING not null options (description = "what was counted: words joined by dots and dashes"),
  value FLOAT64 not null options (description = "how much of it")
)
partition by timestamp_trunc(hour, day)
cluster by installation, name
options (
  description = "Counts by installation and hour. Rows of one hour and name add up.",
  partition_expiration_days = 400,
  require_partition_filter = true
);

create table if not exists tandem.usage (
  id STRING not null options (description = "the same in a row that came twice"),
  told_at TIMESTAMP not null options (description = "when it was told"),
  installation STRING not null options (description = "whose page"),
  page STRING not null options (description = "which page, of a closed list"),
  action STRING not null options (description = "what was done there, of a closed list"),
  duration_ms INT64 not null options (description = "how long it took")
)
partition by timestamp_trunc(told_at, day)
cluster by installation, page
options (
  description = "What people do with the pages, without who.",
  partition_expiration_days = 400,
  require_partition_filter = true
);
