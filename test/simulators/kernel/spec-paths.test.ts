// Path templates against request paths, with the liberties that Azure's service takes.
import { describe, expect, it } from 'vitest';
import { AZURE_PATHS, JIRA_PATHS, pathMatcher } from './spec-paths.ts';

describe('path templates', () => {
  it.each<[string, string, Record<string, string> | undefined]>([
    [
      '/{organization}/{project}/_apis/wit/fields',
      '/acme/Tandem/_apis/wit/fields',
      { organization: 'acme', project: 'Tandem' },
    ],
    ['/{organization}/{project}/_apis/wit/fields', '/acme/_apis/wit/fields', { organization: 'acme' }],
    [
      '/{organization}/{project}/_apis/wit/fields',
      '/ACME/tandem/_APIS/WIT/Fields/',
      { organization: 'ACME', project: 'tandem' },
    ],
    ['/{organization}/{project}/_apis/wit/fields', '/acme/Tandem/Team/_apis/wit/fields', undefined],
    [
      '/{organization}/{project}/{team}/_apis/wit/wiql',
      '/acme/My%20Project/_apis/wit/wiql',
      { organization: 'acme', project: 'My Project' },
    ],
    [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the description's own template
      '/{organization}/{project}/_apis/wit/workitems/${type}',
      '/acme/p/_apis/wit/workitems/$User%20Story',
      { organization: 'acme', project: 'p', type: 'User Story' },
    ],
    ['/{organization}/{project}/_apis/wit/workitems/{id}', '/acme/p/_apis/wit/workitems/$Bug', undefined],
    [
      '/{organization}/{project}/_apis/wit/classificationnodes/{structureGroup}/{path}',
      '/acme/p/_apis/wit/classificationNodes/areas/Routing/Europe',
      { organization: 'acme', project: 'p', structureGroup: 'areas', path: 'Routing/Europe' },
    ],
    [
      '/{organization}/{project}/_apis/wit/classificationnodes/{structureGroup}/{path}',
      '/acme/p/_apis/wit/classificationNodes/areas',
      { organization: 'acme', project: 'p', structureGroup: 'areas' },
    ],
  ])('Azure: %s against %s', (template, path, expected) => {
    expect(pathMatcher(template, AZURE_PATHS).match(path)).toEqual(expected);
  });

  it.each<[string, string, Record<string, string> | undefined]>([
    ['/rest/api/3/issue/{issueIdOrKey}', '/rest/api/3/issue/TAN-1', { issueIdOrKey: 'TAN-1' }],
    ['/rest/api/3/issue/{issueIdOrKey}', '/rest/api/3/Issue/TAN-1', undefined],
    ['/rest/api/3/issue/{issueIdOrKey}', '/rest/api/3/issue/TAN-1/comment', undefined],
    ['/rest/api/3/issue/{issueIdOrKey}', '/rest/api/3/issue/', undefined],
  ])('Jira: %s against %s', (template, path, expected) => {
    expect(pathMatcher(template, JIRA_PATHS).match(path)).toEqual(expected);
  });

  it('ranks literal segments before parameters', () => {
    const rank = (template: string) => pathMatcher(template, JIRA_PATHS).rank;
    expect(rank('/rest/api/3/issue/bulk') < rank('/rest/api/3/issue/{issueIdOrKey}')).toBe(true);
  });
});
