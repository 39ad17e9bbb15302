// How large an entity of children becomes at what Jira allows of one issue: 5,000 comments, 2,000 attachments, 2,000 links.

import { Datastore } from '@google-cloud/datastore';
import { expect, test } from 'vitest';
import { childShardOf, encodeShard } from '../../backend/src/store/datastore-entities.ts';
import { childPair } from './pairs.ts';

const datastore = new Datastore({ projectId: 'tandem-test' });
const largestEntity = 1_048_572;
/** As long as ids, tokens and fingerprints get. */
const fingerprint = 'f'.repeat(43);
const version = { seq: 4_294_967_295, at: 1_800_000_000_000, set: fingerprint };
const child = (kind: 'comment' | 'attachment' | 'link', number: number) =>
  childPair(`${kind}/${'9'.repeat(30)}/${number}`, {
    kind,
    targetId: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    token: fingerprint,
    sourceVersion: version,
    targetVersion: version,
    bodies: { jira: fingerprint, azure: fingerprint },
    intentAt: 1_800_000_000_000,
    ...(kind === 'attachment' ? { file: { mediaId: 'm'.repeat(36), content: fingerprint } } : {}),
  });

test.each([
  ['comment', 5_000],
  ['attachment', 2_000],
  ['link', 2_000],
] as const)(
  'the %ss of an issue that has all %i it may have take less than half of what an entity holds',
  (kind, most) => {
    const shards = Map.groupBy(
      Array.from({ length: most }, (_, number) => child(kind, number)),
      childShardOf,
    );
    const sizes = [...shards.values()].map((children) => {
      const { data, excludeFromIndexes } = encodeShard(datastore.key(['Children', 'name']), children);
      expect(excludeFromIndexes).toEqual(['children']);
      return Buffer.byteLength(String(data.children));
    });
    expect(Math.max(...sizes)).toBeGreaterThan(50_000);
    expect(Math.max(...sizes)).toBeLessThan(largestEntity / 2);
  },
);
