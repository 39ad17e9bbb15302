// The Azure side's own part of the control surface: rights, tokens, rules, limits, more items. Tests only.
import { Hono } from 'hono';
import { z } from 'zod';
import type { ControlDoc } from '../kernel/control.ts';
import { generateItems } from './generate.ts';
import { addField } from './routes/metadata.ts';
import type { Simulator } from './simulator.ts';
import { guidOf } from './store/ids.ts';
import type { Permission, Person } from './store/model.ts';
import { latest } from './store/model.ts';
import { resolvePerson, rightsOf } from './store/people.ts';
import { nodeByPath } from './store/tree.ts';
import { mintPat } from './store/world.ts';

export const CONTROL_DOCS: readonly ControlDoc[] = [
  {
    method: 'POST',
    path: '/_control/pats',
    body: '{user,scopes?,expiresInMs?,name?}',
    meaning: 'Makes a token: {pat}. Without scopes it has full access; it lives a year unless told otherwise.',
  },
  { method: 'POST', path: '/_control/pats/expire', body: '{pat}', meaning: 'Lets a token expire now.' },
  { method: 'POST', path: '/_control/pats/revoke', body: '{pat}', meaning: 'Takes a token back.' },
  {
    method: 'POST',
    path: '/_control/rights',
    body: '{user,denyRead?,denyWrite?,denyItems?,grant?,revoke?}',
    meaning:
      'Takes rights away: areas by path (with all below), single items by id or "half" of them all; grants or revokes permissions such as bypassRules.',
  },
  { method: 'POST', path: '/_control/rights/reset', body: '{user}', meaning: 'Gives all areas and items back.' },
  {
    method: 'POST',
    path: '/_control/rules',
    body: '{type,field,action:"required"|"readOnly",when?:[{field,value}]}',
    meaning: 'Adds a rule of the process; without `when` it holds always.',
  },
  { method: 'DELETE', path: '/_control/rules', meaning: 'Removes all such rules.' },
  {
    method: 'POST',
    path: '/_control/fields',
    body: '{referenceName,name,type,identity?,picklist?}',
    meaning: 'Adds a field to the organization and to every type.',
  },
  {
    method: 'POST',
    path: '/_control/settings',
    body: '{indexLagMs?,reportingLagMs?,attachmentBytes?,simpleUploadBytes?,queryResults?,reportingPage?,batchFailure?,text?,links?,rates?:{units?,blockAt?,status?}}',
    meaning: 'Changes lags and limits; answers all of them.',
  },
  { method: 'GET', path: '/_control/settings', meaning: 'The lags and limits.' },
  {
    method: 'POST',
    path: '/_control/work-items',
    body: '{count}',
    meaning: 'Makes that many further work items, no two alike, without events: {first, last}.',
  },
];

const PERMISSIONS = [
  'bypassRules',
  'suppressNotifications',
  'deleteWorkItems',
  'destroyWorkItems',
  'editProcess',
  'editNodes',
  'editSubscriptions',
  'editAnyComment',
] as const satisfies readonly Permission[];

const rightsSchema = z.strictObject({
  user: z.string(),
  denyRead: z.array(z.string()).default([]),
  denyWrite: z.array(z.string()).default([]),
  denyItems: z.union([z.array(z.int()), z.literal('half')]).default([]),
  grant: z.array(z.enum(PERMISSIONS)).default([]),
  revoke: z.array(z.enum(PERMISSIONS)).default([]),
});

const ruleSchema = z.strictObject({
  type: z.string(),
  field: z.string(),
  action: z.enum(['required', 'readOnly']),
  when: z.array(z.strictObject({ field: z.string(), value: z.string() })).default([]),
});

const fieldSchema = z.strictObject({
  referenceName: z.string(),
  name: z.string(),
  type: z.enum(['string', 'integer', 'double', 'dateTime', 'plainText', 'html', 'boolean']),
  identity: z.boolean().default(false),
  picklist: z.array(z.string()).optional(),
});

