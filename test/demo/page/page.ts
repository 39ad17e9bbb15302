// The demo's page: both projects side by side, each item to be opened and edited, changes shown as they arrive.

import type { Detail, Row } from '../seen.ts';

type Side = 'jira' | 'azure';
const sides: readonly Side[] = ['jira', 'azure'];
const names = { jira: 'Jira', azure: 'Azure DevOps' } as const;
const lookEveryMs = 1_200;

interface Status {
  readonly pairs: number;
  readonly failing: number;
  readonly initialSync: {
    readonly status: string;
    readonly queued: number;
    readonly done: number;
    readonly failed: number;
  } | null;
  readonly admin: string;
  readonly panel: string;
}

const element = <T extends HTMLElement>(id: string): T => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as T;
};

async function ask<T>(path: string, body?: unknown): Promise<T> {
  const response = await fetch(`/api/${path}`, {
    ...(body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as T & { readonly error?: string };
  if (!response.ok) throw new Error(answer.error ?? `${response.status}`);
  return answer;
}

const messageMs = 7_000;
function say(text: string, bad = false): void {
  const line = document.createElement('p');
  line.textContent = text;
  line.classList.toggle('bad', bad);
  element('messages').append(line);
  setTimeout(() => line.remove(), messageMs);
}
const fail = (error: unknown) => say(error instanceof Error ? error.message : String(error), true);

let rows: Record<Side, readonly Row[]> = { jira: [], azure: [] };
let panel = '';
const seen = new Map<string, string>();
let first = true;

const going = /progress|active|review|resolved|blocked/i;
const done = /done|closed|removed|cancel/i;

function rowOf(row: Row, fresh: boolean): HTMLElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = `row${fresh ? ' fresh' : ''}`;
  button.dataset.id = `${row.side}/${row.id}`;
  const part = (name: string, text: string) => {
    const span = document.createElement('span');
    span.className = name;
    span.textContent = text;
    button.append(span);
    return span;
  };
  part('key', row.key);
  part('title', row.title).title = row.title;
  const state = part('state', row.state);
  if (done.test(row.state)) state.classList.add('done');
  else if (going.test(row.state)) state.classList.add('going');
  const comments = row.comments > 0 ? [`${row.comments} comment${row.comments === 1 ? '' : 's'}`] : [];
  part('meta', [row.type, row.assignee ?? 'Unassigned', ...row.tags, ...comments].join(' · '));
  button.addEventListener('click', () => void open(row).catch(fail));
  const light = (on: boolean) => {
    const other = row.counterpart && `${row.side === 'jira' ? 'azure' : 'jira'}/${row.counterpart}`;
    if (other) document.querySelector(`[data-id="${other}"]`)?.classList.toggle('partner', on);
  };
  for (const [event, on] of [
    ['mouseenter', true],
    ['mouseleave', false],
    ['focus', true],
    ['blur', false],
  ] as const) {
    button.addEventListener(event, () => light(on));
  }
  const line = document.createElement('li');
  line.append(button);
  return line;
}

function draw(): void {
  const wanted = element<HTMLInputElement>('search').value.trim().toLowerCase();
  for (const side of sides) {
    const list = element(side);
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.id : undefined;
    const shown = rows[side]
      .filter(({ title, key, tags }) => `${title} ${key} ${tags.join(' ')}`.toLowerCase().includes(wanted))
      .toSorted((a, b) => b.updated - a.updated);
    list.replaceChildren(...shown.map((row) => rowOf(row, isFresh(row))));
    if (shown.length === 0) {
      const empty = document.createElement('li');
      empty.className = 'empty';
      empty.textContent = wanted === '' ? 'Nothing here yet.' : `Nothing matches “${wanted}”.`;
      list.append(empty);
    }
    list.removeAttribute('aria-busy');
    if (focused) list.querySelector<HTMLElement>(`[data-id="${focused}"]`)?.focus({ preventScroll: true });
  }
}

const freshUntil = new Map<string, number>();
const freshMs = 6_000;
const isFresh = (row: Row) => (freshUntil.get(`${row.side}/${row.id}`) ?? 0) > Date.now();

function notice(): boolean {
  let changed = first;
  for (const row of [...rows.jira, ...rows.azure]) {
    const id = `${row.side}/${row.id}`;
    const look = JSON.stringify(row);
    if (seen.get(id) === look) continue;
    if (!first) freshUntil.set(id, Date.now() + freshMs);
    seen.set(id, look);
    changed = true;
  }
  first = false;
  return changed;
}

async function refresh(): Promise<void> {
  const [items, status] = await Promise.all([ask<Record<Side, Row[]>>('items'), ask<Status>('status')]);
  rows = items;
  panel = status.panel;
  element<HTMLAnchorElement>('admin').href = status.admin;
  const { initialSync } = status;
  const running = initialSync?.status === 'running';
  element('status').textContent = running
    ? `Initial sync: ${initialSync.done + initialSync.failed} of ${initialSync.queued} items`
    : `${status.pairs} pairs in step${status.failing > 0 ? `, ${status.failing} with errors` : ''} · ${rows.jira.length} issues · ${rows.azure.length} work items`;
  if (notice()) draw();
}

async function open(row: Row): Promise<void> {
  const detail = await ask<Detail & { counterpart: string | null }>(`items/${row.side}/${row.id}`);
  const dialog = element<HTMLDialogElement>('editor');
  const { item } = detail;
  const form = document.createElement('form');
  form.innerHTML = `
    <h3 id="editor-name"></h3>
    <label>Title <input name="title" maxlength="255" required></label>
    <div class="two">
      <label>State <select name="state"></select></label>
      <label>${row.side === 'jira' ? 'Labels' : 'Tags'} <input name="tags" placeholder="separated by commas"></label>
    </div>
    <iframe sandbox title="Description"></iframe>
    <ul class="comments" aria-label="Comments"></ul>
    <label>Add a comment <textarea name="comment" rows="2" maxlength="5000"></textarea></label>
    <div class="actions"><a class="panel" target="_blank" rel="noreferrer">Issue panel</a><button type="button" class="cancel">Close</button><button class="main">Save in ${names[row.side]}</button></div>`;
  const field = <T extends HTMLElement>(selector: string): T => {
    const found = form.querySelector<T>(selector);
    if (!found) throw new Error(`the editor has no ${selector}`);
    return found;
  };
  field('h3').textContent = `${names[row.side]} ${item.key} · ${item.type}`;
  field<HTMLInputElement>('[name=title]').value = item.title;
  field<HTMLInputElement>('[name=tags]').value = item.tags.join(', ');
  const state = field<HTMLSelectElement>('[name=state]');
  for (const name of [item.state, ...detail.nextStates]) state.add(new Option(name, name));
  field<HTMLIFrameElement>('iframe').srcdoc =
    `<style>body{font:14px/1.45 system-ui,sans-serif;margin:10px;color:#172b4d}table{border-collapse:collapse}td,th{border:1px solid #dfe1e6;padding:4px 8px}pre{background:#f4f5f7;padding:8px}</style>${detail.descriptionHtml || '<p>No description.</p>'}`;
  const comments = field('.comments');
  for (const { author, html, at } of detail.comments) {
    const line = document.createElement('li');
    const text = new DOMParser().parseFromString(html, 'text/html').body.textContent ?? '';
    line.textContent = `${author}, ${new Date(at).toLocaleString()}: ${text}`;
    comments.append(line);
  }
  if (detail.comments.length === 0) comments.remove();
  const issue = row.side === 'jira' ? item.key : rows.jira.find(({ id }) => id === detail.counterpart)?.key;
  const link = field<HTMLAnchorElement>('a.panel');
  if (issue) link.href = panel.replace('KEY', issue);
  else link.remove();
  field('.cancel').addEventListener('click', () => dialog.close());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void save(form, item).catch(fail);
  });
  dialog.replaceChildren(form);
  dialog.showModal();
  field('[name=title]').focus();
}

