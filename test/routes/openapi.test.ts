// The OpenAPI document: valid, complete, and true of each route.

import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, type Body, startBackend } from './kit.ts';

let backend: Backend & { close(): Promise<void> };
let document: Body;
beforeAll(async () => {
  backend = await startBackend();
  document = (await backend.send('GET', '/openapi.json')).body;
});
afterAll(() => backend.close());

const methods = ['get', 'post', 'put', 'delete', 'patch'] as const;
const operations = (): { path: string; method: string; operation: Body }[] =>
  Object.entries<Body>(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => (item[method] ? [{ path, method, operation: item[method] }] : [])),
  );

const named = (path: string, method: string) => `${method.toUpperCase()} ${path}`;

describe('the document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(document);
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
    expect(document.openapi).toBe('3.1.0');
  });

  it('is not valid with a flaw: the validator looks', async () => {
    const flawed = structuredClone(document);
    flawed.paths['/api/connections'].get.responses = 'none';
    expect((await new Validator().validate(flawed)).valid).toBe(false);
  });

  it('has every route that is served, and no other', () => {
    const served = backend.app.routes
      .filter(({ method, path }) => method !== 'ALL' && !path.includes('*') && path !== '/openapi.json')
      .map(({ method, path }) => `${method} ${path.replaceAll(/:([^/]+)/g, '{$1}').replace(/(.)\/$/, '$1')}`);
    const described = operations().map(({ path, method }) => named(path, method));
    expect([...new Set(served)].sort()).toEqual(described.sort());
    expect(described.length).toBeGreaterThan(30);
  });

  it('names for each route who may call it', () => {
    const open = operations().filter(({ operation }) => !operation.security?.length);
    expect(open.map(({ path }) => path).sort()).toEqual(['/health', '/profile.schema.json', '/ready']);
    for (const { path, operation } of operations()) {
      const schemes = (operation.security ?? []).flatMap((one: object) => Object.keys(one)).sort();
      if (/^\/(api|panel)\//.test(path)) expect(schemes, path).toEqual(['forge', 'forgeUser']);
      if (path.startsWith('/forge/')) expect(schemes, path).toEqual(['forge']);
      if (path.startsWith('/hooks/')) expect(schemes, path).toEqual(['hook']);
      for (const scheme of schemes) expect(document.components.securitySchemes).toHaveProperty(scheme);
    }
  });

  it('tags and summarizes each route', () => {
    const known = document.tags.map(({ name }: { name: string }) => name);
    for (const { path, method, operation } of operations()) {
      expect(operation.summary, named(path, method)).toMatch(/\w/);
      expect(known, named(path, method)).toEqual(expect.arrayContaining(operation.tags));
      expect(operation.tags, named(path, method)).toHaveLength(1);
    }
  });

  it('gives every answer that is no success the one shape', () => {
    const problem = { $ref: '#/components/schemas/Problem' };
    for (const { path, method, operation } of operations()) {
      if (path === '/ready') continue;
      for (const [status, answer] of Object.entries<Body>(operation.responses)) {
        if (Number(status) < 400) continue;
        expect(answer.content['application/json'].schema, `${named(path, method)} ${status}`).toEqual(problem);
      }
    }
  });

  it('tells the refusals that a kind of route can meet', () => {
    const statuses = (operation: Body) => Object.keys(operation.responses);
    for (const { path, method, operation } of operations()) {
      if (operation.security) expect(statuses(operation), path).toContain('401');
      if (path.startsWith('/api/')) expect(statuses(operation), path).toContain('403');
      if (operation.requestBody) {
        expect(statuses(operation), named(path, method)).toEqual(expect.arrayContaining(['400', '413', '415']));
      }
      if (path.includes('{')) expect(statuses(operation), path).toContain(path.startsWith('/hooks/') ? '401' : '404');
    }
  });

  it('holds no name of a secret in an answer', () => {
    for (const [name, schema] of Object.entries<Body>(document.components.schemas)) {
      if (name === 'ConnectionInput') continue;
      expect(Object.keys(schema.properties ?? {}), name).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(pat|secret|token|password)$/i)]),
      );
    }
  });
});

describe('without a Forge app', () => {
  it('only hooks and health are served', async () => {
    const { createApp } = await import('../../backend/src/app.ts');
    const app = createApp(backend.service, null);
    expect((await app.request('/health')).status).toBe(200);
    expect((await app.request('/api/overview')).status).toBe(404);
    expect((await app.request('/forge/events', { method: 'POST' })).status).toBe(404);
    const own: Body = await (await app.request('/openapi.json')).json();
    expect(Object.keys(own.paths).sort()).toEqual([
      '/health',
      '/hooks/azure/{installation}/{connection}',
      '/profile.schema.json',
      '/ready',
    ]);
  });
});
