import { describe, expect, test } from 'vitest';
import { createLog } from '../../backend/src/telemetry/log.ts';

function recorded(level: 'info' | 'warn' | 'silent' = 'info') {
  const lines: string[] = [];
  return { lines, log: createLog({ level, write: (line) => lines.push(line) }) };
}

describe('a line of the log', () => {
  test('is JSON with severity, time and message as Cloud Logging reads them', () => {
    const { lines, log } = recorded();
    log.warn({ installation: 'i1', item: '10', code: 'unavailable', attempts: 2 }, 'reconcile failed');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith('\n')).toBe(true);
    const { time, ...rest } = JSON.parse(lines[0] ?? '');
    expect(rest).toEqual({
      severity: 'WARNING',
      message: 'reconcile failed',
      'logging.googleapis.com/labels': { installation: 'i1' },
      installation: 'i1',
      item: '10',
      code: 'unavailable',
      attempts: 2,
    });
    expect(new Date(time).toISOString()).toBe(time);
  });

  test('leaves out fields that are not on the list, and says which', () => {
    const { lines, log } = recorded();
    log.info({ title: 'Customer text', item: '10', profile: undefined }, 'done');
    expect(lines[0]).not.toContain('Customer text');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ item: '10', dropped: ['title'] });
  });

  test('below the level is not written', () => {
    const { lines, log } = recorded('warn');
    log.info({}, 'quiet');
    log.error({}, 'loud');
    expect(lines.map((line) => JSON.parse(line).severity)).toEqual(['ERROR']);
    const silent = recorded('silent');
    silent.log.error({}, 'nothing');
    expect(silent.lines).toEqual([]);
  });

  const jwt = `eyJ${'a'.repeat(20)}.${'b'.repeat(20)}.${'c'.repeat(20)}`;
  test.each([
    ['a basic authorization', `Basic ${Buffer.from('me@example.com:pat').toString('base64')}`],
    ['a bearer token', 'Bearer abcdefghijkl.mnop'],
    ['a JSON Web Token', jwt],
    ['an Atlassian API token', `ATATT3x${'F'.repeat(40)}=1A2B`],
    ['a classic PAT', 'abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst'],
    ['a new PAT', `${'A1b2'.repeat(19)}AZDO9zZz`],
    ['a password in a URL', 'postgresql://tandem:hunter22@127.0.0.1/x'],
  ])('never shows %s, in a field or in the message', (_, secret) => {
    const { lines, log } = recorded();
    log.error({ detail: `refused ${secret} there` }, `failed with ${secret}`);
    const secretPart =
      secret.split(/[ /]+/).find((part) => part.length > 12 && !part.startsWith('postgresql')) ?? secret;
    expect(lines[0]).not.toContain(secretPart.split('@')[0]);
    expect(JSON.parse(lines[0] ?? '').detail).toMatch(/^refused .*\*\*\*.* there$/);
  });

  test('keeps what only looks alike: ids, hashes, URLs', () => {
    const { lines, log } = recorded();
    const detail =
      'TF401347 at https://dev.azure.com/acme/_apis/wit 0f8fad5b-d9cb-469f-a165-70867728950e sha256 ' +
      'ab12'.repeat(16);
    log.info({ detail }, 'ok');
    expect(JSON.parse(lines[0] ?? '').detail).toBe(detail);
  });
});
