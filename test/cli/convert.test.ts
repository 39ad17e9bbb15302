// `tandem convert`: outputs, losses, and what is told of bad input, file by file.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program, tandem } from './tandem.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-convert-'));
  await writeFile(at('good.html'), '<h2>Why</h2><p>Hello <b>there</b> 漢字</p>');
  await writeFile(at('panel.json'), JSON.stringify(doc(panel)));
  await writeFile(at('bad.json'), '{\n  "type": "doc", ]');
  await writeFile(at('shape.json'), JSON.stringify({ type: 'doc', version: 1, content: [{ type: 3 }] }));
  await writeFile(at('latin1.html'), Buffer.from([0x3c, 0x70, 0x3e, 0xe9]));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);
const doc = (...content: unknown[]) => ({ type: 'doc', version: 1, content });
const panel = {
  type: 'panel',
  attrs: { panelType: 'warning' },
  content: [{ type: 'paragraph', content: [{ type: 'text', text: 'Mind the gap' }] }],
};
const lines = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('tandem convert', { timeout: 60_000 }, () => {
  it('reads standard input, and a second round changes nothing', async () => {
    const there = await tandem(['convert', '--from', 'html', '--to', 'adf'], {}, '<p>Hello <b>there</b></p>');
    expect(there).toMatchObject({ code: 0, stderr: '' });
    const back = await tandem(['convert', '--from', 'adf', '--to', 'html'], {}, there.stdout);
    const again = await tandem(['convert', '--from', 'html', '--to', 'adf'], {}, back.stdout);
    expect(again.stdout).toBe(there.stdout);
  });

  it('prints a line per file with what comes back', async () => {
    const { code, stdout } = await tandem(
      ['convert', '--from', 'html', '--to', 'adf', '--json', at('good.html'), '-'],
      {},
      '',
    );
    expect(code).toBe(0);
    const [good, empty] = lines(stdout);
    expect(Object.keys(good)).toEqual(['file', 'output', 'back', 'lossless', 'losses']);
    expect(good).toMatchObject({ file: at('good.html'), lossless: true, losses: [] });
    expect(good.back).toContain('漢字');
    expect(JSON.parse(good.output).content[0]).toMatchObject({ type: 'heading', attrs: { level: 2 } });
    expect(empty).toMatchObject({ file: '-', lossless: true });
  });

  it('names file, place and reason of bad input, and does the others', async () => {
    const files = ['bad.json', 'panel.json', 'shape.json', 'none.json'].map(at);
    const { code, stdout, stderr } = await tandem(['convert', '--from', 'adf', '--to', 'html', '--json', ...files]);
    expect(code).toBe(1);
    const [bad, good, shape, none] = lines(stdout);
    expect(bad).toMatchObject({ file: at('bad.json'), error: { position: 'line 2, column 18' } });
    expect(good.output).toContain('Mind the gap');
    expect(shape.error.position).toContain('content[0]');
    expect(none.error.reason).toContain('no such file');
    expect(stderr).toContain(`tandem: ${at('bad.json')}: line 2, column 18: not JSON`);
  });

  it('names the byte of a text that is not UTF-8', async () => {
    const { code, stderr } = await tandem(['convert', '--from', 'html', at('latin1.html')]);
    expect(code).toBe(1);
    expect(stderr).toBe(`tandem: ${at('latin1.html')}: byte 4: not UTF-8 text\n`);
  });

  it('ends quietly when nobody reads its output any more', async () => {
    const child = spawn(process.execPath, [program, 'convert', '--from', 'html', ...Array(200).fill(at('good.html'))], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const [code] = await once(child, 'exit');
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });
});
