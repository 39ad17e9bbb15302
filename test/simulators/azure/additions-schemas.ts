// Shapes of answers that the official descriptions get wrong, each with the sample that shows it.
import type { JsonSchema, SpecAddition } from '../kernel/spec-additions.ts';

const LEARN = 'https://learn.microsoft.com';
const text: JsonSchema = { type: 'string' };
const flag: JsonSchema = { type: 'boolean' };

export const CORRECTED_SCHEMAS: readonly SpecAddition[] = [
  {
    kind: 'schema',
    name: 'StreamedBatch',
    schema: {
      type: 'object',
      required: ['values', 'isLastBatch', 'continuationToken', 'nextLink'],
      properties: { values: { type: 'array' }, isLastBatch: flag, continuationToken: text, nextLink: text },
    },
    source: `${LEARN}/rest/api/azure/devops/wit/reporting-work-item-revisions/read-reporting-revisions-get (sample response)`,
  },
  {
    kind: 'schema',
    name: 'WorkItemTypeFieldInstance',
    schema: {
      allOf: [{ $ref: '#/definitions/WorkItemTypeFieldInstanceBase' }],
      properties: { allowedValues: { type: 'array' }, defaultValue: { anyOf: [text, { type: 'null' }] } },
    },
    source: `${LEARN}/rest/api/azure/devops/wit/work-item-types-field/list (sample response: "defaultValue": null)`,
  },
  {
    kind: 'schema',
    name: 'IdentityDescriptor',
    schema: { anyOf: [text, { type: 'object' }] },
    source: `${LEARN}/rest/api/azure/devops/ims/identities/read-identities (sample response: a string)`,
  },
  {
    kind: 'schema',
    name: 'WorkItemStateTransition',
    schema: {
      type: 'object',
      required: ['to'],
      properties: { to: text, actions: { anyOf: [{ type: 'array', items: text }, { type: 'null' }] } },
    },
    source: `${LEARN}/rest/api/azure/devops/wit/work-item-types/get (sample response: "actions": null)`,
  },
  {
    kind: 'schema',
    name: 'WorkItemLink',
    schema: {
      type: 'object',
      required: ['target'],
      properties: {
        rel: { anyOf: [text, { type: 'null' }] },
        source: { anyOf: [{ $ref: '#/definitions/WorkItemReference' }, { type: 'null' }] },
        target: { $ref: '#/definitions/WorkItemReference' },
      },
    },
    source: `${LEARN}/rest/api/azure/devops/wit/wiql/query-by-wiql (sample response of a link query: "rel": null, "source": null)`,
  },
];
