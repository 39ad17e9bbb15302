// Reading work items as they are on the simulated service.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { found, newMarker, openSite, project, type Site, streamOf } from './site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(async () => {
  expect(site.simulator.kernel.checker.violations).toEqual([]);
  await site.close();
});

describe('reading one item', () => {
  it('gives fields of every kind, with empty ones null and foreign ones absent', async () => {
    const made = await site.worker.create('User Story', {
      'System.Title': 'Grüße 漢字 👩‍🚀 <b>"&\'',
      'System.Description': '<p>A &amp; B</p><script>alert(1)</script>',
      'System.Tags': 'beta; Alpha Two',
      'System.AssignedTo': site.simulator.ordinary.uniqueName,
      'Microsoft.VSTS.Common.Priority': 1,
      'Microsoft.VSTS.Scheduling.StoryPoints': 2.5,
      'Custom.Regression': false,
      'Custom.Environment': 'Staging',
      'Custom.ReviewedOn': '2024-03-10T23:30:00+05:30',
    });
    const item = await found(site.side, made.id);
    expect(item).toMatchObject({
      side: 'azure',
      id: String(made.id),
      key: String(made.id),
      projectKey: project,
      type: 'User Story',
      state: 'New',
      restricted: false,
      commentCount: 0,
      versions: { fields: { seq: 1 } },
      createdBy: { id: site.simulator.ordinary.uniqueName },
      attachments: [],
      links: [],
      fields: {
        'System.Title': { kind: 'text', text: 'Grüße 漢字 👩‍🚀 <b>"&\'' },
        'System.Description': { kind: 'richText', format: 'html', text: '<p>A &amp; B</p>' },
        'System.Tags': { kind: 'options', options: [{ name: 'Alpha Two' }, { name: 'beta' }] },
        'System.AssignedTo': { kind: 'user', user: { id: site.simulator.ordinary.uniqueName } },
        'Microsoft.VSTS.Common.Priority': { kind: 'option', option: { name: '1' } },
        'Microsoft.VSTS.Scheduling.StoryPoints': { kind: 'number', number: 2.5 },
        'Custom.Regression': { kind: 'boolean', boolean: false },
        'Custom.Environment': { kind: 'option', option: { name: 'Staging' } },
        'Custom.ReviewedOn': { kind: 'dateTime', dateTime: '2024-03-10T18:00:00.000Z' },
        'Microsoft.VSTS.Common.AcceptanceCriteria': null,
        'Custom.Customer': null,
        'System.State': { kind: 'option', option: { name: 'New' } },
      },
    });
    expect(item.fields).not.toHaveProperty(['Microsoft.VSTS.TCM.ReproSteps']);
    expect(item.comments).toBeUndefined();
    expect(item.url).toBe(`${site.simulator.url}/${project}/_workitems/edit/${made.id}`);
  });

  it('costs one call, and one more for comments only when there are some', async () => {
    const made = await site.worker.create('Task', { 'System.Title': 'Counted' });
    await found(site.side, made.id);
    site.calls();
    await found(site.side, made.id);
    expect(Object.values(site.calls())).toEqual([1]);
    expect((await found(site.side, made.id, true)).comments).toEqual([]);
    expect(Object.values(site.calls())).toEqual([1]);
    await site.worker.edit(made.id, { 'System.History': '<p>one</p>' });
    site.calls();
    const item = await found(site.side, made.id, true);
    expect(Object.values(site.calls())).toEqual([1, 1]);
    expect(item.comments).toMatchObject([
      {
        body: { kind: 'richText', format: 'html', text: '<p>one</p>' },
        author: { id: site.simulator.ordinary.uniqueName },
        version: { seq: 1 },
      },
    ]);
    expect(item.comments?.[0]?.marker).toBeUndefined();
  });

  it('pages through many comments, oldest first, without the deleted', async () => {
    const made = await site.worker.create('Task', { 'System.Title': 'Talkative' });
    const path = `${project}/_apis/wit/workItems/${made.id}/comments`;
    const ids: number[] = [];
    for (let count = 0; count < 203; count += 1) {
      const said = (await site.worker.call('POST', `${path}?api-version=7.1-preview.4`, { text: `no ${count}` })) as {
        id: number;
      };
      ids.push(said.id);
    }
    await site.worker.call('DELETE', `${path}/${ids[1]}?api-version=7.1-preview.4`);
    const comments = await site.side.reader.comments(String(made.id));
    expect(comments.map((comment) => Number(comment.id))).toEqual(ids.filter((_, index) => index !== 1));
  });

  it('tells Markdown from HTML', async () => {
    const made = await site.worker.create('Task', { 'System.Title': 'Marked down' });
    await site.worker.patch(made.id, [
      { op: 'add', path: '/fields/System.Description', value: '# Head' },
      { op: 'add', path: '/multilineFieldsFormat/System.Description', value: 'Markdown' },
    ]);
    expect((await found(site.side, made.id)).fields['System.Description']).toEqual({
      kind: 'richText',
      format: 'markdown',
      text: '# Head',
    });
  });

  it('tells an item of another project by its project', async () => {
    const made = await site.worker.create('Task', { 'System.Title': 'Moves away' });
    const other = (await site.side.catalog.projects()).find(({ name }) => name !== project);
    if (other === undefined) throw new Error('the organization has one project only');
    await site.worker.edit(made.id, { 'System.TeamProject': other.name });
    await site.worker.edit(made.id, { 'System.History': 'said over there' });
    const item = await found(site.side, made.id, true);
    expect(item.projectKey).toBe(other.name);
    expect(item.comments).toHaveLength(1);
  });
});

