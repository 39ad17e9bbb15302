// The real admin page and issue panel in a real browser, through the real resolvers, backend and workers, to both simulators.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage, skipBrowser, startBrowser } from './browser.ts';
import { startTandemBehindForge, type TandemBehindForge } from './tandem.ts';

const patience = 20_000;

describe.skipIf(skipBrowser)('Tandem in the browser', { timeout: 90_000 }, () => {
  let tandem: TandemBehindForge;
  let browser: Browser;
  let page: Page;
  let faults: () => Promise<readonly string[]>;

  beforeAll(async () => {
    tandem = await startTandemBehindForge();
    for (const summary of ['Print the label', 'Weigh the parcel', 'Straße übermalen']) await createIssue(summary);
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
  const createIssue = (summary: string) =>
    asDana('POST', 'issue', { fields: { project: { key: 'TAN' }, issuetype: { name: 'Task' }, summary } });
  const faultsOfAzure = (method: 'POST' | 'DELETE', body?: unknown) =>
    fetch(`${new URL(tandem.azure.url).origin}/_control/faults`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const button = (name: string | RegExp, exact = true) => page.getByRole('button', { name, exact });
  const choose = async (label: string, option: string | RegExp): Promise<void> => {
    await page.getByLabel(label, { exact: true }).press('ArrowDown');
    await page.getByRole('option', { name: option }).first().click();
  };

  it('first asks for a connection, says what is wrong with a token, and keeps the right one', async () => {
    await page.goto(tandem.host.adminUrl);
    await page.getByText('First a connection').waitFor();
    await button('Add connection').click();
    await button('Test and save').click();
    expect(await page.getByText('Enter the personal access token.').isVisible()).toBe(true);

    await page.getByLabel('Name').fill('Acme');
    await page.getByLabel('Organization URL').fill(tandem.azure.url);
    await page.getByLabel('Personal access token').fill('not-a-token');
    await button('Test and save').click();
    await page.getByText('Azure DevOps refused the credentials.').waitFor();

    await page.getByLabel('Personal access token').fill(tandem.azure.synchronizer.pat);
    await page.keyboard.press('Enter');
    await page.getByRole('cell', { name: 'Acme', exact: true }).first().waitFor();
    expect(await page.getByText('Works', { exact: true }).isVisible()).toBe(true);
  });

  it('shows each permission by name, and never the token', async () => {
    await button('Test').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Granted').first().waitFor();
    expect(await dialog.getByText('Missing').count()).toBe(0);
    await dialog.getByRole('button', { name: 'Close' }).click();

    await button('Edit').click();
    await page.getByRole('dialog').getByLabel('Name').waitFor();
    expect(await page.getByLabel('Personal access token').inputValue()).toBe('');
    expect(await page.content()).not.toContain(tandem.azure.synchronizer.pat);
    await button('Cancel').click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('suggests a profile, holds back what can’t be read, and creates it', async () => {
    await page.getByRole('tab', { name: 'Profiles' }).click();
    await button('Create profile').click();
    await button('Suggest mappings').click();
    expect(await page.getByText('Needed.').count()).toBe(2);
    await choose('Jira project*', 'Tandem (TAN)');
    await choose('Azure DevOps project*', 'Tandem');
    await button('Suggest mappings').click();

    await page.getByText('Task ↔ Task', { exact: true }).waitFor();
    await button('Edit').first().click();
    const states = page.getByLabel('States', { exact: true });
    const suggested = await states.inputValue();
    await states.fill('To Do, New');
    await page.getByText('One thing must be corrected').waitFor();
    await states.fill('To Do = Nouveau');
    await button('Create profile').click();
    await page.getByRole('tab', { name: /Types and states \(\d+ errors?\)/ }).waitFor();
    expect(await page.getByText('has no state "Nouveau" in Azure DevOps').count()).toBeGreaterThan(0);

    await states.fill(suggested);
    await button('Create profile').click();
    await button('Enable').waitFor();
    expect(await page.getByText('Draft', { exact: true }).isVisible()).toBe(true);
  });

  it('enables it, pairs the existing items and shows how far it is', async () => {
    await button('Enable').click();
    await button('Start initial sync').click();
    await page.getByText('3 items done').waitFor();
    expect(await page.getByText('3 pairs').isVisible()).toBe(true);
  });

  it('tells somebody who saves over another’s change, and loads that one', async () => {
    await button('Edit').click();
    await page.getByRole('tab', { name: 'General' }).click();
    await page.getByLabel('Name').fill('Mine');
    const { page: other } = await openPage(browser);
    other.setDefaultTimeout(patience);
    await other.goto(tandem.host.adminUrl);
    await other.getByRole('button', { name: 'Edit', exact: true }).click();
    await other.getByRole('tab', { name: 'General' }).click();
    await other.getByLabel('Name').fill('Theirs');
    await other.getByRole('button', { name: 'Save', exact: true }).click();
    await other.getByRole('heading', { name: 'Theirs' }).waitFor();
    await other.close();

    await button('Save').click();
    await button('Load their version').click();
    await page.getByRole('heading', { name: 'Edit Theirs' }).waitFor();
    await button('Cancel').click();
    await page.getByRole('heading', { name: 'Theirs' }).waitFor();
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

    await faultsOfAzure('DELETE');
    await button('Retry').click();
    await page.getByText('Nothing is wrong').waitFor();
  });

  it('shows an issue’s counterpart in its panel and synchronizes it on demand', async () => {
    await page.goto(`${tandem.host.panelUrl('TAN-2')}?user=${tandem.jira.accounts.ordinary.email}`);
    const link = page.getByRole('link', { name: /^Work item \d+/ });
    await link.waitFor();
    expect(await link.getAttribute('href')).toMatch(/\/acme\/Tandem\/_workitems\/edit\/\d+$/);
    expect(await page.getByText(/Last synchronized/).isVisible()).toBe(true);
    await button('Sync now').click();
    await page.getByText('Synchronized just now.').waitFor();
  });

  it('shows nothing to people who don’t administer Jira', async () => {
    await page.goto(`${tandem.host.adminUrl}?user=${tandem.jira.accounts.ordinary.email}`);
    await page.getByText('Administer Jira').waitFor();
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

  it('deletes only after asking, the profile before its connection', async () => {
    await page.getByRole('tab', { name: 'Connections' }).click();
    await button('Delete').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Profiles still use this connection').waitFor();
    await button('Cancel').click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await page.getByRole('tab', { name: 'Profiles' }).click();
    await button('Delete').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.getByRole('heading', { name: 'Theirs' }).isVisible()).toBe(true);
    await button('Delete').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No profile yet').waitFor();
  });

  it('draws every component and logs no error on the way', async () => {
    expect(await faults()).toEqual([]);
  });
});
