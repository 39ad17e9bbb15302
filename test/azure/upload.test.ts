// How much of a file is held in memory while it is uploaded, and what becomes of an upload that breaks.

import { describe, expect, it } from 'vitest';
import type { Answer, AzureCall, AzureClient } from '../../backend/src/azure/client.ts';
import { parseOrganization } from '../../backend/src/azure/organization.ts';
import { uploadFile } from '../../backend/src/azure/upload.ts';
import { SyncFailure, syncError } from '../../backend/src/sync/errors.ts';

const kib = 1024;

/** A service that reads what it is sent and notes how far the source was ahead of it. */
function slowService(pulled: () => number) {
  const calls: { readonly call: AzureCall; readonly bytes: number }[] = [];
  let taken = 0;
  let furthestAhead = 0;
  const client: AzureClient = {
    organization: parseOrganization('https://dev.azure.com/acme'),
    async answer(call) {
      let bytes = 0;
      if (call.body?.kind === 'stream') {
        for await (const part of call.body.stream as unknown as AsyncIterable<Uint8Array>) {
          furthestAhead = Math.max(furthestAhead, pulled() - taken);
          bytes += part.byteLength;
          taken += part.byteLength;
        }
        expect(bytes).toBe(call.body.length);
      }
      calls.push({ call, bytes });
      const json = { id: 'a', url: 'https://dev.azure.com/acme/_apis/wit/attachments/a' };
      return { kind: 'ok', http: { status: 200, header: () => null, text: '', json } };
    },
    parse: (schema, http) => schema.parse(http.json),
    call: () => Promise.reject(new Error('not used')),
    open: () => Promise.reject(new Error('not used')),
  };
  return { client, calls, furthestAhead: () => furthestAhead };
}

function source(total: number, piece: number) {
  let pulled = 0;
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (pulled >= total) return controller.close();
        const size = Math.min(piece, total - pulled);
        pulled += size;
        controller.enqueue(new Uint8Array(size));
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, pulled: () => pulled };
}

describe('an upload', () => {
  it('in one request takes from the source only what the service takes', async () => {
    const { stream, pulled } = source(4096 * kib, 64 * kib);
    const { client, calls, furthestAhead } = slowService(pulled);
    await uploadFile(client, 'Tandem', { name: 'x', size: 4096 * kib }, stream, {
      simpleUpTo: 8192 * kib,
      chunk: kib,
      retryMs: 0,
    });
    expect(calls.map(({ bytes }) => bytes)).toEqual([4096 * kib]);
    expect(furthestAhead()).toBeLessThanOrEqual(128 * kib);
  });

  it('in pieces holds one piece, and names the place of each', async () => {
    const { stream, pulled } = source(4100 * kib, 60 * kib);
    const { client, calls, furthestAhead } = slowService(pulled);
    await uploadFile(client, 'Tandem', { name: 'x', size: 4100 * kib }, stream, {
      simpleUpTo: kib,
      chunk: 1024 * kib,
      retryMs: 0,
    });
    expect(calls.map(({ call }) => call.headers?.['content-range'])).toEqual([
      undefined,
      `bytes 0-1048575/${4100 * kib}`,
      `bytes 1048576-2097151/${4100 * kib}`,
      `bytes 2097152-3145727/${4100 * kib}`,
      `bytes 3145728-4194303/${4100 * kib}`,
      `bytes 4194304-4198399/${4100 * kib}`,
    ]);
    expect(furthestAhead()).toBeLessThanOrEqual((1024 + 60) * kib);
  });

  it('of an empty file is one empty request', async () => {
    const { stream, pulled } = source(0, kib);
    const { client, calls } = slowService(pulled);
    await uploadFile(client, 'Tandem', { name: 'x', size: 0 }, stream);
    expect(calls.map(({ bytes }) => bytes)).toEqual([0]);
  });

  describe('of which a piece breaks', () => {
    const size = 10 * kib;
    const limits = { simpleUpTo: kib, chunk: 4 * kib, retryMs: 0 };

    /** Answers as told, piece by piece; keeps what it took. */
    function brokenService(answers: readonly ('lost' | 'taken' | 'down')[]) {
      const ranges: string[] = [];
      let stored = 0;
      const left = [...answers];
      const client: AzureClient = {
        ...slowService(() => 0).client,
        async answer(call) {
          const ok: Answer = {
            kind: 'ok',
            http: {
              status: 200,
              header: () => null,
              text: '',
              json: { id: 'a', url: 'https://dev.azure.com/acme/_apis/wit/attachments/a' },
            },
          };
          const range = call.headers?.['content-range'];
          if (range === undefined) return ok;
          ranges.push(range);
          const how = left.shift() ?? 'taken';
          const failure = (mayHaveLanded: boolean) =>
            new SyncFailure(syncError('unavailable', { side: 'azure', value: 'socket' }), { mayHaveLanded });
          if (how === 'down') throw failure(false);
          const [first, last] = /(\d+)-(\d+)/.exec(range)?.slice(1).map(Number) ?? [];
          if (first !== stored) return { kind: 'refused', status: 400, body: { message: '', typeKey: '' }, detail: '' };
          stored = (last ?? 0) + 1;
          if (how === 'lost') throw failure(true);
          return ok;
        },
      };
      return { client, ranges, stored: () => stored };
    }

    const upload = (client: AzureClient) =>
      uploadFile(client, 'Tandem', { name: 'x', size }, source(size, kib).stream, limits);

    it('goes on with that piece', async () => {
      const { client, ranges, stored } = brokenService(['taken', 'down', 'down', 'taken']);
      await upload(client);
      expect(ranges).toEqual(
        [0, 4, 4, 4, 8].map((at) => `bytes ${at * kib}-${Math.min(size, (at + 4) * kib) - 1}/${size}`),
      );
      expect(stored()).toBe(size);
    });

    it('goes on with the next one, when only the answer was lost', async () => {
      const { client, ranges, stored } = brokenService(['lost']);
      await upload(client);
      expect([ranges.length, stored()]).toEqual([4, size]);
    });

    it('gives up when it breaks again and again, and when a piece is refused that was never sent before', async () => {
      await expect(
        upload(brokenService(Array.from({ length: 4 }, () => 'down' as const)).client),
      ).rejects.toMatchObject({
        error: { code: 'unavailable' },
        mayHaveLanded: false,
      });
      const { client } = brokenService([]);
      const refusing: AzureClient = {
        ...client,
        answer: (call) =>
          call.headers?.['content-range'] === undefined
            ? client.answer(call)
            : Promise.resolve({ kind: 'refused', status: 400, body: { message: '', typeKey: '' }, detail: 'no' }),
      };
      await expect(upload(refusing)).rejects.toMatchObject({ error: { code: 'invalid-value' } });
    });
  });
});
