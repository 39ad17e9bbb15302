// The part of Jira's Agile API that planning needs: boards, sprints, and which issues are in them.
// https://developer.atlassian.com/cloud/jira/software/rest/api-group-sprint/, …/api-group-board/, …/api-group-backlog/
import { Hono } from 'hono';
import { draftEdit } from '../edit.ts';
import { carryOut } from '../effects.ts';
import { badRequest, forbidden, notFound } from '../errors.ts';
import { changesBetween } from '../fields/changes.ts';
import { SPRINT_FIELD } from '../fields/definitions.ts';
import { type Ctx, type Env, pageOf, pageView, param, type Routes, readObjectBody, strings } from '../http.ts';
import { inputContext } from '../issue-writes.ts';
import type { BoardRecord, IssueRecord, SprintRecord } from '../model.ts';
import { hasPermission, requirePermission, visibleIssue } from '../permissions.ts';
import { parseInstant } from '../time.ts';
import { shortIssueView, type View } from '../views.ts';
import type { World } from '../world.ts';

/** `maxResults` beyond it is cut without a word: pycontribs/jira issue 932. */
const PAGE = 50;
/** "The maximum number of issues that can be moved in one operation is 50." */
const MOST_MOVED = 50;

const states: readonly string[] = ['future', 'active', 'closed'];

