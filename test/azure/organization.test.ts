import { describe, expect, it } from 'vitest';
import { parseOrganization, workItemPage } from '../../backend/src/azure/organization.ts';
import { SyncFailure } from '../../backend/src/sync/errors.ts';

describe("an organization's address", () => {
  it.each([
    ['https://dev.azure.com/acme', 'https://dev.azure.com/acme', 'https://vssps.dev.azure.com/acme'],
    [
      ' https://DEV.azure.com/acme/Tandem/_workitems?x=1 ',
      'https://dev.azure.com/acme',
      'https://vssps.dev.azure.com/acme',
    ],
    ['https://acme.visualstudio.com/', 'https://acme.visualstudio.com', 'https://acme.vssps.visualstudio.com'],
    ['http://127.0.0.1:8083/acme', 'http://127.0.0.1:8083/acme', 'http://127.0.0.1:8083/acme'],
  ])('%s is understood', (text, url, identityUrl) => {
    expect(parseOrganization(text)).toEqual({ name: 'acme', url, identityUrl });
  });

  it.each([
    '',
    'acme',
    'dev.azure.com/acme',
    'https://dev.azure.com',
    'https://dev.azure.com//',
    'ftp://dev.azure.com/acme',
  ])('%j is refused with what would be right', (text) => {
    expect(() => parseOrganization(text)).toThrow(SyncFailure);
    expect(() => parseOrganization(text)).toThrow(/https:\/\/dev\.azure\.com\/organization/);
  });

  it('leads to the page of a work item, with the project encoded', () => {
    const organization = parseOrganization('https://dev.azure.com/acme');
    expect(workItemPage(organization, 'Tandem & Söhne', '7')).toBe(
      'https://dev.azure.com/acme/Tandem%20%26%20S%C3%B6hne/_workitems/edit/7',
    );
  });
});
