// The process' rules and what becomes of values: each case fails when its rule is taken out.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AzureSimulator, startAzureSimulator } from './server.ts';
import { type Body, clientOf, control, field, PATCH_TYPE, type TestClient } from './test-client.ts';

let simulator: AzureSimulator;
let client: TestClient;
let admin: TestClient;

beforeAll(async () => {
  simulator = await startAzureSimulator({ seed: 'empty' });
  client = clientOf(simulator);
  admin = clientOf(simulator, simulator.admin.pat);
});
afterAll(async () => {
  expect(simulator.kernel.checker.violations).toEqual([]);
  await simulator.close();
});

const V = 'Microsoft.VSTS';
const errors = (body: Body): string[] =>
  (body.customProperties?.RuleValidationErrors ?? []).map(
    (one: Body) => `${one.fieldReferenceName}: ${one.fieldStatusFlags}`,
  );

describe('refused values', () => {
  it.each<[string, Record<string, unknown>, number, string]>([
    ['no title', { 'System.Title': null }, 400, 'Required, InvalidEmpty'],
    ['a title of blanks', { 'System.Title': '   ' }, 400, 'Required, InvalidEmpty'],
    [
      'a title of 256 characters',
      { 'System.Title': 'x'.repeat(256) },
      400,
      "TF401324: Value for field 'System.Title' is too long.",
    ],
    ['a title of two lines', { 'System.Title': 'a\nb' }, 400, 'InvalidFormat'],
    ['an unknown state', { 'System.State': 'Doing' }, 400, 'not in the list of supported values'],
    ['a state other than the first', { 'System.State': 'Active' }, 400, 'not in the list of supported values'],
    ['an unknown field', { 'Custom.Nothing': 1 }, 400, 'TF51535'],
    ["a field of another type's", { [`${V}.TCM.ReproSteps`]: 'x' }, 400, 'TF51535'],
    ['a system field', { 'System.CreatedBy': 'x' }, 400, "TF401326: Invalid field status 'ReadOnly'"],
    ['a value off the list', { 'Custom.Environment': 'Moon' }, 400, 'not in the list of supported values'],
    ['a priority off the list', { [`${V}.Common.Priority`]: 9 }, 400, 'not in the list of supported values'],
    ['text for a number', { [`${V}.Scheduling.RemainingWork`]: 'many' }, 400, 'InvalidFormat'],
    ['a fraction for an integer', { 'Custom.Attempts': 1.5 }, 400, 'InvalidFormat'],
    ['text for a date', { [`${V}.Scheduling.DueDate`]: 'soon' }, 400, 'InvalidFormat'],
    ['text for a boolean', { 'Custom.Regression': 'maybe' }, 400, 'InvalidFormat'],
    ['an unknown person', { 'System.AssignedTo': 'nobody@acme.example' }, 400, 'is an unknown identity'],
    ['an unknown area', { 'System.AreaPath': 'Tandem\\Nowhere' }, 400, 'TF401347'],
    ['an empty iteration', { 'System.IterationPath': '' }, 400, 'TF401347'],
    ['a tag of 401 characters', { 'System.Tags': 'x'.repeat(401) }, 400, 'InvalidTooLong'],
    ['an object for text', { 'Custom.Customer': { a: 1 } }, 400, 'InvalidType'],
  ])('%s', async (_, fields, status, message) => {
    const answer = await client.tryCreate('Task', { 'System.Title': 'T', ...fields });
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(message);
  });

  it('all violations of one save are told together, and nothing is saved', async () => {
    const before = simulator.world().items.size;
    const answer = await client.tryCreate('Task', { 'Custom.Attempts': 'x', 'Custom.Environment': 'Moon' });
    expect(errors(answer.body)).toEqual([
      'Custom.Attempts: invalidFormat',
      'Custom.Environment: hasValues, limitedToValues, allowsOldValue, invalidListValue',
      'System.Title: required, invalidEmpty',
    ]);
    expect(answer.body).toMatchObject({ $id: '1', innerException: null, typeKey: 'RuleValidationException' });
    expect(simulator.world().items.size).toBe(before);
  });

  it('an unknown type is a 404, a wrong content type a 415, no patch document a 400', async () => {
    expect((await client.tryCreate('Dream', { 'System.Title': 'T' })).body.message).toContain('VS402323');
    const id = await client.create('Task');
    const path = `/Tandem/_apis/wit/workitems/${id}`;
    expect((await client.call('PATCH', path, [field('System.Title', 'x')])).status).toBe(415);
    expect((await client.call('PATCH', '/_apis/wit/workitems/999999', [], PATCH_TYPE)).status).toBe(404);
    expect((await client.patch(id, [])).body.message).toBe(
      'You must pass a valid patch document in the body of the request.',
    );
  });
});

