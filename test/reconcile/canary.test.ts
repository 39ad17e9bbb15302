// What users write passes through and stays nowhere: not in a row, not in a line of the log, not in an error. The same of
// credentials. On Google Cloud's stores: test/store/cloud-stores.test.ts.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloudSqlPolicy } from '../../backend/src/data-policy/cloud-sql.ts';
import { createLog } from '../../backend/src/telemetry/log.ts';
import { credentials, mark, marksIn, playCanary, recordRows, storedRows } from './canary.ts';
import { type Harness, startHarness } from './harness.ts';

const lines: string[] = [];
let tandem: Harness;
beforeAll(async () => {
  tandem = await startHarness({
    log: createLog({ level: 'debug', write: (line) => lines.push(line) }),
    settings: (settings) => ({
      ...settings,
      policies: { ...settings.policies, conflict: 'ask' },
      fields: settings.fields.map((field) =>
        field.jira === 'priority'
          ? { ...field, values: [...(field.values ?? []), { jira: mark('mapped'), azure: '1' }] }
          : field,
      ),
    }),
  });
  await recordRows(tandem);
  await tandem.service.extendedLogging.switchOn(tandem.scope, 24, 'somebody');
  await tandem.startEvents();
  await tandem.startWorkers();
});
afterAll(() => tandem?.close());

/** By the data policy. */
const holdsConfiguration = (table: string): boolean =>
  Object.values(cloudSqlPolicy.tables[table.replace('tandem.', '')]?.fields ?? {}).includes('configuration');

describe('a mark in every field', () => {
  it('is in nothing that is stored or logged, whatever failed; what an admin typed is with the settings alone', async () => {
    const codes = await playCanary(tandem);
    expect(codes.length).toBeGreaterThanOrEqual(3);
    const stored = await storedRows(tandem);
    const found = [...stored].flatMap(([table, text]) => marksIn(text).map((one) => ({ table, one })));
    expect(found.filter(({ one }) => one !== mark('mapped'))).toEqual([]);
    const configured = found.map(({ table }) => table);
    expect(configured).toContain('tandem.profiles');
    expect(configured.filter((table) => !holdsConfiguration(table))).toEqual([]);
    // The errors are there, and so are the lines: what is looked through is not empty.
    expect(stored.get('tandem.pairs')).toContain('***');
    expect(stored.get('graphile_worker._private_jobs')).toContain('payload');
    expect(lines.some((line) => line.includes('extended: call'))).toBe(true);
    expect(lines.filter((line) => marksIn(line).length > 0)).toEqual([]);
  });

  it('is found where it is, so that the look means something', () => {
    expect(marksIn(`{"a":"${mark('here')}"}`)).toEqual([mark('here')]);
    for (const before of ['', 'a', 'ab']) {
      expect(marksIn(Buffer.from(`${before}${mark('here')}`).toString('base64'))).toEqual(['base64']);
    }
  });
});

it('no credential is in a row or in a line', async () => {
  const texts = [...(await storedRows(tandem)).values(), ...lines];
  expect(credentials(tandem).filter((secret) => texts.some((text) => text.includes(secret)))).toEqual([]);
});