describe('an item that is not there', () => {
  it('is deleted when the recycle bin has it, and back when it was restored', async () => {
    const made = await site.worker.create('Task', { 'System.Title': 'Comes and goes' });
    const id = String(made.id);
    await site.worker.call('DELETE', `${project}/_apis/wit/workitems/${id}`);
    expect(await site.side.reader.read(id, { comments: true })).toEqual({ kind: 'deleted' });
    expect(await site.side.reader.readMany([id])).toEqual(new Map([[id, { kind: 'missing' }]]));
    await site.worker.call('PATCH', `${project}/_apis/wit/recyclebin/${id}`, { isDeleted: false });
    expect(await site.side.reader.read(id, { comments: false })).toMatchObject({ kind: 'found' });
  });

  it('is only missing when it never was or was destroyed: that proves nothing', async () => {
    expect(await site.side.reader.read('999999', { comments: false })).toEqual({ kind: 'missing' });
  });

  it('is refused without a call when its id is no number', async () => {
    site.calls();
    await expect(site.side.reader.read('1 OR 1=1', { comments: false })).rejects.toMatchObject({
      error: { code: 'unreachable' },
    });
    expect(site.calls()).toEqual({});
  });
});

describe('relations', () => {
  it('are attachments and links, with their directions; those to deleted items go', async () => {
    const parent = await site.worker.create('User Story', { 'System.Title': 'Parent' });
    const child = await site.worker.create('Task', { 'System.Title': 'Child' });
    const file = (await site.worker.call(
      'POST',
      `${project}/_apis/wit/attachments?fileName=${encodeURIComponent('übersicht.txt')}`,
      new TextEncoder().encode('hello'),
      'application/octet-stream',
    )) as { id: string; url: string };
    const base = `${site.simulator.url}/_apis/wit/workItems`;
    await site.worker.patch(child.id, [
      {
        op: 'add',
        path: '/relations/-',
        value: { rel: 'System.LinkTypes.Hierarchy-Reverse', url: `${base}/${parent.id}` },
      },
      { op: 'add', path: '/relations/-', value: { rel: 'Hyperlink', url: 'https://example.com/a?b=1' } },
      {
        op: 'add',
        path: '/relations/-',
        value: { rel: 'AttachedFile', url: file.url, attributes: { comment: 'by hand' } },
      },
    ]);
    const item = await found(site.side, child.id);
    expect(item.links).toEqual([
      {
        id: `System.LinkTypes.Hierarchy-Reverse|${parent.id}`,
        type: 'System.LinkTypes.Hierarchy-Reverse',
        direction: 'inward',
        target: String(parent.id),
        identity: `System.LinkTypes.Hierarchy-Reverse|${parent.id}`,
        place: 0,
      },
      {
        id: 'Hyperlink|https://example.com/a?b=1',
        type: 'Hyperlink',
        direction: 'outward',
        target: 'https://example.com/a?b=1',
        identity: 'Hyperlink|https://example.com/a?b=1',
        place: 1,
      },
    ]);
    expect(item.attachments).toMatchObject([{ id: file.id, name: 'übersicht.txt', size: 5 }]);
    const [attachment] = item.attachments ?? [];
    if (attachment === undefined) throw new Error('no attachment');
    expect(await new Response((await site.side.reader.openAttachment(attachment)).stream).text()).toBe('hello');

    await site.worker.call('DELETE', `${project}/_apis/wit/workitems/${parent.id}`);
    const after = await found(site.side, child.id);
    expect(after.links?.map((link) => link.type)).toEqual(['Hyperlink']);
    expect(after.versions.links).not.toEqual(item.versions.links);
    expect(after.versions.attachments?.set).toBe(item.versions.attachments?.set);
  });

  it('whose content is gone is an error of the attachment', async () => {
    const attachment = { id: '00000000-0000-4000-8000-000000000000', name: 'x', size: 1, url: 'x', createdAt: 'x' };
    await expect(site.side.reader.openAttachment(attachment)).rejects.toMatchObject({
      error: { code: 'unreachable', level: 'child' },
    });
  });
});

