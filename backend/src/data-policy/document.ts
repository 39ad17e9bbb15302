// The data policy as a document for people: docs/data-policy.md is what this makes, and a test holds it current.

import { bigQueryPolicy } from './bigquery.ts';
import { cloudSqlPolicy, queuePolicy } from './cloud-sql.ts';
import { datastorePolicy } from './datastore.ts';
import { backupsPolicy, keysPolicy, loggingPolicy } from './elsewhere.ts';
import { type DataClass, dataClasses, type StorePolicy, type TablePolicy } from './policy.ts';
import { copiesRegion, region } from './region.ts';

export const policies: readonly StorePolicy[] = [
  cloudSqlPolicy,
  queuePolicy,
  datastorePolicy,
  bigQueryPolicy,
  keysPolicy,
  loggingPolicy,
  backupsPolicy,
];

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const classNames = Object.keys(dataClasses) as readonly DataClass[];

function byClass({ fields }: TablePolicy): string {
  const parts = classNames.flatMap((name) => {
    const named = Object.entries(fields).filter(([, dataClass]) => dataClass === name);
    return named.length === 0 ? [] : [`**${name}**: ${named.map(([field]) => `\`${field}\``).join(' ')}`];
  });
  return parts.join('<br>');
}

const storeText = (store: StorePolicy): string =>
  [
    `## ${store.name}`,
    '',
    `${store.service}, \`${store.region}\`. Guard: ${store.guard}.`,
    '',
    row('name', 'what it is', 'what it holds', 'kept'),
    row('---', '---', '---', '---'),
    ...Object.entries(store.tables).map(([name, table]) =>
      row(
        `\`${name}\`${table.tenant === 'none' ? ' (no tenant’s)' : ''}`,
        table.about,
        byClass(table),
        table.retention,
      ),
    ),
  ].join('\n');

export const dataPolicyDocument = (): string =>
  `${[
    '# Data policy',
    '',
    '<!-- Made from backend/src/data-policy; a test fails when it is not current: vitest run test/data-policy -u writes it. -->',
    '',
    `Everything that Tandem stores is in Frankfurt: Google Cloud’s \`${region}\`, copies of backups in AWS’ \`${copiesRegion}\`. What users`,
    'write into issues and work items passes through and is not stored. A column, property or log field that is not listed',
    'here fails the tests.',
    '',
    '## Classes',
    '',
    row('class', 'what it means'),
    row('---', '---'),
    ...Object.entries(dataClasses).map(([name, meaning]) => row(name, meaning)),
    '',
    policies.map(storeText).join('\n\n'),
  ].join('\n')}\n`;