async function save(form: HTMLFormElement, item: Detail['item']): Promise<void> {
  const data = new FormData(form);
  const text = (name: string) => String(data.get(name) ?? '').trim();
  const tags = text('tags')
    .split(/[,;]/)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
  const change = {
    ...(text('title') === item.title ? {} : { title: text('title') }),
    ...(text('state') === item.state ? {} : { state: text('state') }),
    ...(tags.join('\n') === item.tags.join('\n') ? {} : { tags }),
    ...(text('comment') === '' ? {} : { comment: text('comment') }),
  };
  element<HTMLDialogElement>('editor').close();
  if (Object.keys(change).length === 0) return;
  const { arrived, ms } = await ask<{ arrived: boolean; ms: number | null }>('edit', {
    side: item.side,
    id: item.id,
    ...change,
  });
  const other = names[item.side === 'jira' ? 'azure' : 'jira'];
  say(arrived ? `${other} followed after ${ms} ms.` : `Saved. ${other} has not followed yet.`);
  await refresh();
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-create]')) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const title = String(new FormData(form).get('title') ?? '');
    void ask('create', { side: form.dataset.create, title })
      .then(() => form.reset(), fail)
      .then(refresh)
      .catch(fail);
  });
}
element('search').addEventListener('input', draw);

async function watch(): Promise<void> {
  await refresh().catch(() => {
    element('status').textContent = 'The demo does not answer: is it still running?';
  });
  setTimeout(() => void watch(), lookEveryMs);
}
void watch();
