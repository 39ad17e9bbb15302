import { describe, expect, test } from 'vitest';
import { extendedLogging } from '../../backend/src/telemetry/extended-logging.ts';
import { createLog } from '../../backend/src/telemetry/log.ts';
import { testDatabase } from '../store/postgres.ts';

const { pool } = await testDatabase();
const hour = 3_600_000;

async function installed(id: string) {
  await pool.query(
    `insert into tandem.installations (installation_id, cloud_id, environment, status, created_at, updated_at)
     values ($1, $1, 'PRODUCTION', 'active', 1, 1)`,
    [id],
  );
  const lines: string[] = [];
  const log = createLog({ level: 'info', write: (line) => lines.push(line) });
  let now = 1_000_000;
  const clock = { now: () => now, advance: (ms: number) => (now += ms) };
  return { scope: { installationId: id }, lines, clock, log, extended: extendedLogging(pool, log, clock.now) };
}

describe('extended logging', () => {
  test('is on for one installation, ends by itself, and both switches are logged with who', async () => {
    const { scope, extended, clock, lines } = await installed('x1');
    expect(extended.isOn('x1')).toBe(false);
    const until = await extended.switchOn(scope, 2, 'support@example.com');
    expect(until).toBe(clock.now() + 2 * hour);
    expect(extended.isOn('x1')).toBe(true);
    expect(extended.isOn('x2')).toBe(false);
    expect(await extended.status(scope)).toEqual({ until, by: 'support@example.com' });
    clock.advance(2 * hour - 1);
    expect(extended.isOn('x1')).toBe(true);
    clock.advance(1);
    expect(extended.isOn('x1')).toBe(false);
    expect(await extended.status(scope)).toBeNull();
    expect(await extended.purge()).toBe(1);

    await extended.switchOn(scope, 24, 'admin');
    await extended.switchOff(scope, 'admin');
    expect(extended.isOn('x1')).toBe(false);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { severity: 'WARNING', installation: 'x1', account: 'support@example.com', event: 'on', until },
      { event: 'on', account: 'admin' },
      { event: 'off', account: 'admin' },
    ]);
  });

  test.each([0, -1, 24.01, Number.NaN, Number.POSITIVE_INFINITY])('is refused for %d hours', async (hours) => {
    const log = createLog({ level: 'silent' });
    await expect(extendedLogging(pool, log).switchOn({ installationId: 'x1' }, hours, 'a')).rejects.toThrow(RangeError);
  });

  test('that another instance switched is known seconds later', async () => {
    const { scope, extended, clock, log } = await installed('x3');
    const other = extendedLogging(pool, log, clock.now);
    expect(other.isOn('x3')).toBe(false);
    await extended.switchOn(scope, 1, 'admin');
    clock.advance(5_000);
    await expect.poll(() => other.isOn('x3')).toBe(true);
  });
});