describe('what becomes of a value', () => {
  it.each<[string, string, unknown, unknown]>([
    [
      'a date with an offset becomes UTC',
      `${V}.Scheduling.DueDate`,
      '2026-03-01T00:30:00+02:00',
      '2026-02-28T22:30:00Z',
    ],
    ['a day becomes its midnight', `${V}.Scheduling.DueDate`, '2026-03-01', '2026-03-01T00:00:00Z'],
    ['milliseconds lose trailing zeros', 'Custom.ReviewedOn', '2026-03-01T10:00:00.120Z', '2026-03-01T10:00:00.12Z'],
    ['numbers may come as text', 'Custom.CostEstimate', '12.50', 12.5],
    ['booleans may come as text', 'Custom.Regression', 'True', true],
    ['list values take the list’s spelling', 'Custom.Environment', 'production', 'Production'],
    ['text loses blanks at its ends', 'Custom.Customer', '  Zoë  ', 'Zoë'],
    [
      'tags are sorted, trimmed and one of each',
      'System.Tags',
      'beta ;alpha; BETA,  two  words',
      'alpha; beta; two words',
    ],
    ['areas take the tree’s spelling', 'System.AreaPath', 'tandem\\routing', 'Tandem\\Routing'],
  ])('%s', async (_, name, given, kept) => {
    const id = await client.create('Task', { [name]: given });
    expect((await client.get(`/_apis/wit/workitems/${id}`)).body.fields[name]).toEqual(kept);
  });

  it('people are found by mail, by `Name <mail>`, by descriptor, by id, by name, and shown as objects', async () => {
    const linh = [...simulator.world().people.values()].find((one) => one.uniqueName.startsWith('linh'));
    if (linh === undefined) throw new Error('the seed lacks Linh');
    for (const given of [
      linh.uniqueName.toUpperCase(),
      `Whoever <${linh.uniqueName}>`,
      { descriptor: linh.descriptor },
      linh.id,
      linh.displayName,
    ]) {
      const id = await client.create('Task', { 'System.AssignedTo': given });
      const { fields } = (await client.get(`/_apis/wit/workitems/${id}`)).body;
      expect(fields['System.AssignedTo']).toMatchObject({ id: linh.id, uniqueName: linh.uniqueName });
    }
  });

  it('an empty value removes the field, and the same value again makes no revision', async () => {
    const id = await client.create('Task', { 'Custom.Customer': 'Zoë' });
    expect((await client.patch(id, [field('Custom.Customer', 'Zoë')])).body.rev).toBe(1);
    const emptied = await client.patch(id, [{ op: 'remove', path: '/fields/Custom.Customer' }]);
    expect(emptied.body.rev).toBe(2);
    expect(emptied.body.fields['Custom.Customer']).toBeUndefined();
  });

  it('long text has a limit of its own', async () => {
    const limit = 1_048_576;
    expect(
      (await client.tryCreate('Task', { 'System.Title': 'T', 'System.Description': 'x'.repeat(limit) })).status,
    ).toBe(200);
    const refused = await client.tryCreate('Task', {
      'System.Title': 'T',
      'System.Description': 'x'.repeat(limit + 1),
    });
    expect(errors(refused.body)).toEqual(['System.Description: invalidTooLong']);
  });

  it('tags are added by add, and set by replace', async () => {
    const id = await client.create('Task', { 'System.Tags': 'one' });
    const tags = async (op: string, value?: string) =>
      (await client.patch(id, [{ op, path: '/fields/System.Tags', ...(value === undefined ? {} : { value }) }])).body
        .fields['System.Tags'];
    expect(await tags('add', 'TWO; One')).toBe('one; TWO');
    expect(await tags('add', '')).toBe('one; TWO');
    expect(await tags('replace', 'two')).toBe('two');
    expect(await tags('replace', '')).toBeUndefined();
    expect(await tags('add', 'three')).toBe('three');
    expect(await tags('remove')).toBeUndefined();
  });

  it("an operation may be the number that Microsoft's clients have for it", async () => {
    const id = await client.create('Task');
    const answer = await client.patch(id, [
      { op: 5, path: '/rev', value: 1 },
      { op: 0, path: '/fields/System.Title', value: 'added' },
      { op: 1, path: '/fields/System.Tags' },
    ]);
    expect([answer.status, answer.body.fields['System.Title']]).toEqual([200, 'added']);
    expect((await client.patch(id, [{ op: 6, path: '/fields/System.Title', value: 'x' }])).status).toBe(400);
  });

  it('only long text can be Markdown', async () => {
    const id = await client.create('Task');
    const marked = await client.patch(id, [
      field('System.Title', 'b'),
      { op: 'add', path: '/multilineFieldsFormat/System.Title', value: 'Markdown' },
    ]);
    expect([marked.status, marked.body.message]).toEqual([
      400,
      'Operation of changing value type is not supported for the field System.Title',
    ]);
  });

  it('a value that could not be read is not also told to be missing', async () => {
    const refused = await client.tryCreate('Task', { 'System.Title': 'a\nb' });
    expect(errors(refused.body)).toEqual(['System.Title: invalidFormat']);
  });

  it('Markdown stays as written and is named in multilineFieldsFormat, until the field is written as HTML again', async () => {
    const markdown = { op: 'add', path: '/multilineFieldsFormat/System.Description', value: 'Markdown' };
    const id = await client.create('Task');
    expect((await client.patch(id, [markdown])).status).toBe(400);
    const saved = await client.patch(id, [field('System.Description', '**b** <i>&"'), markdown]);
    expect(saved.body.fields['System.Description']).toBe('**b** <i>&"');
    expect(saved.body.multilineFieldsFormat).toEqual({ 'System.Description': 'markdown' });
    const again = await client.patch(id, [field('System.Description', '# <u>x</u>')]);
    expect(again.body.fields['System.Description']).toBe('# <u>x</u>');
    const back = await client.patch(id, [field('System.Description', '<b>x'), { ...markdown, value: 'Html' }]);
    expect(back.body.fields['System.Description']).toBe('<b>x</b>');
    expect(back.body.multilineFieldsFormat).toBeUndefined();
    expect((await client.patch(id, [field('System.Description', 'x'), { ...markdown, value: 'Wiki' }])).status).toBe(
      400,
    );
  });
});

