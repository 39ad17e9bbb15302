// The simulator's own part of the control surface: tokens, rights, screens, workflow, limits, and data that no API would let in.
import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';
import { SYNCHRONIZER } from '../credentials.ts';
import type { ControlDoc } from '../kernel/control.ts';
import { authorizationFor } from './accounts.ts';
import { callerOf } from './caller.ts';
import { generateIssues } from './generate.ts';
import { REAL_LIMITS, ROOMY_LIMITS } from './limits.ts';
import type { IssueRecord, Person } from './model.ts';
import { moveIssue } from './move.ts';
import { PERMISSIONS } from './permissions.ts';
import { ISSUE_TYPES } from './site.ts';
import { WORKFLOWS } from './workflow.ts';
import { putIssue, type World } from './world.ts';

const YEAR = 365 * 24 * 3_600_000;

export const newToken = (): string => `ATATT3x${randomBytes(24).toString('base64url')}`;

const tokenSchema = z.strictObject({
  user: z.string().min(1),
  kind: z.enum(['api-token', 'app-system', 'app-user']).optional(),
  expiresInMs: z.int().optional(),
});
const expireSchema = z.strictObject({ token: z.string().min(1) });
const denySchema = z.strictObject({
  permissions: z.array(z.enum([...PERMISSIONS.keys()])).min(1),
  user: z.string().default('*'),
  issues: z.union([z.array(z.string()), z.literal('every-second')]).optional(),
});
const requiredSchema = z.strictObject({
  field: z.string(),
  required: z.boolean(),
  types: z.array(z.string()).optional(),
});
const screenSchema = z.strictObject({
  field: z.string(),
  onScreen: z.boolean(),
  types: z.array(z.string()).optional(),
});
const workflowSchema = z.strictObject({
  remove: z.array(z.string()).default([]),
  restore: z.array(z.string()).default([]),
  require: z.record(z.string(), z.array(z.string())).default({}),
});
const propertySchema = z.strictObject({ issue: z.string(), key: z.string(), value: z.json().nullable() });
const declareSchema = z.strictObject({
  key: z.string(),
  path: z.string(),
  type: z.enum(['string', 'number', 'text', 'date', 'user']),
});
const fieldSchema = z.strictObject({ issue: z.string(), field: z.string(), value: z.json() });
const limitsSchema = z.union([
  z.strictObject({ set: z.enum(['real', 'roomy']) }),
  z.strictObject({
    burst: z
      .strictObject({ GET: z.number(), POST: z.number(), PUT: z.number(), DELETE: z.number() })
      .partial()
      .optional(),
    perIssue: z.array(z.strictObject({ writes: z.int(), windowMs: z.int() })).optional(),
    pointsPerHour: z.int().optional(),
  }),
]);
const settingsSchema = z.strictObject({
  outgoingMail: z.boolean().optional(),
  indexLagMs: z.int().min(0).optional(),
  attachmentLimit: z.int().min(0).optional(),
});
const moveSchema = z.strictObject({
  issue: z.string(),
  project: z.string().regex(/^[A-Z][A-Z0-9]+$/),
  user: z.string().optional(),
});
const archiveSchema = z.strictObject({ issue: z.string(), archived: z.boolean().default(true) });
const generateSchema = z.strictObject({ count: z.int().min(1).max(100_000) });

