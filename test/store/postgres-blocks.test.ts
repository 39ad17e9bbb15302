import { describe, expect, test } from 'vitest';
import type { BlockStore } from '../../backend/src/http/governor.ts';
import { postgresBlocks } from '../../backend/src/store/postgres-blocks.ts';
import { testDatabase } from './postgres.ts';

const { pool } = await testDatabase();

describe('blocks in PostgreSQL', () => {
  test('are seen by every instance, the latest of the keys asked for, until they are over', async () => {
    let now = 1_000;
    const [one, two] = [postgresBlocks(pool, () => now), postgresBlocks(pool, () => now)];
    const asPort: BlockStore = one;
    await asPort.block('c1/write', 5_000);
    await one.block('c1', 3_000);
    await one.block('c2', 9_000);
    expect(await two.blockedUntil(['c1/write', 'c1'])).toBe(5_000);
    expect(await two.blockedUntil(['c3'])).toBeNull();
    now = 4_000;
    expect(await two.blockedUntil(['c1'])).toBeNull();
    expect(await two.purge()).toBe(1);
    now = 5_000;
    expect(await two.blockedUntil(['c1/write', 'c1'])).toBeNull();
  });

  test('are never shortened, whatever the order in which they come', async () => {
    const blocks = postgresBlocks(pool, () => 0);
    await Promise.all([7, 9, 8].map((until) => blocks.block('c4', until)));
    expect(await blocks.blockedUntil(['c4'])).toBe(9);
  });
});