export function agileRoutes(world: World): Routes {
  const app: Routes = new Hono<Env>();
  const { store } = world;
  const self = (path: string): string => `${world.url}/rest/agile/1.0/${path}`;

  const boardOf = (c: Ctx, id: string | number): BoardRecord => {
    const board = store.boards.get(Number(id));
    if (board === undefined || !hasPermission(world, c.var.caller, 'BROWSE_PROJECTS')) {
      throw notFound(
        'Requested board cannot be viewed because it either does not exist or you do not have permission to view it.',
      );
    }
    return board;
  };
  const boardView = (board: BoardRecord): View => {
    const project = store.projects.get(board.projectId);
    return {
      id: board.id,
      self: self(`board/${board.id}`),
      name: board.name,
      type: board.type,
      ...(project === undefined
        ? {}
        : {
            location: {
              projectId: project.id,
              displayName: `${project.name} (${project.key})`,
              projectName: project.name,
              projectKey: project.key,
              projectTypeKey: 'software',
              name: `${project.name} (${project.key})`,
            },
          }),
    };
  };

  app.get('/board', (c) => {
    const project = c.req.query('projectKeyOrId');
    const named = [...store.projects.values()].find(({ id, key }) => key === project || String(id) === project);
    if (project !== undefined && named === undefined)
      throw badRequest(`No project could be found with key or id '${project}'.`);
    const types = (c.req.query('type') ?? '').split(',').filter((type) => type !== '');
    const name = c.req.query('name')?.toLowerCase() ?? '';
    const boards = hasPermission(world, c.var.caller, 'BROWSE_PROJECTS') ? [...store.boards.values()] : [];
    const found = boards.filter(
      (board) =>
        (named === undefined || board.projectId === named.id) &&
        (types.length === 0 || types.includes(board.type)) &&
        board.name.toLowerCase().includes(name),
    );
    return c.json(pageOfValues(c, found, boardView));
  });
  app.get('/board/:boardId', (c) => c.json(boardView(boardOf(c, param(c, 'boardId')))));
  app.get('/board/:boardId/sprint', (c) => {
    const board = boardOf(c, param(c, 'boardId'));
    if (board.type !== 'scrum') throw badRequest('The board does not support sprints');
    const wanted = (c.req.query('state') ?? '').split(',').filter((state) => state !== '');
    if (wanted.some((state) => !states.includes(state))) throw badRequest('state: Invalid sprint state.');
    const found = [...store.sprints.values()].filter(
      (sprint) => sprint.boardId === board.id && (wanted.length === 0 || wanted.includes(sprint.state)),
    );
    return c.json(pageOfValues(c, found, sprintView));
  });

  /** The Agile API's pages have no `self` and no `nextPage`. */
  const pageOfValues = <T>(c: Ctx, all: readonly T[], show: (entry: T) => unknown): View => {
    const { self: _, nextPage: __, ...page } = pageView(self('page'), all, pageOf(c, PAGE), show);
    return page;
  };

  const sprintView = (sprint: SprintRecord): View => ({
    id: sprint.id,
    self: self(`sprint/${sprint.id}`),
    state: sprint.state,
    name: sprint.name,
    ...(sprint.start === undefined ? {} : { startDate: new Date(sprint.start).toISOString() }),
    ...(sprint.end === undefined ? {} : { endDate: new Date(sprint.end).toISOString() }),
    ...(sprint.completed === undefined ? {} : { completeDate: new Date(sprint.completed).toISOString() }),
    createdDate: new Date(sprint.created).toISOString(),
    originBoardId: sprint.boardId,
    goal: sprint.goal,
  });
  const sprintOf = (c: Ctx): SprintRecord => {
    const sprint = store.sprints.get(Number(param(c, 'sprintId')));
    if (sprint === undefined || !hasPermission(world, c.var.caller, 'BROWSE_PROJECTS')) {
      throw notFound('The requested sprint does not exist or you do not have permission to view it.');
    }
    return sprint;
  };
  const mayManage = (c: Ctx): void => {
    if (!hasPermission(world, c.var.caller, 'MANAGE_SPRINTS_PERMISSION')) {
      throw forbidden('You do not have permission to manage sprints for this board.');
    }
  };

  app.get('/sprint/:sprintId', (c) => c.json(sprintView(sprintOf(c))));
  app.post('/sprint', async (c) => {
    const body = await readObjectBody(c);
    if (typeof body.originBoardId !== 'number') throw badRequest('originBoardId: The board id is required.');
    const board = boardOf(c, body.originBoardId);
    if (board.type !== 'scrum') throw badRequest('The board does not support sprints');
    mayManage(c);
    const sprint: SprintRecord = {
      id: store.nextId('sprint'),
      boardId: board.id,
      state: 'future',
      created: world.clock.now(),
      ...readSprint(body, { name: '', goal: '' }),
    };
    store.sprints.set(sprint.id, sprint);
    return c.json(sprintView(sprint), 201);
  });
  /** PUT writes all of it, POST what it names. */
  const change = async (c: Ctx, whole: boolean): Promise<Response> => {
    const sprint = sprintOf(c);
    mayManage(c);
    const body = await readObjectBody(c);
    const { start: _, end: __, ...bare } = sprint;
    const read = readSprint(body, whole ? { name: '', goal: '' } : sprint);
    const state = body.state === undefined ? sprint.state : String(body.state);
    checkMove(sprint, state, read);
    const completed = state === 'closed' && sprint.state !== 'closed' ? { completed: world.clock.now() } : {};
    const next: SprintRecord = {
      ...(whole ? bare : sprint),
      ...read,
      state: state as SprintRecord['state'],
      ...completed,
    };
    store.sprints.set(sprint.id, next);
    return c.json(sprintView(next));
  };
  app.put('/sprint/:sprintId', (c) => change(c, true));
  app.post('/sprint/:sprintId', (c) => change(c, false));
  app.delete('/sprint/:sprintId', (c) => {
    const sprint = sprintOf(c);
    mayManage(c);
    for (const issue of issuesIn(sprint.id)) {
      const rest = sprintsOf(issue).filter((id) => id !== sprint.id);
      const { [SPRINT_FIELD.id]: ___, ...values } = issue.values;
      store.putIssue({ ...issue, values: rest.length === 0 ? values : { ...values, [SPRINT_FIELD.id]: rest } });
    }
    store.sprints.delete(sprint.id);
    return c.body(null, 204);
  });

  const sprintsOf = (issue: IssueRecord): readonly number[] =>
    ((issue.values[SPRINT_FIELD.id] ?? []) as readonly number[]).filter((id) => typeof id === 'number');
  const issuesIn = (id: number): readonly IssueRecord[] =>
    [...store.issues.values()].filter((issue) => sprintsOf(issue).includes(id));

  app.get('/sprint/:sprintId/issue', (c) => {
    const sprint = sprintOf(c);
    const all = issuesIn(sprint.id);
    const { startAt, maxResults } = pageOf(c, PAGE, 100);
    const issues = all.slice(startAt, startAt + maxResults).map((issue) => shortIssueView(world, issue));
    return c.json({ startAt, maxResults, total: all.length, issues });
  });
  app.post('/sprint/:sprintId/issue', async (c) => {
    const sprint = sprintOf(c);
    if (sprint.state === 'closed') throw badRequest('You must specify a sprint which has not been completed.');
    for (const issue of await named(c)) move(c, issue, sprint.id);
    return c.body(null, 204);
  });
  app.post('/backlog/issue', async (c) => {
    for (const issue of await named(c)) move(c, issue, null);
    return c.body(null, 204);
  });

  async function named(c: Ctx): Promise<readonly IssueRecord[]> {
    const keys = strings((await readObjectBody(c)).issues, 'issues');
    if (keys.length > MOST_MOVED)
      throw badRequest('The maximum number of issues that can be moved in one operation is 50.');
    return keys.map((key) => {
      const issue = visibleIssue(world, c.var.caller, key);
      requirePermission(world, c.var.caller, 'EDIT_ISSUES', issue);
      requirePermission(world, c.var.caller, 'SCHEDULE_ISSUES', issue);
      return issue;
    });
  }

  /** The same as an edit of the field. */
  function move(c: Ctx, issue: IssueRecord, sprintId: number | null): void {
    const screen = { fields: new Set([SPRINT_FIELD.id]), required: new Set<string>(), demandsAll: false };
    const input = { fields: { [SPRINT_FIELD.id]: sprintId } };
    const { record } = draftEdit(inputContext(world, c.var.caller, issue), issue, input, screen);
    const items = changesBetween(world, issue, record);
    if (items.length > 0) carryOut(world, c.var.caller, 'issue.edit', record, items);
  }

  return app;
}

