// Issue links, their types, remote links, watchers.
import { Hono } from 'hono';
import { isRecord } from '../adf.ts';
import { badRequest, forbidden, JiraError, notFound } from '../errors.ts';
import { readDocument } from '../fields/input.ts';
import { type Ctx, type Env, numericId, param, type Routes, readBody, readObjectBody } from '../http.ts';
import { addComment } from '../issue-writes.ts';
import { createLink, findLinkType, removeLink } from '../links.ts';
import type { LinkRecord, RemoteLinkRecord } from '../model.ts';
import { canSeeIssue, hasPermission, requireAdministrator, requirePermission, visibleIssue } from '../permissions.ts';
import { linkTypeView, remoteLinkView, shortIssueView, userById } from '../views.ts';
import type { World } from '../world.ts';

export function linkRoutes(world: World): Routes {
  const app: Routes = new Hono<Env>();
  const { store } = world;

  app.get('/issueLinkType', (c) =>
    c.json({ issueLinkTypes: [...store.linkTypes.values()].map((type) => linkTypeView(world, type)) }),
  );
  app.post('/issueLinkType', async (c) => {
    requireAdministrator(world, c.var.caller);
    const { name, inward, outward } = await readObjectBody(c);
    if (typeof name !== 'string' || typeof inward !== 'string' || typeof outward !== 'string') {
      throw badRequest('The name, inward and outward descriptions must be given.');
    }
    const type = { id: String(store.nextId('field')), name, inward, outward };
    store.linkTypes.set(type.id, type);
    return c.json(linkTypeView(world, type), 201);
  });

  app.post('/issueLink', async (c) => {
    const { caller } = c.var;
    const body = await readObjectBody(c);
    if (!isRecord(body.type)) throw badRequest('The issue link type must be given.');
    const type = findLinkType(world, body.type);
    const end = (name: 'inwardIssue' | 'outwardIssue') => {
      const named = body[name];
      const idOrKey = isRecord(named) ? (named.key ?? named.id) : undefined;
      if (typeof idOrKey !== 'string') throw badRequest(`The ${name} must be given by key or id.`);
      return visibleIssue(world, caller, idOrKey);
    };
    // The inward issue is the source: "inwardIssue blocks outwardIssue". The names are the other way round on an issue's own list.
    const source = end('inwardIssue');
    const destination = end('outwardIssue');
    if (source.id === destination.id) throw badRequest('You cannot link an issue to itself.');
    createLink(world, caller, type.id, source.id, destination.id);
    if (isRecord(body.comment)) {
      const text = readDocument(world, body.comment.body, 'comment');
      if (text !== undefined)
        addComment(world, caller, store.issues.get(destination.id) ?? destination, { body: text });
    }
    return c.body(null, 201);
  });

  const linkOf = (c: Ctx): LinkRecord => {
    const link = store.links.get(numericId(param(c, 'linkId')));
    const ends = link === undefined ? [] : [store.issues.get(link.sourceId), store.issues.get(link.destinationId)];
    const visible =
      ends.length === 2 && ends.every((issue) => issue !== undefined && canSeeIssue(world, c.var.caller, issue));
    if (link === undefined || !visible) throw notFound(`No issue link with id '${param(c, 'linkId')}' exists.`);
    return link;
  };
  app.get('/issueLink/:linkId', (c) => {
    const link = linkOf(c);
    const type = store.linkTypes.get(link.typeId);
    const source = store.issues.get(link.sourceId);
    const destination = store.issues.get(link.destinationId);
    if (!type || !source || !destination) throw notFound(`No issue link with id '${link.id}' exists.`);
    return c.json({
      id: String(link.id),
      self: `${world.url}/rest/api/3/issueLink/${link.id}`,
      type: linkTypeView(world, type),
      inwardIssue: shortIssueView(world, source),
      outwardIssue: shortIssueView(world, destination),
    });
  });
  app.delete('/issueLink/:linkId', (c) => {
    const link = linkOf(c);
    requirePermission(world, c.var.caller, 'LINK_ISSUES', store.issues.get(link.sourceId));
    removeLink(world, c.var.caller, link);
    return c.body(null, 204);
  });

  // ---- remote links ----

  const remoteOf = (issueId: number): readonly RemoteLinkRecord[] => store.remoteLinks.get(issueId) ?? [];
  const oneRemote = (c: Ctx): RemoteLinkRecord => {
    const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
    const link = remoteOf(issue.id).find(({ id }) => id === numericId(param(c, 'linkId')));
    if (link === undefined) throw notFound(`A remote issue link with id ${param(c, 'linkId')} does not exist.`);
    return link;
  };
  const requireLinking = (c: Ctx, issueId: number): void => {
    if (!hasPermission(world, c.var.caller, 'LINK_ISSUES', store.issues.get(issueId))) {
      throw forbidden('You do not have permission to link issues.');
    }
  };

  app.get('/issue/:issueIdOrKey/remotelink', (c) => {
    const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
    const globalId = c.req.query('globalId');
    if (globalId === undefined) return c.json(remoteOf(issue.id).map((link) => remoteLinkView(world, link)));
    const link = remoteOf(issue.id).find((it) => it.globalId === globalId);
    if (link === undefined) throw notFound(`A remote issue link with the global id ${globalId} does not exist.`);
    return c.json(remoteLinkView(world, link));
  });
  // The same global id again replaces the whole link, and what is not sent becomes empty.
  app.post('/issue/:issueIdOrKey/remotelink', async (c) => {
    const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
    requireLinking(c, issue.id);
    const read = readRemote(await readObjectBody(c));
    const present =
      read.globalId === undefined ? undefined : remoteOf(issue.id).find(({ globalId }) => globalId === read.globalId);
    const link: RemoteLinkRecord = { id: present?.id ?? store.nextId('remoteLink'), issueId: issue.id, ...read };
    const rest = remoteOf(issue.id).filter(({ id }) => id !== link.id);
    store.remoteLinks.set(issue.id, [...rest, link]);
    return c.json(
      { id: link.id, self: `${world.url}/rest/api/3/issue/${issue.id}/remotelink/${link.id}` },
      present ? 200 : 201,
    );
  });
  app.delete('/issue/:issueIdOrKey/remotelink', (c) => {
    const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
    requireLinking(c, issue.id);
    const globalId = c.req.query('globalId') ?? '';
    const rest = remoteOf(issue.id).filter((link) => link.globalId !== globalId);
    if (rest.length === remoteOf(issue.id).length)
      throw notFound(`A remote issue link with the global id ${globalId} does not exist.`);
    store.remoteLinks.set(issue.id, rest);
    return c.body(null, 204);
  });
  app.get('/issue/:issueIdOrKey/remotelink/:linkId', (c) => c.json(remoteLinkView(world, oneRemote(c))));
  app.put('/issue/:issueIdOrKey/remotelink/:linkId', async (c) => {
    const link = oneRemote(c);
    requireLinking(c, link.issueId);
    const next: RemoteLinkRecord = { id: link.id, issueId: link.issueId, ...readRemote(await readObjectBody(c)) };
    store.remoteLinks.set(
      link.issueId,
      remoteOf(link.issueId).map((it) => (it.id === next.id ? next : it)),
    );
    return c.body(null, 204);
  });
  app.delete('/issue/:issueIdOrKey/remotelink/:linkId', (c) => {
    const link = oneRemote(c);
    requireLinking(c, link.issueId);
    store.remoteLinks.set(
      link.issueId,
      remoteOf(link.issueId).filter(({ id }) => id !== link.id),
    );
    return c.body(null, 204);
  });

  // ---- watchers ----

  app.get('/issue/:issueIdOrKey/watchers', (c) => {
    const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
    const watchers = store.watchers.get(issue.id) ?? [];
    return c.json({
      self: `${world.url}/rest/api/3/issue/${store.keyOf(issue)}/watchers`,
      isWatching: watchers.includes(c.var.caller.person?.accountId ?? ''),
      watchCount: watchers.length,
      watchers: watchers.flatMap((id) => userById(world, c.var.caller, id) ?? []),
    });
  });
  app.post('/issue/:issueIdOrKey/watchers', async (c) => {
    const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
    const named = await readBody(c);
    const accountId = typeof named === 'string' ? named : c.var.caller.person?.accountId;
    if (accountId === undefined || !store.people.has(accountId)) throw badRequest('The user does not exist.');
    const watchers = store.watchers.get(issue.id) ?? [];
    store.watchers.set(issue.id, [...new Set([...watchers, accountId])]);
    return c.body(null, 204);
  });
  app.delete('/issue/:issueIdOrKey/watchers', (c) => {
    const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
    const accountId = c.req.query('accountId') ?? '';
    store.watchers.set(
      issue.id,
      (store.watchers.get(issue.id) ?? []).filter((id) => id !== accountId),
    );
    return c.body(null, 204);
  });

  return app;
}

function readRemote(body: Readonly<Record<string, unknown>>): Omit<RemoteLinkRecord, 'id' | 'issueId'> {
  const { globalId, application, relationship, object } = body;
  if (!isRecord(object)) throw badRequest('object : is required');
  const errors: Record<string, string> = {};
  if (typeof object.url !== 'string' || object.url === '') errors.url = "'url' is required.";
  if (typeof object.title !== 'string' || object.title === '') errors.title = "'title' is required.";
  if (typeof globalId === 'string' && globalId.length > 255)
    errors.globalId = "'globalId' must be 255 characters or fewer.";
  if (Object.keys(errors).length > 0) throw new JiraError(400, [], errors);
  return {
    ...(typeof globalId === 'string' ? { globalId } : {}),
    ...(isRecord(application) ? { application } : {}),
    ...(typeof relationship === 'string' ? { relationship } : {}),
    object,
  };
}
