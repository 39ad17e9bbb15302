// The admin page's resolver. That the caller administers Jira is asked by the backend, with the user's own token.

import type { BackendCall } from '../backend.ts';
import type { AdminOperations } from '../operations.ts';
import { gateway, type Requests } from './gateway.ts';
import { id, object, query } from './payload.ts';
import { watchRequests } from './watch-requests.ts';

const get = (path: string): BackendCall => ({ method: 'GET', path });
const post = (path: string, body?: unknown): BackendCall => ({ method: 'POST', path, ...(body ? { body } : {}) });
/** A `POST` that changes nothing. */
const ask = (path: string, body: unknown): BackendCall => ({ ...post(path, body), reads: true });
const put = (path: string, body: unknown): BackendCall => ({ method: 'PUT', path, body });
const remove = (path: string): BackendCall => ({ method: 'DELETE', path });

const requests: Requests<AdminOperations> = {
  overview: () => get('/api/overview'),
  siteHealth: () => get('/api/site-health'),

  createConnection: (p) => post('/api/connections', object(p, 'connection')),
  updateConnection: (p) => put(`/api/connections/${id(p, 'id')}`, object(p, 'connection')),
  deleteConnection: (p) => remove(`/api/connections/${id(p, 'id')}`),
  testConnection: (p) => ask('/api/connections/test', object(p, 'connection')),
  testStoredConnection: (p) => ask('/api/connections/test', { id: id(p, 'id') }),

  azureProjects: (p) => get(`/api/connections/${id(p, 'connectionId')}/projects${query(p, 'query', 'after')}`),
  jiraProjects: (p) => get(`/api/jira/projects${query(p, 'query', 'after')}`),
  suggest: (p) => ask('/api/suggest', object(p, 'input')),
  catalogs: (p) => ask('/api/catalogs', object(p, 'input')),
  validate: (p) => ask('/api/validate', object(p, 'profile')),
  filterCount: (p) => ask('/api/filter-count', object(p, 'input')),
  matchPeople: (p) => ask('/api/people/match', object(p, 'profile')),

  profile: (p) => get(`/api/profiles/${id(p, 'id')}`),
  createProfile: (p) => post('/api/profiles', object(p, 'profile')),
  updateProfile: (p) => put(`/api/profiles/${id(p, 'id')}`, { settings: object(p, 'settings'), revision: p.revision }),
  draft: (p) => get(`/api/profiles/${id(p, 'id')}/draft`),
  saveDraft: (p) => put(`/api/profiles/${id(p, 'id')}/draft`, { draft: object(p, 'draft'), after: p.after }),
  discardDraft: (p) => remove(`/api/profiles/${id(p, 'id')}/draft`),
  settingsHistory: (p) => get(`/api/profiles/${id(p, 'id')}/history`),
  differences: (p) => ask(`/api/profiles/${id(p, 'id')}/differences`, { settings: object(p, 'settings') }),
  exportProfile: (p) => get(`/api/profiles/${id(p, 'id')}/export`),
  checkProfileFile: (p) => ask('/api/profile-files/check', object(p, 'input')),
  deleteProfile: (p) => remove(`/api/profiles/${id(p, 'id')}`),
  previewProfile: (p) => get(`/api/profiles/${id(p, 'id')}/plan`),
  previewSettings: (p) => ask(`/api/profiles/${id(p, 'id')}/plan`, { settings: object(p, 'settings') }),
  profileStop: (p) => get(`/api/profiles/${id(p, 'id')}/stop`),
  enableProfile: (p) => post(`/api/profiles/${id(p, 'id')}/enable`),
  pauseProfile: (p) => post(`/api/profiles/${id(p, 'id')}/pause`),
  renewHooks: (p) => post(`/api/profiles/${id(p, 'id')}/hooks`),
  startInitialSync: (p) =>
    post(`/api/profiles/${id(p, 'id')}/initial-sync`, p.options === undefined ? undefined : object(p, 'options')),
  countInitialSync: (p) => ask(`/api/profiles/${id(p, 'id')}/initial-sync/count`, object(p, 'options')),
  pauseInitialSync: (p) => post(`/api/profiles/${id(p, 'id')}/initial-sync/pause`),
  resumeInitialSync: (p) => post(`/api/profiles/${id(p, 'id')}/initial-sync/resume`),
  stopInitialSync: (p) => post(`/api/profiles/${id(p, 'id')}/initial-sync/stop`),

  timelines: (p) => get(`/api/timelines${query(p, 'item')}`),
  errors: (p) => get(`/api/profiles/${id(p, 'id')}/errors${query(p, 'after', 'limit')}`),
  retryErrors: (p) => post('/api/errors/retry', { refs: p.refs }),
  ignoreErrors: (p) => post('/api/errors/ignore', { refs: p.refs, reason: p.reason }),
  errorValues: (p) => ask('/api/errors/values', { refs: p.refs }),
  usage: (p) => post('/forge/usage', object(p, 'event')),
  chooseSide: (p) => post('/api/errors/choose', { refs: p.refs, side: p.side }),

  ...watchRequests,
};

export const resolver = gateway<AdminOperations>(requests);