const settingsSchema = z.strictObject({
  indexLagMs: z.int().min(0).optional(),
  reportingLagMs: z.int().min(0).optional(),
  attachmentBytes: z.int().min(1).optional(),
  simpleUploadBytes: z.int().min(1).optional(),
  queryResults: z.int().min(1).optional(),
  reportingPage: z.int().min(1).optional(),
  batchFailure: z.enum(['each', 'whole']).optional(),
  text: z.record(z.enum(['longText', 'shortText', 'tagsPerItem', 'tagLength']), z.int().min(1)).optional(),
  links: z.record(z.enum(['linksPerItem', 'attachmentsPerItem']), z.int().min(1)).optional(),
  rates: z
    .strictObject({
      units: z.number().min(0).optional(),
      blockAt: z.number().min(1).optional(),
      status: z.union([z.literal(429), z.literal(503)]).optional(),
    })
    .optional(),
});
export type SettingsInput = z.input<typeof settingsSchema>;

const YEAR_MS = 365 * 86_400_000;

export function controlRoutes(simulator: Simulator): Hono {
  const control = new Hono();
  const person = (user: string): Person => {
    const found = resolvePerson(simulator.world, user);
    if (found.kind !== 'found') throw new Error(`nobody is called ${JSON.stringify(user)} here`);
    return found.person;
  };
  const bodyOf = async (request: Request): Promise<unknown> => {
    const text = await request.text();
    return text === '' ? {} : JSON.parse(text);
  };

  control.post('/pats', async (c) => {
    const wanted = z
      .strictObject({
        user: z.string(),
        scopes: z.array(z.string()).default(['*']),
        expiresInMs: z.int().default(YEAR_MS),
        name: z.string().default('test'),
      })
      .parse(await bodyOf(c.req.raw));
    const expiresAt = simulator.clock.now() + wanted.expiresInMs;
    const pat = mintPat(simulator.world, person(wanted.user), { name: wanted.name, scopes: wanted.scopes, expiresAt });
    return c.json({ pat: pat.token, expiresAt }, 201);
  });

  const patSchema = z.strictObject({ pat: z.string() });
  control.post('/pats/expire', async (c) => {
    const pat = simulator.world.pats.get(patSchema.parse(await bodyOf(c.req.raw)).pat);
    if (pat === undefined) throw new Error('there is no such token');
    pat.expiresAt = simulator.clock.now();
    return c.body(null, 204);
  });
  control.post('/pats/revoke', async (c) => {
    if (!simulator.world.pats.delete(patSchema.parse(await bodyOf(c.req.raw)).pat))
      throw new Error('there is no such token');
    return c.body(null, 204);
  });

  control.post('/rights', async (c) => {
    const wanted = rightsSchema.parse(await bodyOf(c.req.raw));
    const rights = rightsOf(simulator.world, person(wanted.user).id);
    const { projects } = simulator.world;
    for (const area of [...wanted.denyRead, ...wanted.denyWrite]) {
      if (!projects.some((project) => nodeByPath(project, 'area', area) !== undefined))
        throw new Error(`there is no area ${area}`);
    }
    for (const area of wanted.denyRead) rights.deniedRead.add(area.toLowerCase());
    for (const area of wanted.denyWrite) rights.deniedWrite.add(area.toLowerCase());
    const items =
      wanted.denyItems === 'half'
        ? [...simulator.world.items.keys()].filter((_, index) => index % 2 === 0)
        : wanted.denyItems;
    for (const id of items) rights.deniedItems.add(id);
    for (const permission of wanted.grant) rights.permissions.add(permission);
    for (const permission of wanted.revoke) rights.permissions.delete(permission);
    return c.json({ deniedItems: items.length });
  });
  control.post('/rights/reset', async (c) => {
    const { user } = z.strictObject({ user: z.string() }).parse(await bodyOf(c.req.raw));
    const rights = rightsOf(simulator.world, person(user).id);
    rights.deniedRead.clear();
    rights.deniedWrite.clear();
    rights.deniedItems.clear();
    return c.body(null, 204);
  });

  control.post('/rules', async (c) => {
    const rule = ruleSchema.parse(await bodyOf(c.req.raw));
    const field = simulator.world.fields.get(rule.field.toLowerCase());
    if (field === undefined) throw new Error(`there is no field ${rule.field}`);
    if (!simulator.world.types.has(rule.type.toLowerCase())) throw new Error(`there is no type ${rule.type}`);
    const id = guidOf(`rule:${simulator.world.rules.length}:${rule.type}:${rule.field}`);
    const name = `${field.name} is ${rule.action}`;
    simulator.world.rules.push({ ...rule, field: field.referenceName, id, name });
    return c.json({ id }, 201);
  });
  control.delete('/rules', (c) => {
    simulator.world.rules.length = 0;
    return c.body(null, 204);
  });

  control.post('/fields', async (c) => {
    const { identity, picklist, ...field } = fieldSchema.parse(await bodyOf(c.req.raw));
    addField(simulator.world, {
      ...field,
      isIdentity: identity,
      readOnly: false,
      extended: false,
      description: '',
      ...(picklist === undefined ? {} : { picklist }),
    });
    return c.json(field, 201);
  });

  control.get('/settings', (c) => c.json({ ...simulator.settings, rates: simulator.rates.limits }));
  control.post('/settings', async (c) => {
    applySettings(simulator, await bodyOf(c.req.raw));
    return c.json({ ...simulator.settings, rates: simulator.rates.limits });
  });

  control.post('/work-items', async (c) => {
    const { count } = z.strictObject({ count: z.int().min(1).max(100_000) }).parse(await bodyOf(c.req.raw));
    const [project] = simulator.world.projects;
    if (project === undefined) throw new Error('there is no project');
    const people = [...simulator.world.people.values()].filter((one) => one.active);
    return c.json(generateItems(simulator.world, project, people, count, simulator.clock.now()), 201);
  });
  return control;
}

