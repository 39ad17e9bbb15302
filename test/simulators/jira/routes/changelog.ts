// Histories of issues: of one, oldest first; by ids; of many at once.
import { Hono } from 'hono';
import { badRequest } from '../errors.ts';
import { type Env, pageOf, pageView, param, type Routes, readObjectBody, strings } from '../http.ts';
import type { History } from '../model.ts';
import { canSeeIssue, visibleIssue } from '../permissions.ts';
import { historyView } from '../views.ts';
import type { World } from '../world.ts';

const BULK_DEFAULT = 1_000;
const BULK_LIMIT = 10_000;

export function changelogRoutes(world: World): Routes {
  const app: Routes = new Hono<Env>();
  const of = (issueId: number): readonly History[] => world.store.histories.get(issueId) ?? [];

  app.get('/issue/:issueIdOrKey/changelog', (c) => {
    const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
    const self = `${world.url}/rest/api/3/issue/${issue.id}/changelog`;
    return c.json(pageView(self, of(issue.id), pageOf(c, 100), (history) => historyView(world, c.var.caller, history)));
  });

  app.post('/issue/:issueIdOrKey/changelog/list', async (c) => {
    const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
    const { changelogIds } = await readObjectBody(c);
    if (!Array.isArray(changelogIds)) throw badRequest('The list of changelog ids must be given.');
    const wanted = new Set(changelogIds.map(Number));
    const found = of(issue.id).filter(({ id }) => wanted.has(id));
    return c.json({
      startAt: 0,
      maxResults: found.length,
      total: found.length,
      histories: found.map((history) => historyView(world, c.var.caller, history)),
    });
  });

  app.post('/changelog/bulkfetch', async (c) => {
    const body = await readObjectBody(c);
    const ids = strings(body.issueIdsOrKeys, 'issueIdsOrKeys');
    if (ids.length === 0 || ids.length > 1_000) throw badRequest('1 to 1000 issues must be given.');
    const fieldIds = strings(body.fieldIds, 'fieldIds');
    if (fieldIds.length > 10) throw badRequest('At most 10 field ids can be given.');
    const maxResults = Math.min(typeof body.maxResults === 'number' ? body.maxResults : BULK_DEFAULT, BULK_LIMIT);
    const start =
      typeof body.nextPageToken === 'string' ? Number(Buffer.from(body.nextPageToken, 'base64url').toString()) : 0;
    if (!Number.isInteger(start) || start < 0) throw badRequest('The nextPageToken is invalid or has expired.');
    const fits = (history: History): boolean =>
      fieldIds.length === 0 || history.items.some(({ fieldId }) => fieldId !== undefined && fieldIds.includes(fieldId));
    const rows = ids
      .flatMap((id) => world.store.findIssue(id) ?? [])
      .filter((issue) => canSeeIssue(world, c.var.caller, issue))
      .flatMap((issue) =>
        of(issue.id)
          .filter(fits)
          .map((history) => ({ issueId: String(issue.id), history })),
      );
    const page = rows.slice(start, start + maxResults);
    const grouped = Map.groupBy(page, ({ issueId }) => issueId);
    const end = start + page.length;
    return c.json({
      issueChangeLogs: [...grouped].map(([issueId, entries]) => ({
        issueId,
        changeHistories: entries.map(({ history }) => historyView(world, c.var.caller, history)),
      })),
      ...(end < rows.length ? { nextPageToken: Buffer.from(String(end)).toString('base64url') } : {}),
    });
  });

  return app;
}
