// Uploads: the body, its length, and what happens when the content is not what was announced.

import { describe, expect, it } from 'vitest';
import { multipartFile } from '../../backend/src/jira/multipart.ts';

const streamOf = (...chunks: string[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
const read = async (stream: ReadableStream<Uint8Array>) => new Uint8Array(await new Response(stream).arrayBuffer());

describe('a multipart body', () => {
  it.each(['plain.txt', 'Grüße 🦓.txt', 'say "hi".txt', 'a\r\nX-Evil: 1.txt'])(
    'of a file named %j is read back whole',
    async (name) => {
      const body = multipartFile('file', { name, size: 5, mediaType: 'text/plain' }, streamOf('he', 'llo'));
      const bytes = await read(body.stream);
      expect(bytes.byteLength).toBe(body.length);
      const form = await new Response(bytes, { headers: { 'content-type': body.contentType } }).formData();
      const file = form.get('file');
      if (!(file instanceof File)) throw new Error('no file');
      expect(await file.text()).toBe('hello');
      expect(file.type).toBe('text/plain');
      expect(new TextDecoder().decode(bytes)).not.toMatch(/^X-Evil/m);
    },
  );

  it('has a safe media type whatever the source says', async () => {
    const body = multipartFile('file', { name: 'a', size: 0, mediaType: 'text/html\r\nX: y' }, streamOf());
    expect(new TextDecoder().decode(await read(body.stream))).toContain('Content-Type: application/octet-stream');
  });

  it.each([
    ['shorter', 9],
    ['longer', 3],
  ])('fails when the content is %s than announced', async (_, size) => {
    const body = multipartFile('file', { name: 'a', size }, streamOf('he', 'llo'));
    await expect(read(body.stream)).rejects.toMatchObject({ error: { code: 'unavailable', level: 'child' } });
  });

  it('pulls no more than is asked for', async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled += 1;
          controller.enqueue(new Uint8Array(1000));
        },
      },
      { highWaterMark: 0 },
    );
    const reader = multipartFile('file', { name: 'a', size: 1_000_000 }, endless).stream.getReader();
    for (let i = 0; i < 4; i += 1) await reader.read();
    expect(pulled).toBe(3);
  });
});
