// The data policy of what is neither PostgreSQL nor Datastore: logs, metrics, keys and backups.

import { fields, type StorePolicy } from './policy.ts';
import { copiesRegion, region } from './region.ts';

/** Days. */
export const logRetention = 30;
export const backupRetention = 7;
export const copyRetention = 30;

export const loggingPolicy: StorePolicy = {
  name: 'Logs',
  service: 'Cloud Logging',
  region,
  guard:
    'a closed list of fields; tokens masked everywhere, and in an external service’s words every value of the call',
  tables: {
    log: {
      about: 'What happened, one line each; a field that is not listed here is dropped before it is written',
      tenant: 'installation',
      retention: `${logRetention} days`,
      fields: fields({
        identifier: 'installation profile pair connection item account request url',
        operational:
          'side field task code detail attempts count calls ms bytes method route status event until version port dropped severity time message logging.googleapis.com/trace logging.googleapis.com/spanId logging.googleapis.com/labels',
      }),
    },
  },
};

export const keysPolicy: StorePolicy = {
  name: 'Keys',
  service: 'Cloud KMS',
  region,
  guard: 'the key that wraps all data keys never leaves the service; only the backend’s account may use it',
  tables: {
    key: {
      about: 'The key-encryption key with its versions; rotated, older versions kept until nothing lies under them',
      tenant: 'none',
      retention: 'as long as the product',
      fields: fields({ secret: 'material', operational: 'version state' }),
    },
  },
};

export const backupsPolicy: StorePolicy = {
  name: 'Backups',
  service: `Cloud Storage, copied to S3 in ${copiesRegion}`,
  region,
  guard: 'what is sealed stays sealed in them; an erased installation’s data key is gone, so they show nothing of it',
  tables: {
    backup: {
      about: 'Whole copies of Cloud SQL and of Datastore',
      tenant: 'installation',
      retention: `${backupRetention} days; the copies ${copyRetention} days`,
      fields: fields({ operational: 'state', configuration: 'configuration', secret: 'sealed' }),
    },
  },
};
