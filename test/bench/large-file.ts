// Moves one large file each way through a service of limited memory. The file is made on the way and held by nobody: not by
// the person who sends it, nor by the simulators, which keep it on disk.

import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { otherSide, type Side, sides } from '../../backend/src/sync/model.ts';
import { type Databases, startTandem, type Tandem } from './tandem.ts';
import { until } from './until.ts';

export interface LargeFileFigures {
  readonly bytes: number;
  /** Of the JavaScript heap, as the service's process was told. */
  readonly heapLimitMiB: number;
  /** Resident, before the first file and at most, MiB. */
  readonly memoryMiB: { readonly before: number; readonly peak: number };
  readonly ways: readonly {
    readonly from: Side;
    /** From the answer to the person until the copy is there, services' own time included. */
    readonly seconds: number;
    readonly calls: number;
    /** The most that the service held until then, MiB. */
    readonly peakMiB: number;
  }[];
}

const mib = 1024 * 1024;
/**
 * The old generation, as for a process of 256 MB. The young one is small as well: the parts of a file are soon done with, and
 * a large one lets them pile up.
 */
const heapLimitMiB = 128;
const blockBytes = 64 * 1024;

/** Bytes that differ from block to block, so that none can be left out, doubled or swapped unseen. */
function* blocks(size: number, seed: number): Generator<Buffer> {
  const block = Buffer.alloc(blockBytes);
  for (let at = 0; at < blockBytes; at += 1) block[at] = (at * 31 + seed) & 0xff;
  for (let from = 0, number = 0; from < size; from += blockBytes, number += 1) {
    block.writeUInt32LE(number, 0);
    yield Buffer.from(block.subarray(0, Math.min(blockBytes, size - from)));
  }
}

function digestOf(size: number, seed: number): string {
  const hash = createHash('sha256');
  for (const block of blocks(size, seed)) hash.update(block);
  return hash.digest('hex');
}

async function* joined(...parts: readonly Iterable<Uint8Array>[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    for (const block of part) {
      yield block;
      // Lets the socket drain.
      await setTimeout(0);
    }
  }
}

/** Throws when the copy differs from what was sent. */
export async function measureLargeFile(
  databases: Databases,
  bytes: number,
  tell: (line: string) => void,
): Promise<LargeFileFigures> {
  const tandem = await startTandem(databases, 'empty', [
    `--max-old-space-size=${heapLimitMiB}`,
    '--max-semi-space-size=4',
  ]);
  try {
    // Before the service learns the limits.
    await tandem.ask('jira', 'POST', '/_control/settings', { attachmentLimit: 2 * 1024 * mib });
    await tandem.ask('azure', 'POST', '/_control/settings', { attachmentBytes: 2 * 1024 * mib });
    await tandem.service.call('work', null);
    const made = await tandem.ask('jira', 'POST', 'rest/api/3/issue', {
      fields: { project: { key: 'TAN' }, issuetype: { name: 'Task' }, summary: 'A large file' },
    });
    const issue = String((made as { readonly id: string }).id);
    const ids = await tandem.service.call('counterpart', {
      side: 'jira',
      siteId: tandem.siteIds.jira,
      itemId: issue,
    });
    await tandem.settled();
    const items = { jira: issue, azure: ids.azure ?? '' };
    const before = await tandem.service.call('memory', null);
    const ways = [];
    for (const [seed, from] of sides.entries()) {
      tell(`${from}: ${Math.round(bytes / mib)} MiB`);
      ways.push(await carry(tandem, from, items, bytes, seed + 1));
    }
    const { peakBytes } = await tandem.service.call('usage', null);
    return {
      bytes,
      heapLimitMiB,
      memoryMiB: { before: Math.round(before / mib), peak: Math.round(peakBytes / mib) },
      ways,
    };
  } finally {
    await tandem.close();
  }
}

type Items = Readonly<Record<Side, string>>;