export const CONTROL_DOCS: readonly ControlDoc[] = [
  {
    method: 'POST',
    path: '/_control/tokens',
    body: '{user,kind?:"api-token"|"app-system"|"app-user",expiresInMs?}',
    meaning:
      'Makes a token for that person: {token, authorization, accountId}. A negative expiresInMs makes an expired one.',
  },
  { method: 'POST', path: '/_control/tokens/expire', body: '{token}', meaning: 'Lets a token expire now.' },
  {
    method: 'POST',
    path: '/_control/permissions',
    body: '{permissions:[KEY],user?:"*",issues?:[ID_OR_KEY]|"every-second"}',
    meaning:
      'Takes rights away, from one person or all, on some issues or everywhere. Who loses BROWSE_PROJECTS loses the rest with it.',
  },
  {
    method: 'POST',
    path: '/_control/move',
    body: '{issue,project:KEY,user?}',
    meaning:
      'Moves an issue to another project, which is made if there is none, as its own page does. The old key goes on leading to it.',
  },
  {
    method: 'POST',
    path: '/_control/archive',
    body: '{issue,archived?:true}',
    meaning:
      'Archives an issue, or takes it out of the archive: no search lists it, it can be read and not be changed. No event.',
  },
  { method: 'DELETE', path: '/_control/permissions', meaning: 'Gives back all rights that were taken away.' },
  {
    method: 'POST',
    path: '/_control/fields/required',
    body: '{field,required,types?:[NAME]}',
    meaning: 'Makes a field required, or no longer, on creating and editing.',
  },
  {
    method: 'POST',
    path: '/_control/fields/screen',
    body: '{field,onScreen,types?:[NAME]}',
    meaning: 'Puts a field on the screens, or takes it off.',
  },
  {
    method: 'POST',
    path: '/_control/workflow',
    body: '{remove?:[TRANSITION_ID],restore?:[TRANSITION_ID],require?:{TRANSITION_ID:[FIELD]}}',
    meaning: 'Takes transitions out of the workflow, puts them back, or has their screens ask for fields.',
  },
  {
    method: 'POST',
    path: '/_control/properties',
    body: '{issue,key,value}',
    meaning: 'Writes an issue property without trace, as a copy or a forgery would have it. null removes it.',
  },
  {
    method: 'POST',
    path: '/_control/properties/declare',
    body: '{key,path,type:"string"|"number"|"text"|"date"|"user"}',
    meaning: 'Declares an issue property for JQL, as an app does in its manifest.',
  },
  {
    method: 'POST',
    path: '/_control/fields/raw',
    body: '{issue,field,value}',
    meaning: 'Stores a value without any check: rich text with unknown nodes, say. Moves updated; no event.',
  },
  {
    method: 'POST',
    path: '/_control/limits',
    body: '{set:"real"|"roomy"}|{burst?:{GET?,POST?,PUT?,DELETE?},perIssue?:[{writes,windowMs}],pointsPerHour?}',
    meaning: 'Sets the rate limits and fills their buckets.',
  },
  {
    method: 'POST',
    path: '/_control/settings',
    body: '{indexLagMs?,attachmentLimit?,outgoingMail?}',
    meaning: 'How far search lags behind; the largest file; whether the site sends mail.',
  },
  {
    method: 'POST',
    path: '/_control/generate',
    body: '{count}',
    meaning: 'Adds that many further distinct issues, without events.',
  },
];

export function findPerson(world: World, named: string): Person | undefined {
  const lower = named.toLowerCase();
  return [...world.store.people.values()].find(
    (person) =>
      person.accountId === named || person.email.toLowerCase() === lower || person.displayName.toLowerCase() === lower,
  );
}

