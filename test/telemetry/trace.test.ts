import { describe, expect, test } from 'vitest';
import { createLog } from '../../backend/src/telemetry/log.ts';
import { readTrace, withTrace } from '../../backend/src/telemetry/trace.ts';

const trace = '0af7651916cd43dd8448eb211c80319c';

describe('the trace of a request', () => {
  test.each([
    ['W3C’s header', { traceparent: `00-${trace}-b7ad6b7169203331-01` }, { trace, span: 'b7ad6b7169203331' }],
    ['Google’s', { 'x-cloud-trace-context': `${trace.toUpperCase()}/255;o=1` }, { trace, span: '00000000000000ff' }],
    ['Google’s without a span', { 'x-cloud-trace-context': trace }, { trace, span: null }],
    ['none', {}, null],
    ['one that is malformed', { traceparent: 'Customer text' }, null],
  ] as const)('is read from %s', (_, headers: Readonly<Record<string, string>>, expected) => {
    expect(readTrace((name) => headers[name])).toEqual(expected);
  });

  test('is named by each line that is logged meanwhile, and by no other', async () => {
    const lines: string[] = [];
    const log = createLog({ level: 'info', project: 'tandem-prod', write: (line) => lines.push(line) });
    await withTrace({ trace, span: 'b7ad6b7169203331' }, async () => {
      await Promise.resolve();
      log.info({ installation: 'i1', profile: 'p1' }, 'within');
    });
    log.info({}, 'after');
    const [within, after] = lines.map((line) => JSON.parse(line));
    expect(within).toMatchObject({
      'logging.googleapis.com/trace': `projects/tandem-prod/traces/${trace}`,
      'logging.googleapis.com/spanId': 'b7ad6b7169203331',
      'logging.googleapis.com/labels': { installation: 'i1', profile: 'p1' },
    });
    expect(Object.keys(after)).toEqual(['severity', 'time', 'message']);
  });

  test('is left out where the project is not known', () => {
    const lines: string[] = [];
    const log = createLog({ level: 'info', write: (line) => lines.push(line) });
    withTrace({ trace, span: null }, () => log.info({}, 'within'));
    expect(lines[0]).not.toContain(trace);
  });
});
