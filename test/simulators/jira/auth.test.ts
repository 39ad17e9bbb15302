import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JiraSimulator, startJiraSimulator } from './server.ts';
import { client, control, create, expectNoViolations, refusal } from './testing.ts';

let sim: JiraSimulator;
beforeAll(async () => {
  sim = await startJiraSimulator({ seed: 'empty' });
});
afterAll(async () => {
  expectNoViolations(sim);
  await sim.close();
});

const basic = (email: string, token: string): string => `Basic ${btoa(`${email}:${token}`)}`;

describe('credentials', () => {
  test('e-mail and API token sign in, with times in the zone of the account', async () => {
    const { email, token, accountId } = sim.accounts.ordinary;
    const me = await client(sim, basic(email, token)).get('/myself');
    expect(me.status).toBe(200);
    expect(me.body).toMatchObject({ accountId, timeZone: 'America/New_York', emailAddress: email });
  });

  test('a wrong token leaves the request anonymous, and only a header tells', async () => {
    const { key } = await create(client(sim, 'dana'));
    const nobody = client(sim, basic(sim.accounts.ordinary.email, 'wrong'));
    const read = await nobody.get(`/issue/${key}`);
    expect(read.status).toBe(404);
    expect(read.body).toEqual(refusal({}, 'Issue does not exist or you do not have permission to see it.'));
    expect(read.headers.get('x-seraph-loginreason')).toBe('AUTHENTICATED_FAILED');
    expect((await nobody.get('/myself')).status).toBe(401);
    const search = await nobody.post('/search/jql', { jql: 'labels = x' });
    expect(search.body).toEqual({ issues: [], isLast: true });
    const made = await nobody.post('/issue', {
      fields: { project: { key: 'TAN' }, issuetype: { name: 'Task' }, summary: 'x' },
    });
    expect(made.status).toBe(401);
  });

  test('another account’s e-mail does not go with a token', async () => {
    const answer = await client(sim, basic(sim.accounts.admin.email, sim.accounts.ordinary.token)).get('/myself');
    expect(answer.status).toBe(401);
  });

  test('an expired API token is as good as none', async () => {
    const made = await control(sim, 'POST', '/tokens', { user: 'dana.whitfield@acme.example' });
    const dana = client(sim, made.body.authorization);
    expect((await dana.get('/myself')).status).toBe(200);
    await control(sim, 'POST', '/tokens/expire', { token: made.body.token });
    expect((await dana.get('/myself')).status).toBe(401);
  });

  test('the app comes with its own Bearer token, by the gateway', async () => {
    const app = client(sim, `Bearer ${sim.appSystemToken}`, `${sim.apiBaseUrl}/rest/api/3`);
    const me = await app.get('/myself');
    expect(me.body).toMatchObject({ accountType: 'app', displayName: 'Tandem' });
    await create(app);
  });

  test('an app acts as a user with that user’s token', async () => {
    const made = await control(sim, 'POST', '/tokens', { user: 'dana.whitfield@acme.example', kind: 'app-user' });
    expect((await client(sim, `Bearer ${made.body.token}`).get('/myself')).body.displayName).toBe('Dana Whitfield');
  });

  test('the gateway refuses an unknown or expired Bearer token for everything', async () => {
    const expired = await control(sim, 'POST', '/tokens', { user: 'Tandem', kind: 'app-system', expiresInMs: -1 });
    for (const token of ['unknown', expired.body.token]) {
      const answer = await client(sim, `Bearer ${token}`).get('/serverInfo');
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual({ code: 401, message: 'Unauthorized' });
    }
  });

  test('a person who has left can’t sign in', async () => {
    expect((await client(sim, 'piotr').get('/myself')).status).toBe(401);
  });
});
