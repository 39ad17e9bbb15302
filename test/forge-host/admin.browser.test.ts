// The real admin page and issue panel in a real browser, through the real resolvers, backend and workers, to both simulators.

import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { barriers } from './accessibility.ts';
import { openPage, skipBrowser, startBrowser } from './browser.ts';
import { startTandemBehindForge, type TandemBehindForge } from './tandem.ts';

const patience = 20_000;
const description = {
  type: 'doc',
  version: 1,
  content: [
    {
      type: 'paragraph',
      content: [
        { type: 'text', text: 'On thermal paper, ' },
        { type: 'text', text: 'twice', marks: [{ type: 'strong' }] },
      ],
    },
  ],
};

describe.skipIf(skipBrowser)('Tandem in the browser', { timeout: 90_000 }, () => {
  let tandem: TandemBehindForge;
  let browser: Browser;
  let page: Page;
  let faults: () => Promise<readonly string[]>;

  beforeAll(async () => {
    tandem = await startTandemBehindForge();
    await createIssue('Print the label', description);
    for (const summary of ['Weigh the parcel', 'Straße übermalen']) await createIssue(summary);
    browser = await startBrowser();
    ({ page, faults } = await openPage(browser));
    page.setDefaultTimeout(patience);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await tandem?.close();
  });

  const asDana = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const { email, token } = tandem.jira.accounts.ordinary;
    const response = await fetch(`${tandem.jira.url}/rest/api/3/${path}`, {
      method,
      headers: { authorization: `Basic ${btoa(`${email}:${token}`)}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  };
  const inAzure = async (id: string, title: string): Promise<void> => {
    const response = await fetch(`${tandem.azure.url}/Tandem/_apis/wit/workitems/${id}?api-version=7.1`, {
      method: 'PATCH',
      headers: {
        authorization: `Basic ${btoa(`:${tandem.azure.ordinary.pat}`)}`,
        'content-type': 'application/json-patch+json',
      },
      body: JSON.stringify([{ op: 'add', path: '/fields/System.Title', value: title }]),
    });
    if (!response.ok) throw new Error(`PATCH ${id}: ${response.status}`);
  };
  const createIssue = (summary: string, text?: object) =>
    asDana('POST', 'issue', {
      fields: { project: { key: 'TAN' }, issuetype: { name: 'Task' }, summary, ...(text ? { description: text } : {}) },
    });
  const faultsOfAzure = (method: 'POST' | 'DELETE', body?: unknown) =>
    fetch(`${new URL(tandem.azure.url).origin}/_control/faults`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const dialog = () => page.getByRole('dialog');
  const inDialog = (name: string) => dialog().getByRole('button', { name, exact: true });
  const closed = () => dialog().waitFor({ state: 'detached' });
  const shown = (text: string | RegExp) => page.getByText(text, { exact: true }).first().waitFor();
  /** Every screen is looked at once, where it is reached. A button that still spins is no finding: only what stays is. */
  const withoutBarriers = async (): Promise<void> =>
    expect.poll(() => barriers(page), { timeout: 5_000, interval: 250 }).toEqual([]);
  const stored = async () => {
    const [installation] = await tandem.service.config.listInstallations();
    const scope = { installationId: installation?.id ?? '' };
    const [profile] = await tandem.service.config.listProfiles(scope);
    if (!profile) throw new Error('there is no profile yet');
    return { scope, profile };
  };
  const button = (name: string | RegExp, exact = true) => page.getByRole('button', { name, exact });
  /** Key by key, as somebody without a mouse goes. */
  const tabTo = async (target: Locator): Promise<void> => {
    await target.first().waitFor();
    for (let presses = 0; presses < 150; presses += 1) {
      if ((await target.first().and(page.locator(':focus')).count()) > 0) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`no Tab leads to ${target}`);
  };
  const press = async (name: string): Promise<void> => {
    await tabTo(button(name));
    await page.keyboard.press('Enter');
  };
  const type = async (label: string, text: string): Promise<void> => {
    await tabTo(page.getByLabel(label));
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.press('Delete');
    await page.keyboard.type(text);
  };
  const pick = async (label: string, option: string): Promise<void> => {
    await tabTo(page.getByLabel(label, { exact: true }));
    await page.keyboard.type(option.replace(/ \(.*/, ''));
    await page.getByRole('option', { name: option, exact: true }).first().waitFor();
    await page.keyboard.press('Enter');
  };
  const choose = async (label: string, option: string | RegExp): Promise<void> => {
    await page.getByLabel(label, { exact: true }).press('ArrowDown');
    await page.getByRole('option', { name: option }).first().click();
  };

  it('leads by the keyboard alone from nothing to synchronized items, and says what is wrong on the way', async () => {
    await page.goto(tandem.host.adminUrl);
    await page.getByText('No profile yet').waitFor();
    await withoutBarriers();
    await press('Create profile');
    await page.getByText('No connection yet').waitFor();
    await press('Add connection');
    await press('Test and save');
    await shown('Enter the personal access token.');
    await withoutBarriers();
    await type('Name', 'Acme');
    await type('Organization URL', tandem.azure.url);
    await type('Personal access token', 'not-a-token');
    await page.keyboard.press('Enter');
    await page.getByText('Azure DevOps refused the credentials.').waitFor();
    await type('Personal access token', tandem.azure.synchronizer.pat);
    await page.keyboard.press('Enter');
    await closed();
    await page.getByText('Connected as').waitFor();
    await withoutBarriers();
    await press('Continue');

    await press('Continue');
    expect(await page.getByText('Needed.').count()).toBe(2);
    await pick('Jira project*', 'Tandem (TAN)');
    await pick('Azure DevOps project*', 'Tandem');
    await press('Continue');

    await page.getByText('Step 3 of 9').waitFor();
    await shown('3 issues');
    await type('Only these issues (JQL)', 'labels = ');
    await page
      .getByText(/Error in the JQL|JQL/)
      .nth(1)
      .waitFor();
    await withoutBarriers();
    await type('Only these issues (JQL)', '');
    await shown('3 issues');

    tandem.host.trouble({ kind: 'signed-out' });
    await type('Name*', 'Parcels');
    await shown('What you changed could not be saved yet');
    await page.getByText('sign in to Jira in another tab, then try again').waitFor();
    await withoutBarriers();
    const refused = page.waitForResponse((answer) => answer.request().postData()?.includes('saveDraft') ?? false);
    await press('Save and close');
    await refused;
    expect(await page.getByText('Step 3 of 9').count()).toBe(1);
    tandem.host.trouble(null);
    await press('Try again');
    await page.getByText('What you changed could not be saved yet').waitFor({ state: 'detached' });
    await press('Continue');
    await page.getByText('Task ↔ Task', { exact: true }).waitFor();
    await page.getByText('Both have the same name.').first().waitFor();
    await withoutBarriers();
    await press('Continue');
    await page.getByText('Step 5 of 9').waitFor();
    await page.getByText(/→ state in Azure DevOps/).waitFor();
    await withoutBarriers();
    await press('Continue');
    await page.getByText('Step 6 of 9').waitFor();
    await withoutBarriers();
    await press('Save and close');
    await shown('Draft');
    await withoutBarriers();
    await press('Continue setup');
    await page.getByText('Step 6 of 9').waitFor();
    await press('Continue');
    await page.getByText(/of Jira found in Azure DevOps/).waitFor();
    await withoutBarriers();
    await press('Continue');
    await page.getByText('Step 8 of 9').waitFor();
    await withoutBarriers();
    await press('Continue');
    await shown('3 items looked at');
    for (const cell of ['Title in Azure DevOps', 'Print the label', 'new item']) {
      await page.getByRole('cell', { name: cell, exact: true }).first().waitFor();
    }
    await page.locator('td strong', { hasText: 'twice' }).waitFor();
    await withoutBarriers();
    await press('Enable profile…');
    await dialog()
      .getByText(/^3 items are created/)
      .waitFor();
    await withoutBarriers();
    await page.keyboard.press('Escape');
    await closed();
    expect((await stored()).profile.status).toBe('draft');
    await press('Enable profile…');
    await tabTo(inDialog('Enable'));
    await page.keyboard.press('Enter');
    await page.getByText('3 items done').waitFor();
    await page.getByText('3 pairs, all in step').waitFor();
    await shown('Running');
    await page.getByRole('heading', { name: 'Parcels' }).waitFor();
    await withoutBarriers();
  });

  it('shows each permission by name, and never the token', async () => {
    await page.getByRole('tab', { name: 'Connections' }).click();
    await shown('Works');
    await withoutBarriers();
    await button('Test').click();
    await dialog().getByText('Granted').first().waitFor();
    expect(await dialog().getByText('Missing').count()).toBe(0);
    await withoutBarriers();
    await inDialog('Close').click();
    await closed();

    await button('Edit').click();
    await page.getByRole('dialog').getByLabel('Name').waitFor();
    expect(await page.getByLabel('Personal access token').inputValue()).toBe('');
    expect(await page.content()).not.toContain(tandem.azure.synchronizer.pat);
    await button('Cancel').click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await button('New secret').click();
    await inDialog('Make a new secret').click();
    await closed();
    await page.getByText('The service hooks are being registered with a new secret').waitFor();
  });

  it('shows what a change of the settings would do before it is saved, holds back what can’t be read, and keeps the history', async () => {
    await page.getByRole('tab', { name: 'Profiles' }).click();
    await button('Edit').click();
    await page.getByRole('tab', { name: 'States' }).click();
    await button('Edit as text').first().click();
    const states = page.getByRole('textbox', { name: 'States' }).first();
    const suggested = await states.inputValue();
    await states.fill('To Do, New');
    await page.getByText('One thing must be corrected').waitFor();
    await states.fill('To Do = Nouveau');
    await button('Review and save').click();
    await page.getByRole('tab', { name: /^States \(\d+ errors?\)/ }).waitFor();
    expect(await page.getByText('has no state "Nouveau" in Azure DevOps').count()).toBeGreaterThan(0);
    await states.fill(suggested);
    await page.getByRole('tab', { name: 'Policies' }).click();
    await choose('When both sides changed a field', 'Ask');
    await button('Review and save').click();
    await dialog().getByRole('cell', { name: 'policies.conflict', exact: true }).waitFor();
    await inDialog('What would this change do?').click();
    await dialog().getByText('3 items looked at').waitFor();
    await withoutBarriers();
    await inDialog('Save').click();
    await closed();
    await button('History').click();
    await shown('Revision 2');
    await page.getByRole('cell', { name: 'policies.conflict', exact: true }).waitFor();
    await withoutBarriers();
    await button('Back to profiles').click();
  });

  it('tells somebody who saves over another’s change, and loads that one', async () => {
    const saveAs = async (of: Page, name: string): Promise<void> => {
      await of.getByRole('button', { name: 'Edit', exact: true }).click();
      await of.getByLabel('Name*').fill(name);
    };
    await saveAs(page, 'Mine');
    const { page: other } = await openPage(browser);
    other.setDefaultTimeout(patience);
    await other.goto(tandem.host.adminUrl);
    await saveAs(other, 'Theirs');
    await other.getByRole('button', { name: 'Review and save' }).click();
    await other.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
    await other.getByRole('heading', { name: 'Theirs' }).waitFor();
    await other.close();

    await button('Review and save').click();
    await inDialog('Save').click();
    await button('Load their version').click();
    await page.getByRole('heading', { name: 'Edit Theirs' }).waitFor();
    await button('Cancel').click();
    await page.getByRole('heading', { name: 'Theirs' }).waitFor();
  });

  it('finds an item by its key and tells what happened to it', async () => {
    await page.getByRole('tab', { name: 'Find an item' }).click();
    await page.getByLabel('Issue or work item').fill('tan-2');
    await page.keyboard.press('Enter');
    await page.getByText('Counterpart created').waitFor();
    await page.getByRole('link', { name: /^Work item \d+/ }).waitFor();
    await withoutBarriers();
    await page.getByLabel('Issue or work item').fill('TAN-999');
    await page.keyboard.press('Enter');
    await page.getByText('Tandem does not know this item').waitFor();
  });

  it('tells at the filters that another profile takes the same items', async () => {
    await page.getByRole('tab', { name: 'Profiles' }).click();
    await button('Duplicate').click();
    await button('Continue').click();
    await choose('Jira project*', 'Tandem (TAN)');
    await choose('Azure DevOps project*', 'Tandem');
    await button('Continue').click();
    await page.getByText('Step 3 of 9').waitFor();
    const why = page.getByText(/would enter the profile "Theirs" as well/);
    await why.first().waitFor();
    expect(await page.getByText('One thing must be corrected').count()).toBe(1);
    await withoutBarriers();
    await button('Continue').click();
    await shown('That did not work');
    await button('Cancel').click();
    expect(await button('Continue setup').count()).toBe(0);
  });

  it('lists what failed with its cause and remedy; Retry clears it', async () => {
    await faultsOfAzure('POST', { match: { method: 'PATCH' }, kind: 'status', status: 503, times: 1_000 });
    await asDana('PUT', 'issue/TAN-1', { fields: { summary: 'Print the labels' } });
    await page.getByRole('tab', { name: 'Errors' }).click();
    const cause = page.getByText('Azure DevOps could not be reached or answered with a server error.');
    await expect
      .poll(
        async () => {
          await button('Refresh').click();
          return cause.count();
        },
        { timeout: patience, interval: 500 },
      )
      .toBe(1);
    await page.getByText('Nothing to do unless it lasts').waitFor();
    const link = page.getByRole('link', { name: 'TAN-1' });
    expect(await link.getAttribute('href')).toBe(`${tandem.jira.url}/browse/TAN-1`);

    await withoutBarriers();

    await faultsOfAzure('DELETE');
    await button('Retry').click();
    await page.getByText('Nothing is wrong').waitFor();
  });

  it('shows both values of a conflict, and takes the one that is chosen', async () => {
    const { scope, profile } = await stored();
    const { pairs } = await tandem.service.state.listPairs(scope, profile.id, { limit: 10 });
    await page.getByRole('tab', { name: 'Profiles' }).click();
    await button('Pause').click();
    await shown('Paused');
    for (const { keys, ids } of pairs.slice(0, 2)) {
      await asDana('PUT', `issue/${keys.jira}`, { fields: { summary: `Jira’s ${keys.jira}` } });
      await inAzure(ids.azure ?? '', `Azure’s ${keys.jira}`);
    }
    await button('Resume…').click();
    await dialog().getByText('3 items looked at').waitFor();
    await inDialog('Resume').click();
    await closed();
    await page.getByRole('tab', { name: /Errors/ }).click();
    await expect
      .poll(
        async () => {
          await button('Refresh').click();
          return page.getByText('Jira has in Summary:').count();
        },
        { timeout: patience, interval: 500 },
      )
      .toBe(2);
    const key = pairs[0]?.keys.jira;
    await shown(`Jira’s ${key}`);
    await shown(`Azure’s ${key}`);
    await withoutBarriers();
    await button('Use Azure DevOps for all').click();
    await dialog().getByText('Use the values of Azure DevOps for 2 items?').waitFor();
    await withoutBarriers();
    await inDialog('Use Azure DevOps').click();
    await page.getByText('Nothing is wrong').waitFor();
    const { fields } = (await asDana('GET', `issue/${key}?fields=summary`)) as { fields: { summary: string } };
    expect(fields.summary).toBe(`Azure’s ${key}`);
  });

  it('warns of a token that ends soon, and leads to where a new one is entered', async () => {
    const { scope, profile } = await stored();
    const soon = new Date(Date.now() + 5 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
    await tandem.service.config.changeConnection(scope, profile.azureConnectionId, { secretExpiresOn: soon });
    await page.goto(tandem.host.adminUrl);
    await page.getByText(/The token of Acme ends in \d days, on/).waitFor();
    await withoutBarriers();
    await button('Enter a new token').click();
    await dialog().getByLabel('Personal access token').waitFor();
    await inDialog('Cancel').click();
    await closed();
  });

  it('tells what stopped a profile and what waits before it goes on', async () => {
    const { scope, profile } = await stored();
    const { config, queue, state } = tandem.service;
    const { pairs } = await state.listPairs(scope, profile.id, { limit: 1 });
    const [pair] = pairs;
    await config.takeBudget(scope, profile.id, Date.now(), 100);
    await config.setStatus(scope, profile.id, 'stopped', { code: 'brake', level: 'profile', retry: 'on-admin' });
    const itemId = pair?.ids.jira ?? '';
    await queue.addItems(
      [
        {
          ...scope,
          profileId: profile.id,
          pairId: pair?.id ?? '',
          side: 'jira',
          itemId,
          hints: [{ side: 'jira', itemId, aspect: 'deleted' }],
        },
      ],
      { runAt: new Date(Date.now() + 600_000) },
    );
    await page.getByRole('tab', { name: 'Profiles' }).click();
    await button('Refresh').click();
    await button('Why, and what waits').click();
    await dialog().getByText('More deletions and closings than the profile allows arrived at once.').waitFor();
    await dialog().getByText('1 item waits, 1 of them deleted:').waitFor();
    await dialog()
      .getByRole('link', { name: pair?.keys.jira ?? '' })
      .waitFor();
    await withoutBarriers();
    await inDialog('Resume').click();
    await closed();
    await shown('Running');
  });

  it('shows an issue’s counterpart in its panel and synchronizes it on demand', async () => {
    await page.goto(`${tandem.host.panelUrl('TAN-2')}?user=${tandem.jira.accounts.ordinary.email}`);
    const link = page.getByRole('link', { name: /^Work item \d+/ });
    await link.waitFor();
    expect(await link.getAttribute('href')).toMatch(/\/acme\/Tandem\/_workitems\/edit\/\d+$/);
    await page.getByText(/Last synchronized/).waitFor();
    await page.getByText('Nobody is assigned').waitFor();
    await withoutBarriers();
    await button('Sync now').click();
    await page.getByText('Synchronized just now.').waitFor();
    expect(await button('Unlink…').count()).toBe(0);

    await page.goto(tandem.host.panelUrl('TAN-2'));
    await button('Unlink…').click();
    await inDialog('Unlink').click();
    await closed();
    await page.getByText(/an administrator unlinked the two/).waitFor();
    await withoutBarriers();
    await button('Link again').click();
    await page.getByText('Synchronized just now.').waitFor();
  });

  it('stays usable with 500 profiles, 5,000 fields and 20,000 people', async () => {
    const { profile } = await stored();
    const { page: large } = await openPage(browser);
    large.setDefaultTimeout(patience);
    const many = <T>(n: number, make: (index: number) => T): T[] =>
      Array.from({ length: n }, (_, index) => make(index));
    const summary = {
      ...{ id: profile.id, status: 'paused', reason: null, jiraProject: 'TAN', azureProject: 'Tandem', revision: 1 },
      ...{
        azureConnectionId: 'c',
        initialSync: null,
        lastChangeAt: null,
        pairs: { paired: 9, creating: 0, orphaned: 0, failing: 0 },
      },
    };
    const fields = many(5_000, (n) => ({
      id: `f${n}`,
      name: `Field ${n}`,
      kind: 'text',
      required: false,
      readOnly: false,
    }));
    const side = { types: [{ name: 'Task', states: ['New'], unreachable: [], fields }] };
    const mapped = { kind: 'text', direction: 'both', enforce: false };
    const people = (name: string) => ({
      total: 20_000,
      people: many(500, (n) => ({ id: `${name}${n}`, name: `${name} ${n}`, email: null })),
    });
    const answers: Readonly<Record<string, unknown>> = {
      overview: {
        installation: { siteUrl: '' },
        connections: [],
        profiles: many(500, (n) => ({ ...summary, id: `p${n}`, name: `Profile ${n}.` })),
        errors: 0,
      },
      siteHealth: { jiraToken: 'live', waits: [], limited: [], hooks: [] },
      profile: {
        ...{ ...summary, name: 'Profile 437.' },
        settings: { ...profile.settings, fields: many(300, (n) => ({ ...mapped, jira: `f${n}`, azure: `f${n}` })) },
      },
      catalogs: { jira: side, azure: side },
      filterCount: { count: 1_000_000, atLeast: false, problem: null },
      matchPeople: { matched: { byEmail: 0, byProfile: 0 }, unmatched: { jira: people('Jo'), azure: people('Az') } },
    };
    await large.route('**/bridge/invoke', async (route) => {
      const { functionKey } = route.request().postDataJSON() as { functionKey: string };
      await route.fulfill({ json: { result: { ok: true, value: answers[functionKey] ?? null } } });
    });
    await large.goto(tandem.host.adminUrl);
    await large.getByRole('button', { name: 'Show 20 more profiles' }).waitFor();
    expect(await large.getByRole('button', { name: 'Edit', exact: true }).count()).toBe(20);
    await large.getByLabel('Find a profile').fill('profile 437');
    await large.getByRole('heading', { name: 'Profile 437.' }).waitFor();
    await large.getByRole('button', { name: 'Edit', exact: true }).click();
    await large.getByText('1,000,000 issues').waitFor();
    await large.getByRole('tab', { name: 'Fields' }).click();
    await large.getByText('Field 299 ↔ Field 299', { exact: true }).waitFor();
    await large.getByRole('button', { name: 'Edit', exact: true }).first().click();
    await large.getByLabel('Jira field*').fill('4711');
    await large.getByRole('option', { name: 'Field 4711' }).click();
    await large.getByText('Field 4711 ↔ Field 0', { exact: true }).waitFor();
    await large.getByRole('tab', { name: 'People' }).click();
    await large.getByRole('button', { name: 'Show all 500' }).click();
    await large.getByText('The first 500 of 20,000: write the others below.').waitFor();
    await large.close();
  });

  it('shows nothing to people who don’t administer Jira', async () => {
    await page.goto(`${tandem.host.adminUrl}?user=${tandem.jira.accounts.ordinary.email}`);
    await page.getByText('Administer Jira').waitFor();
    await withoutBarriers();
    expect(await page.getByText('Theirs').count()).toBe(0);
  });

  it('says that the backend is away, and goes on when it is back', async () => {
    await tandem.stopBackend();
    await page.goto(tandem.host.adminUrl);
    await page.getByText('Tandem could not be reached.').waitFor();
    await tandem.startBackend();
    await button('Try again').click();
    await page.getByRole('heading', { name: 'Theirs' }).waitFor();
  });

  it('waits for a slow backend, and says how old it is what a failing one leaves on the page', async () => {
    const held = Promise.withResolvers<void>();
    tandem.host.trouble({ kind: 'held', until: held.promise });
    await page.goto(tandem.host.adminUrl);
    await page.getByRole('img', { name: 'Loading' }).waitFor();
    expect(await page.getByRole('heading', { name: 'Theirs' }).count()).toBe(0);
    held.resolve();
    tandem.host.trouble(null);
    await page.getByRole('heading', { name: 'Theirs' }).waitFor();

    tandem.host.trouble({ kind: 'status', status: 503 });
    await button('Refresh').click();
    await page.getByText('Tandem has a problem of its own at the moment.').first().waitFor();
    await page
      .getByText(/^What is shown here is as of/)
      .first()
      .waitFor();
    await withoutBarriers();
    await button('Preview').click();
    await dialog().getByText('There is no preview').waitFor();
    tandem.host.trouble(null);
    await inDialog('Try again').click();
    await dialog().getByText('3 items looked at').waitFor();
    await inDialog('Close').click();
    await closed();
    await button('Refresh').click();
    await page.getByText('Tandem has a problem of its own').first().waitFor({ state: 'detached' });
  });

  it('deletes only after asking, the profile before its connection', async () => {
    await page.getByRole('tab', { name: 'Connections' }).click();
    await button('Delete').click();
    await inDialog('Delete').click();
    await page.getByText('Profiles still use this connection').waitFor();
    await withoutBarriers();
    await button('Cancel').click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await page.getByRole('tab', { name: 'Profiles' }).click();
    await button('Delete').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'Theirs' }).waitFor();
    await button('Delete').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No profile yet').waitFor();
  });

  it('draws every component and logs no error on the way', async () => {
    expect(await faults()).toEqual([]);
  });
});
