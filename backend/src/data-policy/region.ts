// Where customers' data may be: the promise that settings, infrastructure and documents read from here.

/** Frankfurt, of Google Cloud: the service, databases, keys, logs and metrics. */
export const region = 'europe-west3';

/** Frankfurt, of AWS: copies of the backups. */
export const copiesRegion = 'eu-central-1';
