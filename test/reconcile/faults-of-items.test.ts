// Items that are deleted, moved, broken, too long or too large, and automations that fight us: an error of the field or the
// item that an admin sees, and all else goes on.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { retryPair } from '../../backend/src/reconcile/settle-errors.ts';
import { otherSide, type Side, sides } from '../../backend/src/sync/model.ts';
import { type Actions, actionsOf, paragraph } from './actions.ts';
import { type Harness, startHarness } from './harness.ts';

let tandem: Harness;
let people: Actions;
beforeAll(async () => {
  tandem = await startHarness();
  people = actionsOf(tandem);
  await tandem.startEvents();
  await tandem.startWorkers();
});
afterAll(() => tandem?.close());

describe.each(sides)('an item that is deleted in %s', (side) => {
  const other = otherSide(side);

  it('leaves its counterpart, marked, and an error; an edit of the counterpart adds nothing to that', async () => {
    const twins = await people.twins('jira', 'Left behind');
    await people.remove(side, twins[side]);
    await tandem.settled();
    const fields = await people.fields(other, twins[other]);
    expect(side === 'jira' ? fields['System.Tags'] : fields.labels.join()).toMatch(/deleted|orphaned/i);
    expect((await people.pair(other, twins[other]))?.status).toBe('orphaned');
    await people.rename(other, twins[other], 'Edited after it');
    await tandem.settled();
    expect(await people.errors(other, twins[other])).toEqual({ item: 'deleted' });
    expect(await people.audit()).toEqual({ duplicates: [], open: [] });
  });
});

it('an issue that is moved to another project is told, and is kept the same again when it comes back', async () => {
  const twins = await people.twins('jira', 'On the move');
  await people.control('jira', 'POST', 'move', { issue: twins.jira, project: 'ELSE' });
  await tandem.settled();
  expect(await people.errors('azure', twins.azure)).toEqual({ item: 'outside-project' });
  await people.rename('azure', twins.azure, 'Edited while away');
  await tandem.settled();
  expect(await people.title('jira', twins.jira)).toBe('On the move');
  await people.control('jira', 'POST', 'move', { issue: twins.jira, project: 'TAN' });
  await tandem.settled();
  expect(await people.title('jira', twins.jira)).toBe('Edited while away');
  expect(await people.errors('azure', twins.azure)).toEqual({});
});

describe('a text', () => {
  it.each([
    '<script>alert(1)</script><p>kept</p>',
    '<img src=x onerror=alert(1)>kept',
    '<p>kept<table><tr><td><b>open',
    '</div></p><<>&&amp;&#0;kept<a href="javascript:alert(1)">link</a>',
    '<div style="background:url(javascript:1)"><style>*{}</style><iframe src="//x"></iframe>kept</div>',
  ])('of hostile or broken HTML reaches Jira as a valid document: %s', async (html) => {
    const twins = await people.twins('azure', 'Hostile', { 'System.Description': html });
    const { description } = await people.fields('jira', twins.jira);
    expect(JSON.stringify(description)).toContain('kept');
    expect(JSON.stringify(description)).not.toMatch(/javascript:|onerror|<script|alert\(1\)<|iframe/);
    expect(await people.errors('azure', twins.azure)).toEqual({});
  });

  it('longer than Jira takes is an error of its field, cleared when it is shortened; the title goes on', async () => {
    const twins = await people.twins('azure', 'Short');
    await people.edit('azure', twins.azure, {
      'System.Description': `<div>${'long '.repeat(7_000)}</div>`,
      'System.Title': 'Renamed',
    });
    await tandem.settled();
    expect(await people.title('jira', twins.jira)).toBe('Renamed');
    expect(await people.errors('azure', twins.azure)).toEqual({ 'description~System.Description': 'too-long' });
    await people.edit('azure', twins.azure, { 'System.Description': '<div>short</div>' });
    await tandem.settled();
    expect(JSON.stringify((await people.fields('jira', twins.jira)).description)).toContain('short');
    expect(await people.errors('azure', twins.azure)).toEqual({});
  });
});

it.each(sides)('an attachment over the limit of %s is an error of that file; others go across', async (side) => {
  const from = otherSide(side);
  const limit = side === 'jira' ? { attachmentLimit: 1_000 } : { attachmentBytes: 1_000 };
  await people.control(side, 'POST', 'settings', limit);
  const twins = await people.twins(from, 'With files');
  await people.attach(from, twins[from], 'large.txt', 'x'.repeat(2_000));
  await people.attach(from, twins[from], 'small.txt', 'x');
  await tandem.settled();
  expect(await people.attachments(side, twins[side])).toEqual(['small.txt']);
  expect(Object.values(await people.errors(from, twins[from]))).toEqual(['too-large']);
  await people.control(side, 'POST', 'settings', { [Object.keys(limit)[0] ?? '']: 50_000_000 });
});

describe('another automation', () => {
  /** Sets the title back after every event of that item in which it differs. */
  const insist = (side: Side, id: string, title: string) => {
    const { kernel } = { jira: tandem.jira, azure: tandem.azure }[side];
    return kernel.events.subscribe({
      id: `automation-${side}-${id}`,
      deliver: async () => {
        if ((await people.title(side, id)) !== title) await people.rename(side, id, title);
      },
    });
  };

  it('that resets what we write is left alone after the second time; the other fields go on', async () => {
    await people.saveSettings((settings) => ({
      ...settings,
      fields: settings.fields.map((field) =>
        field.jira === 'summary' ? { ...field, direction: 'jira-to-azure', enforce: true } : field,
      ),
    }));
    const twins = await people.twins('jira', 'Wanted');
    const stop = insist('azure', twins.azure, 'Locked');
    await people.rename('jira', twins.jira, 'Wanted, edited');
    await tandem.settled();
    expect(await people.errors('jira', twins.jira)).toEqual({ 'summary~System.Title': 'oscillation' });
    await people.edit('jira', twins.jira, { labels: ['goes-on'], description: paragraph('goes on') });
    await tandem.settled();
    const fields = await people.fields('azure', twins.azure);
    expect(fields['System.Tags']).toBe('goes-on');
    expect(fields['System.Title']).toBe('Locked');
    stop();
    const pair = await people.pair('jira', twins.jira);
    await retryPair(tandem.service.deps, tandem.scope, pair?.id ?? '', 'summary~System.Title');
    await tandem.settled();
    expect(await people.title('azure', twins.azure)).toBe('Wanted, edited');
    expect(await people.errors('jira', twins.jira)).toEqual({});
    await people.saveSettings((settings) => ({
      ...settings,
      fields: settings.fields.map((field) =>
        field.jira === 'summary' ? { ...field, direction: 'both', enforce: false } : field,
      ),
    }));
  });

  it('on each side, of different minds, ends as well', async () => {
    const twins = await people.twins('jira', 'Agreed');
    const stops = [insist('jira', twins.jira, 'Jira’s'), insist('azure', twins.azure, 'Azure’s')];
    await people.rename('jira', twins.jira, 'Begin');
    await tandem.settled();
    expect(await people.errors('jira', twins.jira)).toEqual({ 'summary~System.Title': 'oscillation' });
    expect([await people.title('jira', twins.jira), await people.title('azure', twins.azure)]).toEqual([
      'Jira’s',
      'Azure’s',
    ]);
    for (const stop of stops) stop();
  });
});
