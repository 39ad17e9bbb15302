import { describe, expect, it, vi } from 'vitest';
import { onJiraEvent } from '../../src/index.ts';
import { withBackend } from './forge-runtime.ts';

const created = {
  eventType: 'avi:jira:created:issue',
  issue: { id: '10017', key: 'TAN-17', fields: { summary: 'Secret plans', created: '2026-11-02T08:00:00.000+0000' } },
};
const accepted = () => Response.json({ accepted: 1 }, { status: 202 });

async function trigger(event: unknown, answer: () => Response | Promise<Response>) {
  let returned: unknown;
  const calls = await withBackend(answer, async () => {
    returned = await onJiraEvent(event);
  });
  return { returned, calls };
}

describe('the trigger of Jira’s events', () => {
  it('hands over ids and nothing that a person wrote', async () => {
    const { returned, calls } = await trigger(created, accepted);
    expect(returned).toBeUndefined();
    expect(calls).toEqual([
      {
        remote: 'backend',
        path: '/forge/events',
        method: 'POST',
        body: {
          events: [
            {
              event: 'avi:jira:created:issue',
              issueId: '10017',
              projectKey: 'TAN',
              aspect: 'fields',
              version: { updated: Date.parse('2026-11-02T08:00:00Z') },
            },
          ],
        },
      },
    ]);
    expect(JSON.stringify(calls)).not.toContain('Secret');
  });

  it('does not call for an event that it doesn’t understand', async () => {
    const { returned, calls } = await trigger({ eventType: 'nonsense' }, accepted);
    expect({ returned, calls }).toEqual({ returned: undefined, calls: [] });
  });

  it.each([
    ['can’t be reached', () => Promise.reject(new Error('ECONNREFUSED'))],
    ['is failing', () => new Response('oops', { status: 503 })],
    ['is too busy', () => new Response('', { status: 429 })],
    ['doesn’t know the installation yet', () => new Response('', { status: 401 })],
  ])('asks Forge, by what it returns, to come again when the backend %s', async (_, answer) => {
    const { returned } = await trigger(created, answer);
    expect(returned).toMatchObject({
      _retry: true,
      retryOptions: { retryAfter: 30, retryReason: 'FUNCTION_RETRY_REQUEST' },
    });
  });

  it('waits longer from one attempt to the next, but no longer than Forge allows', async () => {
    const waits: unknown[] = [];
    for (const retryCount of [1, 2, 3, 4]) {
      const { returned } = await trigger(
        { ...created, retryContext: { retryCount } },
        () => new Response('', { status: 502 }),
      );
      waits.push((returned as { retryOptions: { retryAfter: number } }).retryOptions.retryAfter);
    }
    expect(waits).toEqual([120, 480, 900, 900]);
  });

  it('gives up an event that the backend will never take, and logs no more than why', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { returned } = await trigger(created, () =>
      Response.json({ error: { code: 'x', message: 'y' } }, { status: 400 }),
    );
    expect(returned).toBeUndefined();
    expect(logged.mock.calls).toEqual([['the backend refused an event: x']]);
    logged.mockRestore();
  });
});
