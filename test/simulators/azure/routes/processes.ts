// The process as its administrators see it: rules of a type, listed, added and deleted. Rules that hold always or by values of
// fields, and that require a field or make it read-only; the real service knows more kinds.
// https://learn.microsoft.com/rest/api/azure/devops/processes/rules
import { z } from 'zod';
import type { TypeDefinition } from '../data/types.ts';
import { fieldNotFound, invalidArgument, notFound } from '../errors.ts';
import type { Json } from '../render.ts';
import { type Call, json, list, noContent, type Route } from '../router.ts';
import { viewOf } from '../simulator.ts';
import { guidOf } from '../store/ids.ts';
import { typeOf } from '../store/lookups.ts';
import type { ProcessRule } from '../store/model.ts';
import { demand } from '../store/people.ts';
import { AGILE_PROCESS_ID } from './core.ts';
import { body } from './read.ts';

const BASE = 'work/processes/:process/workitemtypes/:type/rules';

function typeOfPath(call: Call): TypeDefinition {
  if ((call.params.process ?? '').toLowerCase() !== AGILE_PROCESS_ID) {
    throw notFound(`The process ${call.params.process ?? ''} does not exist.`, 'ProcessNotFoundException');
  }
  return typeOf(call.simulator.world, call.params.type ?? '', 'the process');
}

const ACTIONS = { required: 'makeRequired', readOnly: 'makeReadOnly' } as const;

function ruleJson(call: Call, type: TypeDefinition, rule: ProcessRule): Json {
  const path = `_apis/work/processes/${AGILE_PROCESS_ID}/workItemTypes/${type.referenceName}/rules/${rule.id}`;
  return {
    id: rule.id,
    name: rule.name,
    conditions: rule.when.map(({ field, value }) => ({ conditionType: 'when', field, value })),
    actions: [{ actionType: ACTIONS[rule.action], targetField: rule.field, value: '' }],
    isDisabled: false,
    customizationType: 'custom',
    url: `${viewOf(call.simulator).base}/${path}`,
  };
}

const rulesOf = (call: Call, type: TypeDefinition): ProcessRule[] =>
  call.simulator.world.rules.filter((rule) => rule.type.toLowerCase() === type.name.toLowerCase());

const ruleSchema = z.object({
  name: z.string().min(1),
  conditions: z.array(z.object({ conditionType: z.string(), field: z.string(), value: z.string() })),
  actions: z.array(z.object({ actionType: z.string(), targetField: z.string() })).length(1),
});

async function add(call: Call): Promise<Response> {
  const { world } = call.simulator;
  demand(world, call.caller.person.id, 'editProcess');
  const type = typeOfPath(call);
  const wanted = await body(call, ruleSchema);
  const [action] = wanted.actions;
  const kind =
    action?.actionType === 'makeRequired' ? 'required' : action?.actionType === 'makeReadOnly' ? 'readOnly' : undefined;
  if (
    action === undefined ||
    kind === undefined ||
    wanted.conditions.some(({ conditionType }) => conditionType !== 'when')
  ) {
    throw invalidArgument('A rule has conditions of type when, and one action of type makeRequired or makeReadOnly.');
  }
  const name = (given: string): string => {
    const field = world.fields.get(given.toLowerCase());
    if (field === undefined) throw fieldNotFound(given);
    return field.referenceName;
  };
  const rule: ProcessRule = {
    id: guidOf(`rule:${type.name}:${wanted.name}:${world.rules.length}`),
    name: wanted.name,
    type: type.name,
    when: wanted.conditions.map(({ field, value }) => ({ field: name(field), value })),
    action: kind,
    field: name(action.targetField),
  };
  world.rules.push(rule);
  return json(ruleJson(call, type, rule), 201);
}

function remove(call: Call): Response {
  const { world } = call.simulator;
  demand(world, call.caller.person.id, 'editProcess');
  const rule = rulesOf(call, typeOfPath(call)).find((one) => one.id === call.params.rule?.toLowerCase());
  if (rule === undefined) throw notFound(`The rule ${call.params.rule ?? ''} does not exist.`);
  world.rules.splice(world.rules.indexOf(rule), 1);
  return noContent();
}

export const PROCESS_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    pattern: BASE,
    scope: 'vso.work',
    handler: (call) => {
      const type = typeOfPath(call);
      return list(rulesOf(call, type).map((rule) => ruleJson(call, type, rule)));
    },
  },
  { method: 'POST', pattern: BASE, scope: 'vso.work_write', handler: add },
  { method: 'DELETE', pattern: `${BASE}/:rule`, scope: 'vso.work_write', handler: remove },
];