export function controlRoutes(world: World): Hono {
  const app = new Hono();
  const { settings, store, screens } = world;

  const person = (named: string): Person => {
    const found = findPerson(world, named);
    if (found === undefined) throw new Error(`nobody is called ${JSON.stringify(named)} here`);
    return found;
  };
  const issue = (idOrKey: string): IssueRecord => {
    const found = store.findIssue(idOrKey);
    if (found === undefined) throw new Error(`there is no issue ${idOrKey}`);
    return found;
  };
  const typeIds = (names: readonly string[] | undefined): readonly string[] | undefined =>
    names?.map((name) => {
      const type = ISSUE_TYPES.find((it) => it.name === name || it.id === name);
      if (type === undefined) throw new Error(`there is no issue type ${name}`);
      return type.id;
    });

  const knownField = (id: string): void => {
    if (!store.fields.has(id)) throw new Error(`there is no field ${id}`);
  };
  const knownTransition = (id: string): void => {
    if (!WORKFLOWS.some(({ transitions }) => transitions.some((transition) => transition.id === id)))
      throw new Error(`there is no transition ${id}`);
  };

  app.post('/tokens', async (c) => {
    const { user, kind, expiresInMs } = tokenSchema.parse(await c.req.json());
    const owner = person(user);
    const token = newToken();
    const expiresAt = world.clock.now() + (expiresInMs ?? YEAR);
    const authorization = authorizationFor(store, owner, token, expiresAt);
    if (kind === undefined || kind === store.tokens.get(token)?.kind)
      return c.json({ token, authorization, accountId: owner.accountId });
    store.tokens.set(token, { accountId: owner.accountId, kind, expiresAt });
    return c.json({
      token,
      authorization: kind === 'api-token' ? `Basic ${btoa(`${owner.email}:${token}`)}` : `Bearer ${token}`,
      accountId: owner.accountId,
    });
  });
  app.post('/tokens/expire', async (c) => {
    const { token } = expireSchema.parse(await c.req.json());
    const known = store.tokens.get(token);
    if (known === undefined) throw new Error('there is no such token');
    store.tokens.set(token, { ...known, expiresAt: 0 });
    return c.json({});
  });

  app.post('/permissions', async (c) => {
    const { permissions, user, issues } = denySchema.parse(await c.req.json());
    const ids =
      issues === 'every-second'
        ? store.issueIds().filter((_, place) => place % 2 === 1)
        : issues?.map((idOrKey) => issue(idOrKey).id);
    settings.denials.push({
      accountId: user === '*' ? '*' : person(user).accountId,
      permissions: new Set(permissions),
      ...(ids === undefined ? {} : { issueIds: new Set(ids) }),
    });
    return c.json({ issues: ids?.length ?? 'all' });
  });
  app.delete('/permissions', (c) => {
    settings.denials.length = 0;
    return c.body(null, 204);
  });

  app.post('/fields/required', async (c) => {
    const { field, required, types } = requiredSchema.parse(await c.req.json());
    knownField(field);
    screens.require(field, required, typeIds(types));
    return c.json({});
  });
  app.post('/fields/screen', async (c) => {
    const { field, onScreen, types } = screenSchema.parse(await c.req.json());
    knownField(field);
    screens.place(field, onScreen, typeIds(types));
    return c.json({});
  });
  app.post('/workflow', async (c) => {
    const { remove, restore, require } = workflowSchema.parse(await c.req.json());
    for (const id of [...remove, ...restore, ...Object.keys(require)]) knownTransition(id);
    for (const field of Object.values(require).flat()) knownField(field);
    for (const id of remove) settings.removedTransitions.add(id);
    for (const id of restore) settings.removedTransitions.delete(id);
    for (const [id, fields] of Object.entries(require)) settings.requiredOnTransition.set(id, fields);
    return c.json({ removed: [...settings.removedTransitions] });
  });

  app.post('/properties', async (c) => {
    const { issue: idOrKey, key, value } = propertySchema.parse(await c.req.json());
    const { id } = issue(idOrKey);
    const { [key]: _, ...rest } = store.properties.get(id) ?? {};
    store.properties.set(id, value === null ? rest : { ...rest, [key]: value });
    return c.json({});
  });
  app.post('/properties/declare', async (c) => {
    const declared = declareSchema.parse(await c.req.json());
    store.declaredProperties.set(declared.key, [...(store.declaredProperties.get(declared.key) ?? []), declared]);
    return c.json({});
  });
  app.post('/fields/raw', async (c) => {
    const { issue: idOrKey, field, value } = fieldSchema.parse(await c.req.json());
    const record = issue(idOrKey);
    knownField(field);
    putIssue(world, { ...record, updated: world.clock.now(), values: { ...record.values, [field]: value } });
    return c.json({});
  });

  app.post('/move', async (c) => {
    const { issue: idOrKey, project, user } = moveSchema.parse(await c.req.json());
    const mover = callerOf(user === undefined ? person(SYNCHRONIZER.displayName) : person(user), 'api-token');
    return c.json({ key: moveIssue(world, mover, issue(idOrKey), project) });
  });

  app.post('/archive', async (c) => {
    const { issue: idOrKey, archived } = archiveSchema.parse(await c.req.json());
    world.index.archive(issue(idOrKey).id, archived);
    return c.json({});
  });

  app.post('/limits', async (c) => {
    const wanted = limitsSchema.parse(await c.req.json());
    if ('set' in wanted) world.limits.reset(wanted.set === 'real' ? REAL_LIMITS : ROOMY_LIMITS);
    else {
      const { burst, perIssue, pointsPerHour } = world.limits.settings;
      world.limits.reset({
        burst: { ...burst, ...definedOnly(wanted.burst ?? {}) },
        perIssue: wanted.perIssue ?? perIssue,
        pointsPerHour: wanted.pointsPerHour ?? pointsPerHour,
      });
    }
    return c.json(world.limits.settings);
  });
  app.post('/settings', async (c) => {
    const { indexLagMs, attachmentLimit, outgoingMail } = settingsSchema.parse(await c.req.json());
    settings.indexLagMs = indexLagMs ?? settings.indexLagMs;
    settings.attachmentLimit = attachmentLimit ?? settings.attachmentLimit;
    settings.outgoingMail = outgoingMail ?? settings.outgoingMail;
    return c.json({
      indexLagMs: settings.indexLagMs,
      attachmentLimit: settings.attachmentLimit,
      outgoingMail: settings.outgoingMail,
    });
  });
  app.post('/generate', async (c) => c.json(generateIssues(world, generateSchema.parse(await c.req.json()).count)));

  return app;
}

const definedOnly = <T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