describe('the workflow', () => {
  it('a state follows only by a transition, with the transition’s reason', async () => {
    const id = await client.create('Bug');
    const resolved = await client.patch(id, [field('System.State', 'resolved')]);
    expect(resolved.body.fields).toMatchObject({
      'System.State': 'Resolved',
      'System.Reason': 'Fixed',
      [`${V}.Common.ResolvedReason`]: 'Fixed',
    });
    expect(resolved.body.fields[`${V}.Common.ResolvedBy`].id).toBe(simulator.ordinary.id);
    expect((await client.patch(id, [field('System.State', 'New')])).status).toBe(400);
    const active = await client.patch(id, [field('System.State', 'Active'), field('System.Reason', 'Test Failed')]);
    expect(active.body.fields['System.Reason']).toBe('Test Failed');
    expect(active.body.fields[`${V}.Common.ResolvedDate`]).toBeUndefined();
    const wrong = await client.patch(id, [field('System.State', 'Resolved'), field('System.Reason', 'Tired')]);
    expect(errors(wrong.body)).toEqual(['System.Reason: hasValues, limitedToValues, allowsOldValue, invalidListValue']);
    expect((await client.patch(id, [field('System.Reason', 'Investigate')])).status).toBe(400);
  });

  it('types list the transitions that are enforced', async () => {
    const type = (await client.get('/Tandem/_apis/wit/workitemtypes/User%20Story')).body;
    expect(type.transitions.New.map((one: Body) => one.to)).toEqual(['New', 'Active', 'Removed']);
    expect(type.transitions[''].map((one: Body) => one.to)).toEqual(['New']);
    const id = await client.create('User Story');
    const next = await client.get(`/_apis/wit/workitemtransitions?ids=${id}&action=checkin`);
    expect(next.body.value).toEqual([{ id, stateOnTransition: 'Active' }]);
  });

  it('a closed task has no remaining work', async () => {
    const remaining = `${V}.Scheduling.RemainingWork`;
    const id = await client.create('Task', { [remaining]: 4 });
    await client.patch(id, [field('System.State', 'Active')]);
    const refused = await client.patch(id, [field('System.State', 'Closed'), field(remaining, 2)]);
    expect(errors(refused.body)).toEqual([`${remaining}: invalidNotEmpty`]);
    const closed = await client.patch(id, [field('System.State', 'Closed')]);
    expect(closed.body.fields[remaining]).toBeUndefined();
  });

  it('bypassing rules allows any state, old dates and other people’s names', async () => {
    const made = await admin.tryCreate(
      'Bug',
      {
        'System.Title': 'T',
        'System.State': 'Closed',
        'System.CreatedDate': '2020-01-01T00:00:00Z',
        'System.CreatedBy': simulator.ordinary.uniqueName,
      },
      '?bypassRules=true',
    );
    expect(made.body.fields).toMatchObject({ 'System.State': 'Closed', 'System.CreatedDate': '2020-01-01T00:00:00Z' });
    expect(made.body.fields['System.CreatedBy'].id).toBe(simulator.ordinary.id);
    const backwards = await admin.patch(
      made.body.id,
      [field('System.Title', 'Back'), field('System.ChangedDate', '2019-01-01T00:00:00Z')],
      '?bypassRules=true',
    );
    expect(backwards.body.message).toContain('VS402625');
  });
});