export function applySettings(simulator: Pick<Simulator, 'settings' | 'rates'>, input: unknown): void {
  const { rates, text, links, ...rest } = settingsSchema.parse(input);
  Object.assign(simulator.settings, rest);
  simulator.settings.text = { ...simulator.settings.text, ...text };
  simulator.settings.links = { ...simulator.settings.links, ...links };
  if (rates !== undefined) {
    const { units, blockAt, status } = simulator.rates.limits;
    simulator.rates.limits = {
      units: rates.units ?? units,
      blockAt: rates.blockAt ?? blockAt,
      status: rates.status ?? status,
    };
    simulator.rates.reset();
  }
}

/** Everything, for GET /_control/state. */
export function dumpState(simulator: Simulator, accounts: unknown): unknown {
  const { world, hooks } = simulator;
  return {
    organization: world.organization,
    accounts,
    settings: { ...simulator.settings, rates: simulator.rates.limits },
    projects: world.projects.map(({ id, name, teams }) => ({ id, name, teams: teams.map((team) => team.name) })),
    people: [...world.people.values()],
    workItems: [...world.items.values()].map((item) => ({
      id: item.id,
      rev: latest(item).rev,
      deleted: item.deleted ?? null,
      fields: latest(item).fields,
      formats: latest(item).formats,
      relations: latest(item).relations,
      revisions: item.revisions.map(({ rev, at, watermark }) => ({ rev, at, watermark })),
      updates: item.updates,
      comments: item.comments.map(({ id, versions }) => ({ id, versions })),
    })),
    attachments: [...world.attachments.values()].map(({ id, fileName, content, total }) => ({
      id,
      fileName,
      size: content.size,
      complete: content.size >= total,
    })),
    tags: [...world.tags.values()],
    rules: world.rules,
    subscriptions: [...hooks.subscriptions.values()],
    notifications: hooks.notifications.map(({ event, ...rest }) => ({
      ...rest,
      eventId: event.id,
      eventType: event.eventType,
    })),
    counters: world.counters,
  };
}
