// Makes one list of operations from the official descriptions and a simulator's additions.
import type { DeclaredParameter, SpecAddition } from './spec-additions.ts';
import type { Description, RawParameter } from './spec-files.ts';
import { AZURE_PATHS, JIRA_PATHS, type PathMatcher, pathMatcher } from './spec-paths.ts';
import { createSchemaSet, type Dialect, type SchemaCheck, type SchemaSet } from './spec-schema.ts';
import { type ValueCheck, valueCheck } from './spec-values.ts';

export interface CheckedParameter {
  readonly name: string;
  readonly required: boolean;
  readonly check: ValueCheck;
}

/** `none`: no body may come; `any`: not described, so not checked. */
export type AnswerCheck = SchemaCheck | 'none' | 'any';

export interface Operation {
  /** `PUT /rest/api/3/issue/{issueIdOrKey}` */
  readonly name: string;
  readonly method: string;
  readonly template: string;
  readonly matcher: PathMatcher;
  readonly path: ReadonlyMap<string, CheckedParameter>;
  /** By name; in lower case where names ignore case. */
  readonly query: ReadonlyMap<string, CheckedParameter>;
  readonly bodyRequired: boolean;
  /** By content type, in lower case; `any` for what is no JSON. */
  readonly request: ReadonlyMap<string, SchemaCheck | 'any'>;
  readonly answers: ReadonlyMap<number, AnswerCheck>;
}

interface Draft {
  method: string;
  template: string;
  path: Map<string, CheckedParameter>;
  query: Map<string, CheckedParameter>;
  bodyRequired: boolean;
  request: Map<string, SchemaCheck | 'any'>;
  answers: Map<number, AnswerCheck>;
}

/** The most exact template first. Throws when an addition names an operation or schema that does not exist. */
export function loadOperations(
  dialect: Dialect,
  descriptions: readonly { name: string; description: Description }[],
  additions: readonly SpecAddition[],
): readonly Operation[] {
  const replaced = new Map<string, unknown>();
  for (const addition of additions) if (addition.kind === 'schema') replaced.set(addition.name, addition.schema);
  const schemas = createSchemaSet(dialect, descriptions, replaced);
  const drafts = descriptions.flatMap(({ name, description }) => described(dialect, name, description, schemas));
  for (const addition of additions) apply(dialect, addition, drafts, schemas);

  const rules = dialect === 'azure' ? AZURE_PATHS : JIRA_PATHS;
  return drafts
    .map((draft) => ({
      ...draft,
      name: `${draft.method} ${draft.template}`,
      matcher: pathMatcher(draft.template, rules),
    }))
    .sort((a, b) => (a.matcher.rank < b.matcher.rank ? -1 : a.matcher.rank > b.matcher.rank ? 1 : 0));
}

export const queryKey = (dialect: Dialect, name: string): string => (dialect === 'azure' ? name.toLowerCase() : name);

function described(dialect: Dialect, home: string, description: Description, schemas: SchemaSet): Draft[] {
  const drafts: Draft[] = [];
  for (const [template, methods] of Object.entries(description.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const draft = emptyDraft(method.toUpperCase(), template);
      for (const entry of operation.parameters) {
        const parameter = '$ref' in entry ? sharedParameter(description, String(entry.$ref)) : (entry as RawParameter);
        if (parameter.in === 'body') {
          draft.bodyRequired = parameter.required;
          for (const type of operation.consumes) {
            draft.request.set(type, isJson(type) ? schemas.compile(parameter.schema ?? true, 'request', home) : 'any');
          }
        } else if (parameter.in === 'path' || parameter.in === 'query') {
          addParameter(dialect, draft, {
            name: parameter.name,
            in: parameter.in,
            // A version may also come in the Accept header: that is the simulator's to judge.
            required: parameter.required && parameter.name !== 'api-version',
            schema: parameter.schema ?? parameter,
          });
        }
      }
      if (operation.requestBody) {
        draft.bodyRequired = operation.requestBody.required;
        for (const [type, { schema }] of Object.entries(operation.requestBody.content)) {
          draft.request.set(type, isJson(type) ? schemas.compile(schema ?? true, 'request', home) : 'any');
        }
      }
      for (const [status, answer] of Object.entries(operation.responses)) {
        const content = Object.entries(answer.content ?? {}).find(([type]) => isJson(type));
        const schema = content ? content[1].schema : answer.schema;
        draft.answers.set(Number(status), answerCheck(dialect, Number(status), schema, schemas, home));
      }
      drafts.push(draft);
    }
  }
  return drafts;
}

