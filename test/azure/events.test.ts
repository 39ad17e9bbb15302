import { describe, expect, it } from 'vitest';
import { readHookEvent } from '../../backend/src/azure/events.ts';

const hintsOf = (payload: unknown) => {
  const event = readHookEvent(payload);
  return event.kind === 'hints' ? event.hints : event;
};
const attachment = (id: string) => ({
  rel: 'AttachedFile',
  url: `https://dev.azure.com/acme/_apis/wit/attachments/${id}`,
  attributes: { name: 'x' },
});
const file = '6f1e1c3e-0000-4000-8000-00000000000a';
const updated = (resource: Record<string, unknown>) => ({
  eventType: 'workitem.updated',
  resource: { id: 12, workItemId: 5, rev: 4, ...resource },
  resourceVersion: '1.0',
});
const changed = { oldValue: 1, newValue: 2 };

describe('a service hook payload', () => {
  it('of an update names the item, not the update, and the revision', () => {
    expect(hintsOf(updated({ fields: { 'System.Title': changed, 'System.Rev': changed } }))).toEqual([
      { side: 'azure', itemId: '5', aspect: 'fields', version: { seq: 4 } },
    ]);
  });

  it('takes the item from the revision where the update has 0, as the documented sample does', () => {
    const payload = updated({
      workItemId: 0,
      revision: { id: 5, rev: 4, fields: {} },
      fields: { 'System.State': changed },
    });
    expect(hintsOf(payload)).toMatchObject([{ itemId: '5' }]);
  });

  it('of a new comment names the comment and its version', () => {
    const payload = updated({
      fields: {
        'System.History': { newValue: '<p>secret</p>' },
        'System.Rev': changed,
        'System.CommentCount': changed,
      },
      revision: { id: 5, rev: 4, commentVersionRef: { commentId: 77, version: 1, url: 'x' } },
    });
    expect(hintsOf(payload)).toEqual([
      { side: 'azure', itemId: '5', aspect: 'comments', childId: '77', version: { seq: 1 } },
    ]);
  });

  it('of a new comment alone is left to `workitem.commented`, which tells its version', () => {
    const fields = { 'System.History': { newValue: 'x' }, 'System.Rev': changed, 'System.ChangedDate': changed };
    expect(hintsOf(updated({ fields }))).toEqual([]);
    expect(hintsOf(updated({ fields: { ...fields, 'System.State': changed } }))).toEqual([
      { side: 'azure', itemId: '5', aspect: 'fields', version: { seq: 4 } },
    ]);
  });

  it('of an edited comment, which changes neither field nor revision, always leads to a read', () => {
    expect(hintsOf(updated({ fields: undefined }))).toEqual([{ side: 'azure', itemId: '5', aspect: 'any' }]);
  });

  it('of attachments has the revision, which they move', () => {
    const payload = updated({ fields: { 'System.Rev': changed }, relations: { added: [attachment(file)] } });
    expect(hintsOf(payload)).toEqual([{ side: 'azure', itemId: '5', aspect: 'attachments', version: { seq: 4 } }]);
  });

  it('of a link tells which one it is, and no version: a link may come without a new revision', () => {
    const related = (id: number) => ({ rel: 'System.LinkTypes.Related', url: `x/workItems/${id}` });
    const payload = updated({ relations: { added: [related(8)], removed: [related(9)] } });
    const hint = { side: 'azure', itemId: '5', aspect: 'links' };
    expect(hintsOf(payload)).toEqual([
      { ...hint, childId: '+System.LinkTypes.Related|8' },
      { ...hint, childId: '-System.LinkTypes.Related|9' },
    ]);
  });

  it('of a hyperlink has the revision and none of its address', () => {
    const payload = updated({ relations: { added: [{ rel: 'Hyperlink', url: 'https://secret.example' }] } });
    expect(hintsOf(payload)).toEqual([{ side: 'azure', itemId: '5', aspect: 'links', version: { seq: 4 } }]);
  });

  it.each([
    ['workitem.created', { id: 5, rev: 1, fields: {} }, { aspect: 'fields', version: { seq: 1 } }],
    ['workitem.deleted', { id: 5, rev: 3 }, { aspect: 'deleted' }],
    ['workitem.restored', { id: 5, rev: 4 }, { aspect: 'any' }],
    ['workitem.commented', { id: 5, rev: 4, fields: { 'System.History': 'x' } }, { aspect: 'comments' }],
  ])('%s is cut to its hint', (eventType, resource, hint) => {
    expect(hintsOf({ eventType, resource })).toEqual([{ side: 'azure', itemId: '5', ...hint }]);
  });

  it('reduced to id and address always leads to a read', () => {
    const resource = { id: 12, url: 'https://dev.azure.com/acme/_apis/wit/workItems/5/updates/12' };
    expect(hintsOf({ eventType: 'workitem.updated', resource })).toEqual([
      { side: 'azure', itemId: '5', aspect: 'any' },
    ]);
  });

  it('tells the project that it comes from', () => {
    const payload = {
      eventType: 'workitem.deleted',
      resource: { id: 5 },
      resourceContainers: { collection: { id: 'c' }, project: { id: 'p1' } },
    };
    expect(readHookEvent(payload)).toMatchObject({ kind: 'hints', projectId: 'p1' });
  });

  it('of another kind is ignored', () => {
    expect(readHookEvent({ eventType: 'git.push', resource: { pushId: 1 } })).toEqual({ kind: 'ignored' });
  });

  it.each([
    undefined,
    'text',
    [],
    { resource: { id: 1 } },
    { eventType: 'workitem.updated' },
    { eventType: 'workitem.created', resource: { id: 'five' } },
    { eventType: 'workitem.created', resource: { id: 1e300 } },
    { eventType: 'workitem.updated', resource: { id: 3, workItemId: 0 } },
  ])('%j is refused', (payload) => {
    expect(readHookEvent(payload)).toMatchObject({ kind: 'invalid' });
  });

  it('that is refused repeats nothing of its content', () => {
    const event = readHookEvent({ eventType: 'workitem.created', resource: { id: 'top secret' } });
    expect(JSON.stringify(event)).not.toContain('secret');
  });
});