describe('rules that an administrator added', () => {
  it('a field can be required in a state, or always, or be read-only', async () => {
    await control(simulator, 'POST', '/rules', {
      type: 'Issue',
      field: 'Custom.Customer',
      action: 'required',
      when: [{ field: 'System.State', value: 'Closed' }],
    });
    const id = await client.create('Issue');
    const refused = await client.patch(id, [field('System.State', 'Closed')]);
    expect(errors(refused.body)).toEqual(['Custom.Customer: required, invalidEmpty']);
    expect((await client.patch(id, [field('System.State', 'Closed'), field('Custom.Customer', 'x')])).status).toBe(200);

    await control(simulator, 'POST', '/rules', { type: 'Issue', field: 'Custom.JiraKey', action: 'required' });
    expect(errors((await client.tryCreate('Issue', { 'System.Title': 'T' })).body)).toEqual([
      'Custom.JiraKey: required, invalidEmpty',
    ]);
    const instance = await client.get('/Tandem/_apis/wit/workitemtypes/Issue/fields/Custom.JiraKey');
    expect(instance.body.alwaysRequired).toBe(true);

    await control(simulator, 'POST', '/rules', { type: 'Bug', field: 'Custom.Customer', action: 'readOnly' });
    const bug = await client.create('Bug');
    expect(errors((await client.patch(bug, [field('Custom.Customer', 'x')])).body)).toEqual([
      'Custom.Customer: readOnly, invalidNotOldValue',
    ]);
    await control(simulator, 'DELETE', '/rules');
    expect((await client.tryCreate('Issue', { 'System.Title': 'T' })).status).toBe(200);
  });

  it('are listed, added and deleted through the process as well', async () => {
    const rules =
      '/_apis/work/processes/adcc42ab-9882-485e-a3ed-7678f01f66bc/workItemTypes/Microsoft.VSTS.WorkItemTypes.Epic/rules';
    const rule = {
      name: 'Customers of large epics',
      conditions: [{ conditionType: 'when', field: 'Microsoft.VSTS.Common.Priority', value: '1' }],
      actions: [{ actionType: 'makeRequired', targetField: 'Custom.Customer', value: '' }],
    };
    expect((await client.post(rules, rule)).status).toBe(403);
    const added = await admin.post(rules, rule);
    expect((await client.get(rules)).body.value).toEqual([added.body]);
    const first = await client.tryCreate('Epic', { 'System.Title': 'T', 'Microsoft.VSTS.Common.Priority': 1 });
    expect(errors(first.body)).toEqual(['Custom.Customer: required, invalidEmpty']);
    expect((await admin.call('DELETE', `${rules}/${added.body.id}`)).status).toBe(204);
    expect((await client.tryCreate('Epic', { 'System.Title': 'T', 'Microsoft.VSTS.Common.Priority': 1 })).status).toBe(
      200,
    );
  });

  it('a new field is on every type at once', async () => {
    await control(simulator, 'POST', '/fields', {
      referenceName: 'Custom.Colour',
      name: 'Colour',
      type: 'string',
      picklist: ['Red', 'Blue'],
    });
    const id = await client.create('Epic', { 'Custom.Colour': 'red' });
    expect((await client.get(`/_apis/wit/workitems/${id}?fields=Custom.Colour`)).body.fields).toEqual({
      'Custom.Colour': 'Red',
    });
  });
});