describe('history', () => {
  it('gives changes after a revision, oldest first, past the first page', async () => {
    const made = await site.worker.create('Task', { 'System.Title': 'v0' });
    for (let count = 1; count <= 205; count += 1) await site.worker.edit(made.id, { 'System.Title': `v${count}` });
    const all = await site.side.reader.history(String(made.id), 1);
    expect(all.map(({ field }) => field)).toEqual(Array.from({ length: 205 }, () => 'System.Title'));
    expect(all.at(-1)).toMatchObject({
      seq: 206,
      byId: site.simulator.ordinary.uniqueName,
      from: { kind: 'text', text: 'v204' },
      to: { kind: 'text', text: 'v205' },
    });
    const late = await site.side.reader.history(String(made.id), 204);
    expect(late.map(({ seq }) => seq)).toEqual([205, 206]);
    expect(late[0]?.at).toBeGreaterThan(0);
    expect(late[1]?.at).toBeLessThan(Date.UTC(9000, 0));
    expect(await site.side.reader.history(String(made.id), 206)).toEqual([]);
  });

  it('decodes people, sets and emptied fields', async () => {
    const made = await site.worker.create('Task', { 'System.Title': 'h', 'System.Tags': 'a' });
    await site.worker.edit(made.id, { 'System.AssignedTo': site.simulator.ordinary.uniqueName, 'System.Tags': 'a; b' });
    await site.worker.patch(made.id, [{ op: 'remove', path: '/fields/System.AssignedTo' }]);
    const entries = await site.side.reader.history(String(made.id), 1);
    expect(entries).toContainEqual(
      expect.objectContaining({
        field: 'System.AssignedTo',
        seq: 2,
        from: null,
        to: expect.objectContaining({ kind: 'user' }),
      }),
    );
    expect(entries).toContainEqual(
      expect.objectContaining({
        field: 'System.Tags',
        to: { kind: 'options', options: [{ name: 'a' }, { name: 'b' }] },
      }),
    );
    expect(entries).toContainEqual(expect.objectContaining({ field: 'System.AssignedTo', seq: 3, to: null }));
  });
});

describe('many items at once', () => {
  it('are read by 200 a call', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 201; count += 1) {
      ids.push(String((await site.worker.create('Task', { 'System.Title': `n${count}` })).id));
    }
    await site.side.reader.readMany(ids.slice(0, 1));
    site.calls();
    const items = await site.side.reader.readMany([...ids, '888888']);
    expect(Object.values(site.calls())).toEqual([2]);
    expect(items.size).toBe(202);
    expect(items.get('888888')).toEqual({ kind: 'missing' });
    expect(items.get(ids[200] ?? '')).toMatchObject({
      kind: 'found',
      item: { fields: { 'System.Title': { text: 'n200' } } },
    });
  });
});

describe('the marker', () => {
  it('comes back with the item, the comment and the attachment that carry it', async () => {
    const marker = newMarker('10044');
    const created = await site.side.writer.create({
      type: 'Task',
      fields: [{ field: 'System.Title', value: { kind: 'text', text: 'ours' } }],
      marker,
      sourceUrl: 'https://acme.atlassian.net/browse/TAN-44',
    });
    if (created.kind !== 'created') throw new Error('not created');
    const said = newMarker('10044/7');
    const sent = newMarker('10044/8');
    await site.side.writer.addComment(
      created.item.id,
      {
        kind: 'richText',
        format: 'html',
        text: '<p><a href="https://acme.atlassian.net/browse/TAN-44?focusedCommentId=7">Ann</a></p><p>Hi</p>',
      },
      said,
    );
    await site.side.writer.addAttachment(
      created.item,
      { name: 'a.bin', size: 3 },
      streamOf(new Uint8Array([1, 2, 3])),
      sent,
    );
    const item = await found(site.side, created.item.id, true);
    expect(item.marker).toEqual(marker);
    expect(item.comments?.[0]?.marker).toEqual(said);
    expect(item.attachments?.[0]?.marker).toEqual(sent);
    expect(item.links).toEqual([]);
  });
});
