import { describe, expect, it } from 'vitest';
import { decidedLink, decidedOperation } from '../../backend/src/reconcile/decide.ts';
import type { LinkOperation } from '../../backend/src/sync/links.ts';

const add: LinkOperation = {
  kind: 'add',
  side: 'azure',
  type: 'System.LinkTypes.Related',
  direction: 'outward',
  target: '12',
  sourceId: '10003|10009',
  targetId: 'System.LinkTypes.Related|12',
};

describe('what a timeline tells of an operation', () => {
  it('is of a link its type and the item at its other end', () => {
    const told = { side: 'azure', to: 'System.LinkTypes.Related', child: '12' };
    expect(decidedLink(add)).toEqual({ ...told, kind: 'add-link' });
    const link = { id: '1', type: add.type, direction: 'outward', target: '12', identity: add.targetId } as const;
    const record = { source: 'jira', sourceId: add.sourceId, token: '' } as const;
    expect(decidedLink({ kind: 'remove', side: 'azure', link, record })).toEqual({ ...told, kind: 'remove-link' });
  });

  it('is of a link to an address no address, and of a child no word', () => {
    const url = 'https://example.com/secret';
    expect(decidedLink({ ...add, type: 'Hyperlink', target: url, title: 'Secret' })).toEqual({
      side: 'azure',
      kind: 'add-link',
      to: 'Hyperlink',
    });
    const body = { kind: 'richText', format: 'html', text: '<p>Secret</p>' } as const;
    expect(decidedOperation({ kind: 'add-comment', side: 'azure', sourceId: '7', body })).toEqual({
      side: 'azure',
      kind: 'add-comment',
      child: '7',
    });
    const file = { kind: 'add-attachment', side: 'jira', sourceId: '9', name: 'secret.txt', size: 3 } as const;
    expect(decidedOperation(file)).toEqual({ side: 'jira', kind: 'add-attachment', child: '9' });
  });
});