function answerCheck(
  dialect: Dialect,
  status: number,
  schema: unknown,
  schemas: SchemaSet,
  home: string | undefined,
): AnswerCheck {
  if (status === 204) return 'none';
  if (schema === undefined) return 'any';
  if (dialect === 'azure' && isStream(schema)) return 'any';
  return schemas.compile(dialect === 'azure' ? wrapped(schema) : schema, 'answer', home);
}

/**
 * Azure answers every list as `{count, value}`, which the descriptions write as a plain array.
 * Source: https://learn.microsoft.com/en-us/rest/api/azure/devops/wit/fields/list (sample response)
 */
function wrapped(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null || !('type' in schema) || schema.type !== 'array') return schema;
  return {
    type: 'object',
    required: ['count', 'value'],
    properties: { count: { type: 'integer' }, value: schema },
  };
}

const isStream = (schema: unknown): boolean =>
  typeof schema === 'object' && schema !== null && 'format' in schema && schema.format === 'Stream';

function sharedParameter(description: Description, reference: string): RawParameter {
  const parameter = description.parameters?.[reference.replace('#/parameters/', '')];
  if (!parameter) throw new Error(`the description has no ${reference}`);
  return parameter;
}

function addParameter(dialect: Dialect, draft: Draft, parameter: DeclaredParameter): void {
  const checked = {
    name: parameter.name,
    required: parameter.required === true,
    check: valueCheck(dialect, parameter.schema),
  };
  if (parameter.in === 'path') draft.path.set(parameter.name, checked);
  else draft.query.set(queryKey(dialect, parameter.name), checked);
}

function apply(dialect: Dialect, addition: SpecAddition, drafts: Draft[], schemas: SchemaSet): void {
  if (addition.source.trim() === '') throw new Error(`an addition of kind ${addition.kind} has no source`);
  switch (addition.kind) {
    case 'schema':
      return;
    case 'operation': {
      const draft = emptyDraft(addition.method, addition.path);
      for (const parameter of addition.parameters ?? []) addParameter(dialect, draft, parameter);
      if (dialect === 'azure')
        addParameter(dialect, draft, { name: 'api-version', in: 'query', schema: { type: 'string' } });
      for (const [type, schema] of Object.entries(addition.request ?? {})) {
        draft.bodyRequired = true;
        draft.request.set(type.toLowerCase(), isJson(type) ? schemas.compile(schema, 'request') : 'any');
      }
      for (const [status, schema] of Object.entries(addition.responses)) {
        draft.answers.set(Number(status), schema === null ? 'none' : schemas.compile(schema, 'answer'));
      }
      drafts.push(draft);
      return;
    }
    case 'parameter':
      for (const draft of chosen(addition.method, addition.path, drafts))
        addParameter(dialect, draft, addition.parameter);
      return;
    case 'request':
      for (const draft of chosen(addition.method, addition.path, drafts)) {
        const type = addition.contentType.toLowerCase();
        draft.request.set(type, isJson(type) ? schemas.compile(addition.schema, 'request') : 'any');
        if (addition.optional === true) draft.bodyRequired = false;
      }
      return;
    case 'response':
      for (const draft of chosen(addition.method, addition.path, drafts)) {
        const check = addition.schema === null ? 'none' : schemas.compile(addition.schema, 'answer');
        draft.answers.set(addition.status, check);
      }
      return;
    default:
      addition satisfies never;
  }
}

function chosen(method: string, path: string, drafts: readonly Draft[]): readonly Draft[] {
  const found = drafts.filter(
    (draft) => (method === '*' || draft.method === method) && (path === '*' || draft.template === path),
  );
  if (found.length === 0) throw new Error(`an addition is about ${method} ${path}, which no description has`);
  return found;
}

const emptyDraft = (method: string, template: string): Draft => ({
  method,
  template,
  path: new Map(),
  query: new Map(),
  bodyRequired: false,
  request: new Map(),
  answers: new Map(),
});

export const isJson = (contentType: string): boolean => /^[^;]*\bjson\b/i.test(contentType);
