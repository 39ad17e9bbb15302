// Makes the pictures in docs/screens: the real admin page over the demo's sites, in the states that an admin decides in.
// `npm run screens`; it takes a minute and needs a Chromium.

import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startBrowser } from '../forge-host/browser.ts';
import { root } from '../forge-host/manifest.ts';
import { azurePerson, jiraPerson } from './person.ts';
import { runInitialSync, setUp } from './set-up.ts';
import { type Stack, startStack } from './stack.ts';
import { until } from './until.ts';

const folder = join(root, 'docs/screens');
const withinMs = 120_000;
const dayMs = 24 * 60 * 60 * 1000;

const stack = await startStack({ port: 0, data: null, stores: 'embedded' });
const browser = await startBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1180, height: 860 }, deviceScaleFactor: 1.5 });
  page.setDefaultTimeout(withinMs);
  await shoot(stack, page);
} finally {
  await browser.close();
  await stack.close();
}
process.exit();

async function shoot({ host, admin, jira, azure, ...rest }: Stack, page: Page): Promise<void> {
  const picture = async (name: string): Promise<void> => {
    // What fades begins to a moment after it is there: a dialog, the word on a button that waited.
    await page.waitForTimeout(500);
    await page.evaluate('Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {})))');
    await page.screenshot({ path: join(folder, `${name}.png`) });
    console.log(`docs/screens/${name}.png`);
  };
  const open = async (): Promise<void> => {
    await page.goto(host.adminUrl);
    await page.getByRole('tab', { name: 'Profiles' }).waitFor();
  };
  const dialog = page.getByRole('dialog');

  // The wizard, on a site where nothing runs yet.
  await host.install();
  await admin.call('createConnection', {
    connection: { name: 'Acme', url: azure.url, pat: azure.synchronizer.pat, expiresOn: null },
  });
  await open();
  await picture('empty');
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  const step = (number: number) => page.getByText(`Step ${number} of 9`).waitFor();
  await press('Create profile');
  await step(1);
  await press('Test connection');
  await page.getByText('Granted').first().waitFor();
  await picture('wizard-connection');
  await press('Continue');
  for (const [label, option] of [
    ['Jira project*', 'Tandem (TAN)'],
    ['Azure DevOps project*', 'Tandem'],
  ] as const) {
    await choose(page, label, option);
  }
  await press('Continue');
  await step(3);
  await page.getByText(/^[\d,]+ work items$/).waitFor();
  await picture('wizard-scope');
  await page.getByText(/^[\d,]+ issues$/).waitFor();
  await press('Continue');
  await step(4);
  await picture('wizard-types');
  await press('Continue');
  await step(5);
  await page.getByText(/→ state in Azure DevOps/).waitFor();
  await picture('wizard-states');
  await press('Continue');
  await step(6);
  await page.getByRole('button', { name: 'Edit', exact: true }).nth(2).click();
  await page.getByLabel('Values', { exact: true }).waitFor();
  await picture('mapping');
  await press('Continue');
  await page.getByText(/of Jira found in Azure DevOps/).waitFor();
  await picture('wizard-people');
  await press('Continue');
  await step(8);
  await picture('wizard-policies');
  await press('Continue');
  await page.getByText('A few of them, with every write:').waitFor();
  await picture('wizard-preview');
  await press('Save and close');
  await page.getByText('Draft', { exact: true }).waitFor();
  const made = await admin.call('overview', {});
  for (const profile of made.profiles) await admin.call('deleteProfile', { id: profile.id });
  for (const connection of made.connections) await admin.call('deleteConnection', { id: connection.id });

  const id = await setUp({ ...rest, host, admin, jira, azure }, (settings) => ({
    ...settings,
    policies: { ...settings.policies, conflict: 'ask', brake: { limit: 1, windowMinutes: 60 } },
  }));
  await admin.call('pauseProfile', { id });
  const { connections } = await admin.call('overview', {});
  const [connection] = connections;
  if (connection === undefined) throw new Error('the connection is not there');

  // What enabling would do.
  await open();
  await page.getByRole('button', { name: 'Resume…' }).click();
  await dialog.getByText('A few of them, with every write:').waitFor();
  await picture('preview');
  await admin.call('enableProfile', { id });

  // What an initial sync may be asked for.
  await open();
  await press('Start initial sync…');
  await dialog.getByText('A few of them, with every write:').waitFor();
  await choose(page, 'Items that exist on both sides are paired', /^By a field/);
  await choose(page, 'Field in Jira*', 'Summary');
  await choose(page, 'Field in Azure DevOps*', 'Title');
  await page.getByLabel('Changed from').fill('2026-09-01');
  await page.keyboard.press('Enter');
  await dialog.getByText(/^It looks at about/).waitFor();
  await picture('initial-sync');
  await press('Cancel');

  await runInitialSync(admin, id, () => {}, withinMs);

  // A conflict that waits for a person: both sides changed while nothing travelled.
  const people = {
    jira: jiraPerson({ url: jira.url, ...jira.accounts.ordinary }),
    azure: azurePerson({ url: azure.url, pat: azure.ordinary.pat }),
  };
  await open();
  await page.getByText('Running', { exact: true }).waitFor();
  await picture('home');
  await page.getByRole('tab', { name: 'Find an item' }).click();
  await page.getByLabel('Issue or work item').fill('TAN-117');
  await page.keyboard.press('Enter');
  await page.getByText('Counterpart created').waitFor();
  await picture('timeline');

  // What a change of the settings would do, and who made which.
  await page.getByRole('tab', { name: 'Profiles' }).click();
  await press('Edit');
  await page.getByRole('tab', { name: 'Policies' }).click();
  await page.getByLabel('Time zone of dates').fill('Europe/Berlin');
  await press('Review and save');
  await dialog.getByRole('cell', { name: 'timeZone', exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'What would this change do?' }).click();
  await dialog.getByText('215 items looked at').waitFor();
  await picture('change');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await press('History');
  await page.getByRole('cell', { name: 'timeZone', exact: true }).waitFor();
  await picture('history');
  await page.goto(host.panelUrl('TAN-117'));
  await page.getByText('Last synchronized').waitFor();
  await page.getByText(/Assigned to|Nobody is assigned/).waitFor();
  await picture('panel');
  await admin.call('pauseProfile', { id });
  const pairs = await pairsOf(page, host, ['TAN-117', 'TAN-114']);
  for (const { issue, workItem, jiraTitle, azureTitle } of pairs) {
    await people.jira.call(`issue/${issue}`, { method: 'PUT', body: { fields: { summary: jiraTitle } } });
    await people.azure.call(`_apis/wit/workitems/${workItem}?api-version=7.1`, {
      method: 'PATCH',
      body: [{ op: 'add', path: '/fields/System.Title', value: azureTitle }],
    });
  }
  await admin.call('enableProfile', { id });
  await until(
    'both conflicts are seen',
    async () => {
      const { errors } = await admin.call('errors', { id });
      return errors.filter(({ code }) => code === 'conflict').length === pairs.length || null;
    },
    { timeoutMs: withinMs, everyMs: 500 },
  );
  await open();
  await page.getByRole('tab', { name: /Errors/ }).click();
  const values = page.getByText('Jira has in Summary:').first();
  await values.scrollIntoViewIfNeeded();
  await page.getByRole('heading', { name: /changed on both sides/ }).scrollIntoViewIfNeeded();
  await picture('conflict');

  // How the profile keeps up, what an undo would take back, and where an admin is told.
  await open();
  await press('Throughput and lag');
  await dialog.getByRole('img', { name: 'Lag' }).waitFor();
  await picture('figures');
  await press('Close');
  await press('Undo initial sync');
  await dialog.getByText('The profile is paused first.').waitFor();
  await picture('undo');
  await press('Cancel');
  await page.getByRole('tab', { name: 'Connections' }).click();
  await page.getByLabel('Webhook URL*').fill('https://hooks.example.com/services/T0/B0/secret');
  await page.getByRole('button', { name: 'Save', exact: true }).first().click();
  await page.getByText('Copy the signing key now').waitFor();
  await picture('notifications');

  // More deletions than the profile allows, and a token that ends soon.
  const expiresOn = new Date(Date.now() + 9 * dayMs).toISOString().slice(0, 10);
  await admin.call('updateConnection', {
    id: connection.id,
    connection: { name: connection.name, url: connection.url, expiresOn },
  });
  for (const number of [41, 45, 46, 59]) {
    await people.azure.call(`Tandem/_apis/wit/workitems/${number}?api-version=7.1`, { method: 'DELETE' });
  }
  await until(
    'the brake stops the profile',
    async () => (await admin.call('profile', { id })).status === 'stopped' || null,
    { timeoutMs: withinMs, everyMs: 500 },
  );
  await open();
  await page.getByText('Why, and what waits').waitFor();
  await picture('stopped');
  await page.getByText('Why, and what waits').click();
  await dialog.getByText(/items? waits?,/).waitFor();
  await picture('brake');
}

async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page.getByLabel(label, { exact: true }).press('ArrowDown');
  await page.getByRole('option', { name: option }).first().click();
}

interface Twins {
  readonly issue: string;
  readonly workItem: string;
  readonly jiraTitle: string;
  readonly azureTitle: string;
}

/** The counterparts as the issue panel tells them. */
async function pairsOf(page: Page, host: Stack['host'], issues: readonly string[]): Promise<readonly Twins[]> {
  const titles = [
    ['The same Idempotency-Key gets the same answer', 'Same Idempotency-Key, same answer, for 48 hours'],
    ['Read GTFS feeds nightly, keep the last good one', 'Read GTFS feeds every hour and keep the last good one'],
  ];
  const found: Twins[] = [];
  for (const [index, issue] of issues.entries()) {
    await page.goto(host.panelUrl(issue));
    const name = await page.getByRole('link', { name: /^Work item \d+/ }).innerText();
    const [jiraTitle = '', azureTitle = ''] = titles[index] ?? [];
    found.push({ issue, workItem: /\d+/.exec(name)?.[0] ?? '', jiraTitle, azureTitle });
  }
  return found;
}
