import { Socket } from 'node:net';
import type { ConnectionOptions } from '@google-cloud/cloud-sql-connector';
import { describe, expect, test } from 'vitest';
import { cloudSql } from '../../backend/src/store/cloud-sql.ts';
import { openPool, openSibling } from '../../backend/src/store/database.ts';
import { testDatabase } from './postgres.ts';

const { url } = await testDatabase();
const server = new URL(url);

/** Gives the sockets that Google's connector would give, to the server of this run instead of an instance. */
function standIn() {
  const asked: ConnectionOptions[] = [];
  let [sockets, closed] = [0, 0];
  class ToServer extends Socket {
    override connect(): this {
      return super.connect(Number(server.port), server.hostname);
    }
  }
  return {
    asked,
    counts: () => ({ sockets, closed }),
    open: async () => ({
      getOptions: async (options: ConnectionOptions) => {
        asked.push(options);
        if (options.instanceConnectionName?.endsWith(':gone')) throw new Error('the instance is not there');
        return {
          stream: () => {
            sockets += 1;
            return new ToServer();
          },
        };
      },
      close: () => {
        closed += 1;
      },
    }),
  };
}

const options = {
  instance: 'tandem-prod:europe-west3:main',
  user: decodeURIComponent(server.username),
  database: server.pathname.slice(1),
  address: 'private',
} as const;

describe('Cloud SQL', () => {
  test('is reached by the connector with an IAM login over the private address, by the pool and by its siblings', async () => {
    const connector = standIn();
    const { server: reached, close } = await cloudSql(options, connector.open);
    expect(connector.asked).toEqual([
      { instanceConnectionName: 'tandem-prod:europe-west3:main', ipType: 'PRIVATE', authType: 'IAM' },
    ]);
    // The run's server wants a password, which an IAM login has none of.
    const withPassword = {
      ...(typeof reached === 'string' ? {} : reached),
      password: decodeURIComponent(server.password),
    };
    const pool = openPool(withPassword, { max: 2 });
    const queue = openSibling(pool, { max: 1, durable: false });
    const [mine, queues] = await Promise.all(
      [pool, queue].map((one) =>
        one.query(`select current_database() as name, current_setting('synchronous_commit') as s`),
      ),
    );
    expect(mine?.rows[0]).toMatchObject({ name: options.database });
    expect(queues?.rows[0]).toMatchObject({ name: options.database, s: 'off' });
    await Promise.all([pool.end(), queue.end()]);
    expect(connector.counts()).toEqual({ sockets: 2, closed: 0 });
    close();
    expect(connector.counts().closed).toBe(1);
  });

  test('that is not there leaves no connector open', async () => {
    const connector = standIn();
    await expect(cloudSql({ ...options, instance: 'a-project:europe-west3:gone' }, connector.open)).rejects.toThrow(
      'not there',
    );
    expect(connector.counts().closed).toBe(1);
  });

  test('is known by words that the connector knows', async () => {
    const { AuthTypes, IpAddressTypes } = await import('@google-cloud/cloud-sql-connector');
    expect(Object.values(AuthTypes)).toContain('IAM');
    expect(Object.values(IpAddressTypes)).toEqual(expect.arrayContaining(['PRIVATE', 'PUBLIC', 'PSC']));
  });
});
