// Items in which every content field holds a mark of its own, synchronized both ways and through errors that repeat what they
// were sent and what stands there; and a look for the marks, and for credentials, in all that Tandem keeps or tells.

import { type Actions, actionsOf, paragraph } from './actions.ts';
import { filesOf } from './files.ts';
import type { Harness } from './harness.ts';

const prefix = 'KANARIE';

/** Letters only, so that no encoding of a URL or of JSON hides it. */
export const mark = (what: string): string => `${prefix}x${what}`;

/** Three texts that base64 has for the prefix, wherever it begins in what was encoded. */
const inBase64 = ['', 'a', 'aa'].map((before) =>
  Buffer.from(`${before}${prefix}`)
    .toString('base64')
    .replace(/=+$/, '')
    .slice(before.length === 0 ? 0 : before.length + 1, -2),
);

/** The marks in a text; `base64` for one that is encoded. */
export function marksIn(text: string): readonly string[] {
  const plain = text.match(new RegExp(`${prefix}x?[a-z]*`, 'gi')) ?? [];
  return [...new Set([...plain, ...(inBase64.some((part) => text.includes(part)) ? ['base64'] : [])])].sort();
}

/** Plays it; events and workers run already. Answers the codes of the errors that are left. */
export async function playCanary(tandem: Harness): Promise<readonly string[]> {
  const people = actionsOf(tandem);
  const files = filesOf(tandem);
  const issue = await people.create(
    'jira',
    `${mark('summary')} of Jira`,
    { description: paragraph(`${mark('description')} of Jira`), labels: [mark('label')] },
    'Story',
  );
  const workItem = await people.create(
    'azure',
    `${mark('title')} of Azure`,
    { 'System.Description': `<div>${mark('html')} of <b>Azure</b></div>`, 'System.Tags': mark('tag') },
    'User%20Story',
  );
  const twins = { jira: issue, azure: await people.counterpart('jira', issue) };
  const others = { jira: await people.counterpart('azure', workItem), azure: workItem };

  await people.comment('jira', twins.jira, `${mark('comment')} in Jira`);
  await people.comment('azure', others.azure, `<div>${mark('reply')} in Azure</div>`);
  await files.attach('jira', twins.jira, `${mark('file')}.txt`, mark('bytes'));
  await files.attach('azure', others.azure, `${mark('upload')}.txt`, mark('content'));
  await people.relate('jira', twins.jira, others.jira);
  await tandem.asPerson('jira', 'POST', `issue/${twins.jira}/remotelink`, {
    object: { url: `https://example.com/${mark('address')}`, title: mark('linktitle') },
  });
  const link = {
    rel: 'Hyperlink',
    url: `https://example.com/${mark('hyperlink')}`,
    attributes: { comment: mark('linkcomment') },
  };
  await tandem.asPerson('azure', 'PATCH', `_apis/wit/workitems/${others.azure}`, [
    { op: 'add', path: '/relations/-', value: link },
  ]);
  await tandem.settled();

  await failWithEcho(tandem, people, twins);
  await conflict(tandem, people, others);
  const errors = [await people.errors('jira', twins.jira), await people.errors('azure', others.azure)];
  return errors.flatMap((codes) => Object.values(codes)).sort();
}

type Twins = { readonly jira: string; readonly azure: string };

/** Each service refuses writes, and fails at others, in words that repeat values that it was sent and that we have read. */
async function failWithEcho(tandem: Harness, people: Actions, twins: Twins): Promise<void> {
  const azureSays = (...echo: readonly string[]) => ({
    $id: '1',
    message: `TF401320: cannot save ${JSON.stringify(echo)}`,
    typeName: 'RuleValidationException',
    typeKey: 'RuleValidationException',
    customProperties: { Value: echo[0] ?? '' },
  });
  const [before, after] = [`${mark('summary')} of Jira`, `${mark('edited')} in Jira`];
  const late = azureSays(`${mark('late')} comment`, after);
  people.fault('azure', {
    kind: 'status',
    status: 500,
    body: azureSays(before, after),
    match: { method: 'PATCH' },
    times: 1,
  });
  people.fault('azure', { kind: 'status', status: 400, body: late, match: { method: 'POST', path: '/*/comments' } });
  await people.rename('jira', twins.jira, `${mark('edited')} in Jira`);
  await people.comment('jira', twins.jira, `${mark('late')} comment`);
  await lateJobs(tandem);

  const jiraSays = {
    errorMessages: [`Cannot take ${mark('fromazure')} for Azure instead of ${mark('edited')} in Jira`],
    errors: { summary: `"${mark('fromazure')} for Azure" is wrong, "${mark('edited')} in Jira" was right` },
  };
  people.fault('jira', {
    kind: 'status',
    status: 400,
    body: jiraSays,
    match: { method: 'PUT', path: `/rest/api/3/issue/${twins.jira}` },
  });
  await people.rename('azure', twins.azure, `${mark('fromazure')} for Azure`);
  await tandem.idle();
}

/** Runs what is due now and what is tried again within a minute. */
async function lateJobs({ idle, advance }: Harness): Promise<void> {
  await idle();
  await advance(60_000);
  await idle();
}

/** Both sides edit the same text, and the profile asks. */
async function conflict(tandem: Harness, people: Actions, twins: Twins): Promise<void> {
  people.hold();
  await people.rename('jira', twins.jira, mark('mine'));
  await people.rename('azure', twins.azure, mark('yours'));
  for (const { kernel } of [tandem.jira, tandem.azure]) kernel.events.setMode({ mode: 'deliver' });
  await lateJobs(tandem);
}

async function tablesOf({ service }: Harness): Promise<readonly string[]> {
  const { rows } = await service.pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname in ('tandem', 'graphile_worker') order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** From now on every row that is written is kept, jobs too, which are gone when they are done. */
export async function recordRows(tandem: Harness): Promise<void> {
  const { pool } = tandem.service;
  await pool.query(`
    create table public.written (name text not null, row jsonb not null);
    create function public.record_row() returns trigger language plpgsql security definer as $$
    begin
      insert into public.written values (tg_argv[0], to_jsonb(new));
      return null;
    end $$`);
  for (const name of await tablesOf(tandem)) {
    await pool.query(
      `create trigger record_row after insert or update on ${name} for each row execute function public.record_row('${name}')`,
    );
  }
}

/** Every row that is or, since recordRows, was in a table, by the table's name. */
export async function storedRows(tandem: Harness): Promise<ReadonlyMap<string, string>> {
  const { pool, metrics } = tandem.service;
  await metrics.flush();
  const contents = new Map<string, string>();
  for (const name of await tablesOf(tandem)) {
    const { rows: present } = await pool.query(`select to_jsonb(one) as row from ${name} as one`);
    const { rows: written } = await pool.query('select row from public.written where name = $1', [name]);
    contents.set(name, JSON.stringify([...present, ...written]));
  }
  return contents;
}

/** What must be nowhere, as it is and as it travels. */
export function credentials({ jira, azure }: Harness): readonly string[] {
  const { email, token } = jira.accounts.synchronizer;
  const { pat } = azure.synchronizer;
  return [token, pat, `${email}:${token}`, `:${pat}`].flatMap((secret) => [
    secret,
    Buffer.from(secret).toString('base64'),
    encodeURIComponent(secret),
  ]);
}
