// Mail about an issue, as its own operation asks for: who would get it is worked out as Jira does, and kept for tests to see.
import { Hono } from 'hono';
import { isRecord } from '../adf.ts';
import { badRequest, forbidden } from '../errors.ts';
import { BAD_PAYLOAD, type Ctx, type Env, param, type Routes, readObjectBody, record } from '../http.ts';
import type { IssueRecord } from '../model.ts';
import { personHas, visibleIssue } from '../permissions.ts';
import { GROUPS } from '../site.ts';
import type { World } from '../world.ts';

export function notifyRoutes(world: World): Routes {
  const app: Routes = new Hono<Env>();
  app.post('/issue/:issueIdOrKey/notify', async (c) => {
    const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
    const input = await readObjectBody(c);
    if (!world.settings.outgoingMail) throw forbidden('Outgoing emails are disabled.');
    const to = recipients(world, c, issue, record(input.to, 'to') ?? {});
    if (to.length === 0) throw badRequest('No recipients were defined for notification.');
    const text = (name: string): string => (typeof input[name] === 'string' ? input[name] : '');
    world.store.mails.push({
      issue: world.store.keyOf(issue),
      subject: text('subject'),
      textBody: text('textBody'),
      htmlBody: text('htmlBody'),
      to,
    });
    return c.body(null, 204);
  });
  return app;
}

const people = (value: unknown): readonly string[] => {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw badRequest(BAD_PAYLOAD);
  return value.map((one) => {
    if (!isRecord(one) || typeof one.accountId !== 'string') throw badRequest(BAD_PAYLOAD);
    return one.accountId;
  });
};

/** Those who may see the issue, without the caller. */
function recipients(
  world: World,
  c: Ctx,
  issue: IssueRecord,
  to: Readonly<Record<string, unknown>>,
): readonly string[] {
  const { store } = world;
  const named = people(to.users);
  for (const id of named) if (!store.people.has(id)) throw badRequest(`The user ${id} does not exist.`);
  const groups = (Array.isArray(to.groups) ? to.groups : []).map((one) => {
    const name = isRecord(one) ? one.name : undefined;
    if (typeof name !== 'string' || !Object.values<string>(GROUPS).includes(name)) {
      throw badRequest('The group does not exist.');
    }
    return name;
  });
  const role = (flag: string, field: string): readonly string[] => {
    const id = issue.values[field];
    return to[flag] === true && typeof id === 'string' ? [id] : [];
  };
  const all = new Set([
    ...role('reporter', 'reporter'),
    ...role('assignee', 'assignee'),
    ...(to.watchers === true ? (store.watchers.get(issue.id) ?? []) : []),
    ...named,
    ...[...store.people.values()].filter((one) => one.groups.some((group) => groups.includes(group))).map(idOf),
  ]);
  const caller = c.var.caller.person?.accountId;
  return [...all].filter((id) => {
    const person = store.people.get(id);
    return id !== caller && person?.accountType === 'atlassian' && personHas(world, person, 'BROWSE_PROJECTS', issue);
  });
}

const idOf = ({ accountId }: { readonly accountId: string }): string => accountId;
