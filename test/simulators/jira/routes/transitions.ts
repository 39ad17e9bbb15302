// Transitions of an issue: those that leave its present status, and doing one.
import { Hono } from 'hono';
import { type Env, expandOf, flag, param, type Routes, readObjectBody, record } from '../http.ts';
import { allTransitions, availableTransitions, requireTransitionId, transitionIssue } from '../issue-writes.ts';
import { visibleIssue } from '../permissions.ts';
import { transitionView } from '../transition-view.ts';
import type { World } from '../world.ts';

export function transitionRoutes(world: World): Routes {
  const app: Routes = new Hono<Env>();

  app.get('/issue/:issueIdOrKey/transitions', (c) => {
    const { caller } = c.var;
    const issue = visibleIssue(world, caller, param(c, 'issueIdOrKey'));
    const all = flag(c, 'includeUnavailableTransitions');
    const listed = all ? allTransitions(world, issue) : availableTransitions(world, caller, issue);
    const only = c.req.query('transitionId');
    const withFields = expandOf(c.req.query('expand')).has('transitions.fields');
    return c.json({
      expand: 'transitions',
      transitions: listed
        .filter(({ id }) => only === undefined || id === only)
        .map((transition) => transitionView(world, caller, issue, transition, withFields)),
    });
  });

  app.post('/issue/:issueIdOrKey/transitions', async (c) => {
    const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
    const body = await readObjectBody(c);
    const id = requireTransitionId(body.transition);
    const fields = record(body.fields, 'fields');
    const update = record(body.update, 'update');
    transitionIssue(world, c.var.caller, issue, id, {
      ...(fields === undefined ? {} : { fields }),
      ...(update === undefined ? {} : { update }),
    });
    return c.body(null, 204);
  });

  return app;
}
