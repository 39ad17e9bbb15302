// The whole seed as any client reads it, from both simulators, checked against the official descriptions.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AzureSimulator, startAzureSimulator } from '../azure/server.ts';
import { type JiraSimulator, startJiraSimulator } from '../jira/server.ts';
import { attachmentBytes } from './attachment-bytes.ts';
import { TEAM } from './team-data.ts';

let jira: JiraSimulator;
let azure: AzureSimulator;

beforeAll(async () => {
  [jira, azure] = await Promise.all([startJiraSimulator(), startAzureSimulator()]);
});
afterAll(async () => {
  expect([...jira.kernel.checker.violations, ...azure.kernel.checker.violations]).toEqual([]);
  await Promise.all([jira.close(), azure.close()]);
});

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

async function read<T>(schema: z.ZodType<T>, url: string, authorization: string, body?: unknown): Promise<T> {
  const response = await fetch(url, {
    headers: {
      authorization,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  expect(response.status, `${url}: ${await response.clone().text()}`).toBe(200);
  return schema.parse(await response.json());
}

async function bytesOf(url: string, authorization: string): Promise<Buffer> {
  const response = await fetch(url, { headers: { authorization } });
  expect(response.status, url).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

const count = <T>(list: readonly T[], of: (one: T) => readonly unknown[] | undefined): number =>
  list.reduce((sum, one) => sum + (of(one)?.length ?? 0), 0);

describe('the seed in Jira', () => {
  const issue = z.looseObject({
    key: z.string(),
    fields: z.looseObject({
      summary: z.string(),
      status: z.looseObject({ name: z.string() }),
      issuetype: z.looseObject({ name: z.string() }),
      parent: z.looseObject({ key: z.string() }).nullish(),
      comment: z.looseObject({ total: z.number() }),
      attachment: z.array(z.looseObject({ id: z.string(), filename: z.string() })),
      issuelinks: z.array(z.unknown()),
    }),
  });

  it('has every issue, with texts, comments, files, links and parents', async () => {
    const { email, token } = jira.accounts.admin;
    const authorization = basic(email, token);
    const issues: z.infer<typeof issue>[] = [];
    let nextPageToken: string | undefined;
    do {
      const page = await read(
        z.looseObject({ issues: z.array(z.looseObject({ key: z.string() })), nextPageToken: z.string().nullish() }),
        `${jira.url}/rest/api/3/search/jql`,
        authorization,
        {
          jql: 'project = TAN ORDER BY created ASC',
          fields: ['summary'],
          maxResults: 50,
          ...(nextPageToken === undefined ? {} : { nextPageToken }),
        },
      );
      for (const { key } of page.issues) {
        issues.push(
          await read(
            issue,
            `${jira.url}/rest/api/3/issue/${key}?fields=*all&expand=changelog,names,schema`,
            authorization,
          ),
        );
      }
      nextPageToken = page.nextPageToken ?? undefined;
    } while (nextPageToken !== undefined);

    const seed = TEAM.jira.items;
    expect(
      new Set(issues.map(({ fields }) => `${fields.issuetype.name}|${fields.status.name}|${fields.summary}`)),
    ).toEqual(new Set(seed.map(({ type, status, summary }) => `${type}|${status}|${summary}`)));
    expect(issues.filter(({ fields }) => fields.parent)).toHaveLength(seed.filter(({ parent }) => parent).length);
    expect(issues.reduce((sum, { fields }) => sum + fields.comment.total, 0)).toBe(
      count(seed, ({ comments }) => comments),
    );
    // Each link shows on both of its issues.
    expect(count(issues, ({ fields }) => fields.issuelinks)).toBe(2 * count(seed, ({ links }) => links));
    const files = new Map(
      seed.flatMap(({ attachments }) => attachments ?? []).map(({ fileName, content }) => [fileName, content]),
    );
    const attachments = issues.flatMap(({ fields }) => fields.attachment);
    expect(attachments).toHaveLength(files.size);
    for (const { id, filename } of attachments) {
      const content = files.get(filename);
      if (content === undefined) throw new Error(`${filename} is not in the seed`);
      const bytes = await bytesOf(`${jira.url}/rest/api/3/attachment/content/${id}`, authorization);
      expect(bytes.equals(attachmentBytes(content)), filename).toBe(true);
    }
  });
});

describe('the seed in Azure DevOps', () => {
  const item = z.looseObject({
    id: z.number(),
    fields: z.looseObject({
      'System.WorkItemType': z.string(),
      'System.State': z.string(),
      'System.Title': z.string(),
      'System.Parent': z.number().optional(),
      'System.CommentCount': z.number(),
    }),
    relations: z
      .array(
        z.looseObject({ rel: z.string(), url: z.string(), attributes: z.looseObject({ name: z.string().optional() }) }),
      )
      .optional(),
  });
  const list = z.looseObject({ value: z.array(z.unknown()) });

  it('has every work item, with texts, comments, files, links and parents', async () => {
    const authorization = basic('', azure.admin.pat);
    await azure.kernel.clock.advance(60_000);
    const found = await read(
      z.looseObject({ workItems: z.array(z.looseObject({ id: z.number() })) }),
      `${azure.url}/Tandem/_apis/wit/wiql?api-version=7.1`,
      authorization,
      { query: "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = 'Tandem' ORDER BY [System.Id]" },
    );
    const items: z.infer<typeof item>[] = [];
    for (let from = 0; from < found.workItems.length; from += 200) {
      const page = await read(
        z.looseObject({ value: z.array(item) }),
        `${azure.url}/_apis/wit/workitemsbatch?api-version=7.1`,
        authorization,
        { ids: found.workItems.slice(from, from + 200).map(({ id }) => id), $expand: 'all' },
      );
      items.push(...page.value);
    }
    for (const { id } of items) {
      await read(list, `${azure.url}/Tandem/_apis/wit/workItems/${id}/updates?api-version=7.1`, authorization);
      await read(list, `${azure.url}/Tandem/_apis/wit/workItems/${id}/revisions?api-version=7.1`, authorization);
      await read(
        z.unknown(),
        `${azure.url}/Tandem/_apis/wit/workItems/${id}/comments?api-version=7.1-preview.4`,
        authorization,
      );
    }

    const seed = TEAM.azure.items;
    expect(
      new Set(
        items.map(
          ({ fields }) => `${fields['System.WorkItemType']}|${fields['System.State']}|${fields['System.Title']}`,
        ),
      ),
    ).toEqual(new Set(seed.map(({ type, state, title }) => `${type}|${state}|${title}`)));
    expect(items.filter(({ fields }) => fields['System.Parent'] !== undefined)).toHaveLength(
      seed.filter(({ parent }) => parent).length,
    );
    expect(items.reduce((sum, { fields }) => sum + fields['System.CommentCount'], 0)).toBe(
      count(seed, ({ comments }) => comments),
    );
    const files = new Map(
      seed.flatMap(({ attachments }) => attachments ?? []).map(({ fileName, content }) => [fileName, content]),
    );
    const relations = items.flatMap((one) => one.relations ?? []);
    const attached = relations.filter(({ rel }) => rel === 'AttachedFile');
    expect(attached).toHaveLength(files.size);
    for (const { url, attributes } of attached) {
      const content = files.get(attributes.name ?? '');
      if (content === undefined) throw new Error(`${attributes.name} is not in the seed`);
      expect(
        (await bytesOf(`${url}?api-version=7.1`, authorization)).equals(attachmentBytes(content)),
        attributes.name,
      ).toBe(true);
    }
    expect(relations.filter(({ rel }) => rel === 'Hyperlink')).toHaveLength(
      seed.flatMap(({ links }) => links ?? []).filter(({ rel }) => rel === 'hyperlink').length,
    );
  });
});