async function carry(tandem: Tandem, from: Side, items: Items, bytes: number, seed: number) {
  const name = `large-from-${from}.bin`;
  await tandem.service.call('metered', null);
  await (from === 'jira'
    ? toJira(tandem, items.jira, name, bytes, seed)
    : toAzure(tandem, items.azure, name, bytes, seed));
  const begun = performance.now();
  const target = otherSide(from);
  const url = await until(() => addressOf(tandem, target, items[target], name), {
    everyMs: 50,
    timeoutMs: 30 * 60_000,
  });
  const seconds = (performance.now() - begun) / 1_000;
  await tandem.settled();
  const { calls } = await tandem.service.call('metered', null);
  const copy = await fetch(url, { headers: { authorization: tandem.authorization[target] } });
  const hash = createHash('sha256');
  for await (const part of copy.body ?? []) hash.update(part);
  if (hash.digest('hex') !== digestOf(bytes, seed)) throw new Error(`${name} came across with other bytes`);
  const { peakBytes } = await tandem.service.call('usage', null);
  return { from, seconds, calls: calls.length, peakMiB: Math.round(peakBytes / mib) };
}

async function addressOf(tandem: Tandem, side: Side, item: string, name: string): Promise<string | null> {
  if (side === 'jira') {
    const issue = await tandem.ask('jira', 'GET', `rest/api/3/issue/${item}?fields=attachment`);
    const { fields } = issue as { fields: { attachment: readonly { filename: string; content: string }[] } };
    const url = fields.attachment.find(({ filename }) => filename === name)?.content;
    // Without the redirect: the media host takes no credentials.
    return url === undefined ? null : `${url}?redirect=false`;
  }
  const found = await tandem.ask('azure', 'GET', `_apis/wit/workitems/${item}?$expand=relations`);
  const { relations = [] } = found as { relations?: readonly { url: string; attributes: { name?: string } }[] };
  return relations.find(({ attributes }) => attributes.name === name)?.url ?? null;
}

async function toJira(tandem: Tandem, issue: string, name: string, bytes: number, seed: number): Promise<void> {
  const boundary = 'bench-boundary';
  const head = Buffer.from(
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  await tandem.send(
    'jira',
    'POST',
    `rest/api/3/issue/${issue}/attachments`,
    joined([head], blocks(bytes, seed), [tail]),
    {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(head.byteLength + bytes + tail.byteLength),
      'x-atlassian-token': 'no-check',
    },
  );
}

/** Chunks of 32 MiB. */
async function toAzure(tandem: Tandem, workItem: string, name: string, bytes: number, seed: number): Promise<void> {
  const query = `fileName=${encodeURIComponent(name)}`;
  const type = { 'content-type': 'application/octet-stream' };
  const start = `Tandem/_apis/wit/attachments?${query}&uploadType=Chunked`;
  const begun = await tandem.send('azure', 'POST', start, null, type);
  const { id, url } = begun as { readonly id: string; readonly url: string };
  const source = blocks(bytes, seed);
  const chunk = 32 * mib;
  for (let from = 0; from < bytes; from += chunk) {
    const length = Math.min(chunk, bytes - from);
    const part = take(source, Math.ceil(length / blockBytes));
    await tandem.send('azure', 'PUT', `Tandem/_apis/wit/attachments/${id}?${query}`, joined(part), {
      ...type,
      'content-length': String(length),
      'content-range': `bytes ${from}-${from + length - 1}/${bytes}`,
    });
  }
  const value = { rel: 'AttachedFile', url, attributes: { comment: '' } };
  await tandem.ask('azure', 'PATCH', `_apis/wit/workitems/${workItem}`, [{ op: 'add', path: '/relations/-', value }]);
}

function* take<T>(source: Generator<T>, count: number): Generator<T> {
  for (let taken = 0; taken < count; taken += 1) {
    const { done, value } = source.next();
    if (done) return;
    yield value;
  }
}
