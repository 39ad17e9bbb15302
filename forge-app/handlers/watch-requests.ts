// The backend calls of the operations around running profiles: a part of resolver.ts.

import type { BackendCall } from '../backend.ts';
import type { WatchOperations } from '../operations-watch.ts';
import type { Requests } from './gateway.ts';
import { id, object, query } from './payload.ts';

const call = (method: BackendCall['method'], path: string, body?: unknown): BackendCall => ({
  method,
  path,
  ...(body === undefined ? {} : { body }),
});

export const watchRequests: Requests<WatchOperations> = {
  notifications: () => call('GET', '/api/notifications'),
  setWebhook: (p) => call('PUT', '/api/notifications/webhook', object(p, 'webhook')),
  removeWebhook: () => call('DELETE', '/api/notifications/webhook'),
  setNoticeIssue: (p) => call('PUT', '/api/notifications/issue', object(p, 'issue')),
  removeNoticeIssue: () => call('DELETE', '/api/notifications/issue'),
  tryNotification: (p) => call('POST', '/api/notifications/test', { channel: p.channel }),
  drift: () => call('GET', '/api/drift'),
  acceptDrift: (p) => call('POST', `/api/profiles/${id(p, 'id')}/drift/accept`),
  figures: (p) => call('GET', `/api/profiles/${id(p, 'id')}/figures${query(p, 'range')}`),
  adoption: (p) => call('GET', `/api/profiles/${id(p, 'id')}/adoption`),
  adopt: (p) => call('POST', `/api/profiles/${id(p, 'id')}/adoption`, {}),
  renewHookSecret: (p) => call('POST', `/api/connections/${id(p, 'id')}/hook-secret`),
  undoPreview: (p) => call('GET', `/api/profiles/${id(p, 'id')}/undo${query(p, 'after')}`),
  undo: (p) => call('POST', `/api/profiles/${id(p, 'id')}/undo`, { pairs: p.pairs }),
};
