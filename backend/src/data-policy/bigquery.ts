// The data policy of BigQuery: numbers for those who run the product, nothing personal.

import { fields, type StorePolicy } from './policy.ts';
import { region } from './region.ts';

/** Days; thirteen months, so that a month can be held against the same one a year before. In PostgreSQL as well. */
export const metricsRetention = 400;

/** Days that a row waits for a warehouse that refuses it. */
export const outboxRetention = 30;

const kept = `${metricsRetention} days, by the expiry of its partition`;

export const bigQueryPolicy: StorePolicy = {
  name: 'BigQuery',
  service: 'BigQuery',
  region,
  guard: 'IAM: the backend may add rows to these tables and read none; a data set of another region is refused',
  tables: {
    metrics: {
      about: 'Counts by installation and hour: calls, points, items, bytes, milliseconds, errors by code',
      tenant: 'installation',
      retention: kept,
      fields: fields({ identifier: 'id installation', operational: 'hour name value' }),
    },
    usage: {
      about: 'What people do with the pages: page and action of closed lists, without who',
      tenant: 'installation',
      retention: kept,
      fields: fields({ identifier: 'id installation', operational: 'told_at page action duration_ms' }),
    },
  },
};
