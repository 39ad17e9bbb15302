import { describe, expect, it } from 'vitest';
import type { FieldSchema } from '../../backend/src/sync/catalog.ts';
import { planPair } from '../../backend/src/sync/plan-pair.ts';
import type { SuggestSchema } from '../../backend/src/sync/suggest.ts';
import { azureCatalog, jiraCatalog } from './catalogs.ts';
import { agreed, edit, errorFor, inputOf, item, lines, option, options, profile, sync, text } from './kit.ts';

/** The Agile catalog with one field of every type changed, or taken out. */
const azureWith = (id: string, change: Partial<FieldSchema> | null): SuggestSchema => ({
  ...azureCatalog,
  types: azureCatalog.types.map((type) => ({
    ...type,
    fields: type.fields.flatMap((field) =>
      field.id !== id ? [field] : change === null ? [] : [{ ...field, ...change }],
    ),
  })),
});

const of = profile();
const catalogs = (azure: SuggestSchema = azureCatalog) => ({ jira: jiraCatalog, azure });

describe('what the schema tells', () => {
  it('a read-only field is an error instead of a call', () => {
    const world = edit(agreed(of), 'jira', { summary: text('New') });
    const plan = planPair(inputOf(world, of, { catalogs: catalogs(azureWith('System.Title', { readOnly: true })) }));
    expect([errorFor(plan, 'summary'), lines(plan)]).toEqual(['read-only', []]);
  });

  it('a field that no type has is an error, one that only this type lacks is not', () => {
    const world = edit(agreed(of), 'jira', { summary: text('New') });
    const { 'System.Title': _, ...rest } = world.azure.fields;
    const lacking = { ...world, azure: { ...world.azure, fields: rest } };
    const nowhere = planPair(inputOf(lacking, of, { catalogs: catalogs(azureWith('System.Title', null)) }));
    expect(errorFor(nowhere, 'summary')).toBe('unknown-field');
    const points = edit(agreed(of), 'jira', { customfield_10016: { kind: 'number', number: 3 } });
    const task = { ...points.azure, type: 'Task', fields: { 'System.Title': text('Title') } };
    const elsewhere = planPair(inputOf({ ...points, azure: task }, of, { catalogs: catalogs() }));
    expect(errorFor(elsewhere, 'customfield_10016')).toBeUndefined();
  });

  it('a required field is not emptied', () => {
    const world = edit(agreed(of), 'jira', { summary: null });
    const plan = planPair(inputOf(world, of, { catalogs: catalogs() }));
    expect([errorFor(plan, 'summary'), lines(plan)]).toEqual(['required-field', []]);
  });

  it('options come with their id, and names that are not offered are unmapped', () => {
    const world = edit(agreed(of), 'azure', { 'Microsoft.VSTS.Common.Priority': option('1') });
    const plan = planPair(inputOf(world, of, { catalogs: catalogs() }));
    const write = plan.operations[0]?.kind === 'update' ? plan.operations[0].writes[0] : undefined;
    expect(write?.after).toEqual({ kind: 'option', option: { id: '1', name: 'Highest' } });
    const odd = edit(agreed(of), 'azure', { 'Microsoft.VSTS.Common.Priority': option('9') });
    expect(errorFor(planPair(inputOf(odd, of, { catalogs: catalogs() })), 'priority')).toBe('unmapped-value');
  });

  it('an option’s name is never taken for another option’s id', () => {
    const bare = profile({ field: { priority: { values: undefined } } });
    const world = edit(agreed(bare), 'azure', { 'Microsoft.VSTS.Common.Priority': option('1') });
    expect(errorFor(planPair(inputOf(world, bare, { catalogs: catalogs() })), 'priority')).toBe('unmapped-value');
  });

  it('a state that no single step leads to is walked', () => {
    const graph = { New: ['Active'], Active: ['Closed'], Closed: ['Active'] };
    const stepwise = { ...azureCatalog, types: azureCatalog.types.map((type) => ({ ...type, transitions: graph })) };
    const closing = profile({
      types: [
        {
          jira: 'Story',
          azure: 'User Story',
          states: [
            { jira: 'To Do', azure: 'New' },
            { jira: 'Done', azure: 'Closed' },
          ],
        },
      ],
    });
    const world = edit(agreed(closing), 'jira', {}, 'Done');
    expect(lines(planPair(inputOf(world, closing, { catalogs: catalogs(stepwise) })))).toEqual([
      'azure transition New → Closed',
    ]);
    expect(lines(planPair(inputOf(world, closing, { catalogs: catalogs() })))).toEqual(['azure state New → Closed']);
  });
});

describe('a merge that one side refuses', () => {
  it('goes through on the other side, and is tried again', () => {
    const start = agreed(of, item('jira', { labels: options('api') }));
    const both = edit(edit(start, 'jira', { labels: options('api', 'ui') }), 'azure', {
      'System.Tags': options('api', 'ops'),
    });
    const azure = azureWith('System.Tags', { readOnly: true });
    const { plan, world } = sync(both, of, { catalogs: catalogs(azure) });
    expect([errorFor(plan, 'labels'), lines(plan)]).toEqual(['read-only', ['jira labels = api, ui, ops']]);
    expect(lines(planPair(inputOf(world, of, { catalogs: catalogs() })))).toEqual(['azure System.Tags = api, ops, ui']);
  });

  it('tells options that have no counterpart and carries the others', () => {
    const components = {
      jira: 'components',
      azure: 'Custom.Parts',
      kind: 'options',
      values: [{ jira: 'Api', azure: 'API part' }],
    };
    const parts = {
      id: 'Custom.Parts',
      name: 'Parts',
      kind: 'options' as const,
      required: false,
      readOnly: false,
      allowed: [{ name: 'API part' }],
    };
    const azure = {
      ...azureCatalog,
      types: azureCatalog.types.map((type) => ({ ...type, fields: [...type.fields, parts] })),
    };
    const plan = (unmapped: string) => {
      const mapped = profile({ fields: [{ ...components, unmapped }] });
      const world = {
        jira: item('jira', { components: options('Api', 'Ui') }),
        azure: item('azure', { 'Custom.Parts': null }),
        baseline: null,
      };
      return planPair(inputOf(world, mapped, { catalogs: catalogs(azure) }));
    };
    expect([errorFor(plan('error'), 'components'), lines(plan('error'))]).toEqual([
      'unmapped-value',
      ['azure Custom.Parts = API part'],
    ]);
    expect([errorFor(plan('skip'), 'components'), lines(plan('skip'))]).toEqual([
      undefined,
      ['azure Custom.Parts = API part'],
    ]);
  });
});