describe('patch documents', () => {
  it('test, copy, move, replace and remove work on fields, in order and all or nothing', async () => {
    const id = await client.create('Task', { 'Custom.Customer': 'a', 'Custom.JiraKey': 'b' });
    const done = await client.patch(id, [
      { op: 'test', path: '/fields/Custom.Customer', value: 'a' },
      { op: 'copy', from: '/fields/Custom.Customer', path: '/fields/Custom.JiraReporter' },
      { op: 'move', from: '/fields/Custom.JiraKey', path: '/fields/Custom.Customer' },
      { op: 'Replace', path: '/fields/Title', value: 'By its name' },
    ]);
    expect(done.body.fields).toMatchObject({
      'Custom.Customer': 'b',
      'Custom.JiraReporter': 'a',
      'System.Title': 'By its name',
    });
    expect(done.body.fields['Custom.JiraKey']).toBeUndefined();
    const refused = await client.patch(id, [
      field('System.Title', 'Lost'),
      { op: 'test', path: '/fields/Custom.Customer', value: 'z' },
    ]);
    expect(refused.status).toBe(412);
    expect(refused.body.typeKey).toBe('TestPatchOperationFailedException');
    expect((await client.get(`/_apis/wit/workitems/${id}`)).body.fields['System.Title']).toBe('By its name');
  });

  it.each([
    [{ op: 'add', path: '/nothing/x', value: 1 }, 'Unable to evaluate path /nothing/x'],
    [{ op: 'remove', path: '/relations/7' }, 'Index out of range for path /relations/7.'],
    [{ op: 'add', path: '/relations/-', value: {} }, 'valid patch document'],
    [{ op: 'jump', path: '/fields/System.Title' }, 'valid patch document'],
  ])('%j is refused', async (op, message) => {
    const answer = await client.patch(await client.create('Task'), [op]);
    expect(answer.status).toBe(400);
    expect(answer.body.message).toContain(message);
  });

  it('validateOnly checks all and saves nothing', async () => {
    const before = simulator.world().counters.item;
    const preview = await client.tryCreate('Task', { 'System.Title': 'T' }, '?validateOnly=true');
    expect(preview.body).toMatchObject({ rev: 1, fields: { 'System.State': 'New' } });
    expect((await client.tryCreate('Task', {}, '?validateOnly=true')).status).toBe(400);
    const id = await client.create('Task');
    expect((await client.patch(id, [field('System.Title', 'x')], '?validateOnly=true')).body.rev).toBe(2);
    expect((await client.get(`/_apis/wit/workitems/${id}`)).body.rev).toBe(1);
    expect(simulator.world().counters.item).toBe(before + 1);
  });

  it('fields and $expand exclude each other', async () => {
    const id = await client.create('Task');
    const answer = await client.get(`/_apis/wit/workitems/${id}?fields=System.Title&$expand=all`);
    expect(answer.body).toMatchObject({ typeKey: 'ConflictingParametersException' });
    expect((await client.get(`/_apis/wit/workitems/${id}?fields=Nonsense`)).body.message).toContain('TF51535');
  });
});

describe('ids and moves', () => {
  it('ids ascend and are never given again', async () => {
    const first = await admin.create('Task');
    await admin.call('DELETE', `/_apis/wit/workitems/${first}?destroy=true`);
    expect(await admin.create('Task')).toBe(first + 1);
  });

  it('an item moves to another project with the areas of that one', async () => {
    const id = await client.create('Task', { 'System.AreaPath': 'Tandem\\Routing' });
    const moved = await client.patch(id, [field('System.TeamProject', 'Archive')]);
    expect(moved.body.fields).toMatchObject({ 'System.TeamProject': 'Archive', 'System.AreaPath': 'Archive' });
    expect((await client.get(`/Tandem/_apis/wit/workitems/${id}`)).status).toBe(404);
    expect(
      (await client.get(`/Archive/_apis/wit/workitems/${id}?$expand=all`)).body.fields['System.AreaLevel2'],
    ).toBeUndefined();
  });

  it('a read as of an earlier time shows that revision', async () => {
    const id = await client.create('Task', { 'System.Title': 'Before' });
    const { fields } = (await client.get(`/_apis/wit/workitems/${id}`)).body;
    await simulator.kernel.clock.advance(60_000);
    await client.patch(id, [field('System.Title', 'After')]);
    const old = await client.get(`/_apis/wit/workitems/${id}?asOf=${fields['System.ChangedDate']}`);
    expect(old.body.fields['System.Title']).toBe('Before');
    expect((await client.get(`/_apis/wit/workitems/${id}?asOf=2001-01-01`)).status).toBe(404);
  });
});