type SprintParts = Pick<SprintRecord, 'name' | 'goal' | 'start' | 'end'>;

function readSprint(body: Readonly<Record<string, unknown>>, present: SprintParts): SprintParts {
  const name = body.name === undefined ? present.name : typeof body.name === 'string' ? body.name.trim() : '';
  if (name === '') throw badRequest('name: The sprint name is required.');
  // The words and the limit as clients report them.
  if (name.length >= 30) throw badRequest('Sprint name must be shorter than 30 characters');
  const date = (key: 'startDate' | 'endDate', was: number | undefined): number | undefined => {
    const value = body[key];
    if (value === undefined || value === null) return was;
    const at = typeof value === 'string' ? parseInstant(value) : undefined;
    if (at === undefined) throw badRequest(`${key}: The date must be of the ISO 8601 form with a time and a zone.`);
    return at;
  };
  const [start, end] = [date('startDate', present.start), date('endDate', present.end)];
  if (start !== undefined && end !== undefined && end < start) {
    throw badRequest('The start date of a sprint must be before the end date.');
  }
  return {
    name,
    goal: typeof body.goal === 'string' ? body.goal : present.goal,
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
  };
}

/** "A sprint can be started only when it has start and end dates; closed sprints can't be changed": the same page. */
function checkMove(sprint: SprintRecord, state: string, next: SprintParts): void {
  if (!states.includes(state)) throw badRequest('state: Invalid sprint state.');
  if (sprint.state === 'closed' && state !== 'closed') throw badRequest('A closed sprint cannot be reopened this way.');
  if (sprint.state === 'future' && state === 'closed') throw badRequest('Only an active sprint can be closed.');
  if (sprint.state === 'active' && state === 'future') throw badRequest('An active sprint cannot become a future one.');
  const starts = sprint.state === 'future' && state === 'active';
  if (starts && (next.start === undefined || next.end === undefined)) {
    throw badRequest('A sprint needs a start date and an end date to be started.');
  }
}
