// The official descriptions, read whole: every schema must run, and every kind of addition must take effect.
import { describe, expect, it } from 'vitest';
import type { SpecAddition } from './spec-additions.ts';
import { AZURE_DESCRIPTIONS, JIRA_DESCRIPTIONS, readDescriptions } from './spec-files.ts';
import { loadOperations } from './spec-operations.ts';
import type { Dialect } from './spec-schema.ts';

const jira = readDescriptions(JIRA_DESCRIPTIONS);
const azure = readDescriptions(AZURE_DESCRIPTIONS);
const operations = (dialect: Dialect, additions: readonly SpecAddition[] = []) =>
  loadOperations(dialect, (dialect === 'jira' ? jira : azure) ?? [], additions);
const source = 'https://example.org/docs';

describe.skipIf(!jira || !azure)('operations (skipped: the API descriptions are not beside the repository)', () => {
  it.each<[Dialect, number]>([
    ['jira', 100],
    ['azure', 120],
  ])('reads all of %s, and every schema compiles', (dialect, atLeast) => {
    const all = operations(dialect);
    expect(all.length).toBeGreaterThan(atLeast);
    for (const operation of all) {
      for (const check of [...operation.request.values(), ...operation.answers.values()]) {
        if (typeof check === 'function') expect(() => check(Symbol.iterator), operation.name).not.toThrow();
      }
    }
  });

  it('adds an operation, a parameter, a body, an answer and a schema', () => {
    const all = operations('azure', [
      {
        kind: 'operation',
        method: 'PATCH',
        path: '/{organization}/_apis/wit/$batch',
        request: { 'application/json': { type: 'array' } },
        responses: { 200: { type: 'object', properties: { value: { items: { $ref: '#/definitions/WorkItem' } } } } },
        source,
      },
      {
        kind: 'parameter',
        method: '*',
        path: '/{organization}/{project}/_apis/wit/tags',
        parameter: { name: 'includeHidden', in: 'query', schema: { type: 'boolean' } },
        source,
      },
      {
        kind: 'response',
        method: 'POST',
        path: '/{organization}/{project}/_apis/wit/attachments',
        status: 201,
        schema: { $ref: '#/definitions/AttachmentReference' },
        source,
      },
      {
        kind: 'request',
        method: 'POST',
        path: '/{organization}/{project}/_apis/wit/attachments',
        contentType: 'text/plain',
        schema: true,
        source,
      },
      { kind: 'schema', name: 'AttachmentReference', schema: { type: 'object', required: ['id'] }, source },
    ]);
    const by = (name: string) => all.find((operation) => operation.name === name);
    const batch = by('PATCH /{organization}/_apis/wit/$batch');
    expect(batch?.query.has('api-version')).toBe(true);
    const answer = batch?.answers.get(200);
    expect(typeof answer === 'function' && answer({ value: [{ id: 'no number' }] })).toEqual([
      '/value/0/id must be integer',
    ]);
    expect(by('GET /{organization}/{project}/_apis/wit/tags')?.query.has('includehidden')).toBe(true);
    const attachments = by('POST /{organization}/{project}/_apis/wit/attachments');
    expect(attachments?.request.has('text/plain')).toBe(true);
    const created = attachments?.answers.get(201);
    expect(typeof created === 'function' && created({})).toEqual(["the body must have required property 'id'"]);
  });

  it.each<[string, SpecAddition]>([
    ['an unknown operation', { kind: 'response', method: 'GET', path: '/nowhere', status: 200, schema: null, source }],
    ['an unknown schema', { kind: 'schema', name: 'NoSuchThing', schema: true, source }],
    [
      'a reference to nothing',
      { kind: 'operation', method: 'GET', path: '/x', responses: { 200: { $ref: '#/definitions/Nothing' } }, source },
    ],
    ['an empty source', { kind: 'operation', method: 'GET', path: '/x', responses: {}, source: ' ' }],
  ])('refuses an addition with %s', (_, addition) => {
    expect(() => operations('azure', [addition])).toThrow();
  });
});
