// One item of a side, to be read and edited. Every field saves by itself, as an ordinary person would in that system.

import type { Change, Detail, Edit, Part, Row, Side } from '../seen.ts';
import { attach, choicesOf, edit, readDetail } from './api.ts';
import { fail, h } from './dom.ts';
import { avatar, duration, fileSize, stateClass, typeIcon } from './looks.ts';
import { richText } from './rich-text.ts';
import { freshOf, names, rowOf } from './state.ts';

export interface ItemView {
  changed(change: Change): void;
  close(): void;
}

/** The state's choices follow from the state, so they are read again with it. */
const readAgainFor: readonly Part[] = ['description', 'comments', 'state', 'new'];

export function openItem(side: Side, id: string, place: HTMLElement): ItemView {
  let closed = false;
  const present = (): Row => {
    const row = rowOf(side, id);
    if (row === null) throw new Error(`${names[side]} no longer has this item.`);
    return row;
  };
  const save = (change: Edit) =>
    edit(present(), change).catch((error: unknown) => {
      fail(error);
      draw(present());
    });

  const title = h('textarea', { class: 'title', rows: 1, maxlength: 255, dir: 'auto', 'aria-label': 'Title' });
  commit(
    title,
    () => title.value.trim() !== '' && title.value.trim() !== present().title && save({ title: title.value.trim() }),
  );
  const grow = () => {
    title.style.height = 'auto';
    title.style.height = `${title.scrollHeight}px`;
  };
  title.addEventListener('input', grow);
  const state = h('select', { onchange: () => void save({ state: state.value }) });
  const priority = h('select', { onchange: () => void save({ priority: priority.value }) });
  const assignee = h('select', {
    onchange: () => void save({ assignee: assignee.value === '' ? null : assignee.value }),
  });
  const tags = h('input', { autocomplete: 'off', placeholder: 'None' });
  commit(tags, () => {
    const given = tags.value
      .split(/[,;]/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '');
    if (given.join('\n') !== present().tags.join('\n')) void save({ tags: given });
  });
  const description = richText((html) => save({ descriptionHtml: html }));
  const files = h('ul', { class: 'files' });
  const picker = h('input', {
    type: 'file',
    hidden: true,
    onchange: () => {
      const [file] = picker.files ?? [];
      if (file) attach(present(), file).catch(fail);
      picker.value = '';
    },
  });
  const comments = h('ol', { class: 'comments' });
  const words = h('textarea', {
    rows: 2,
    maxlength: 5000,
    placeholder: 'Add a comment…',
    'aria-label': 'Add a comment',
  });
  const composer = h(
    'form',
    {
      onsubmit: (event: SubmitEvent) => {
        event.preventDefault();
        if (words.value.trim() === '') return;
        void save({ comment: words.value.trim() });
        words.value = '';
      },
    },
    words,
    h('button', { class: 'button' }, 'Comment'),
  );

  const head = h('header', {});
  const field = (part: Part, label: string, input: HTMLElement) =>
    h('label', { 'data-part': part }, h('span', {}, label), input);
  const block = (part: Part, label: string, tool: HTMLElement | null, ...content: HTMLElement[]) =>
    h('section', { 'data-part': part, class: 'block' }, h('h3', {}, h('span', {}, label), tool), ...content);
  place.replaceChildren(
    head,
    h('div', { 'data-part': 'title', class: 'titled' }, title),
    h(
      'div',
      { class: 'fields' },
      field('state', side === 'jira' ? 'Status' : 'State', state),
      field('priority', 'Priority', priority),
      field('assignee', side === 'jira' ? 'Assignee' : 'Assigned to', assignee),
      field('tags', side === 'jira' ? 'Labels' : 'Tags', tags),
    ),
    block('description', 'Description', description.tools, description.frame),
    block(
      'files',
      'Attachments',
      h('button', { type: 'button', class: 'link', onclick: () => picker.click() }, 'Attach a file'),
      files,
      picker,
    ),
    block('comments', 'Comments', null, composer, comments),
  );

  const free = (element: HTMLElement) => document.activeElement !== element;
  const draw = (row: Row) => {
    head.replaceChildren(
      h('b', {}, names[side]),
      typeIcon(row.type),
      h('span', {}, `${row.type} ${row.key}`),
      avatar(row.assignee),
    );
    if (free(title)) title.value = row.title;
    grow();
    state.className = stateClass(row.state);
    if (free(tags)) tags.value = row.tags.join(', ');
    choose(state, row.state, [row.state]);
    choose(priority, row.priority ?? '', row.priority === null ? [''] : [row.priority]);
    choose(assignee, row.assignee?.id ?? '', []);
    if (row.assignee !== null && assignee.value !== row.assignee.id) {
      assignee.append(new Option(row.assignee.name, row.assignee.id, false, true));
    }
    files.replaceChildren(
      ...row.files.map(({ name, size }) =>
        h('li', {}, h('span', { dir: 'auto' }, name), h('small', {}, fileSize(size))),
      ),
    );
    files.hidden = row.files.length === 0;
  };

  const drawDetail = ({ row, descriptionHtml, comments: said, nextStates }: Detail) => {
    draw(row);
    state.replaceChildren(...[row.state, ...nextStates].map((name) => new Option(name, name)));
    state.value = row.state;
    description.show(descriptionHtml);
    comments.replaceChildren(
      ...said.map(({ author, html, at }) =>
        h(
          'li',
          {},
          h('div', { class: 'by' }, h('b', {}, author), h('time', { datetime: at }, new Date(at).toLocaleString())),
          h('p', {}, plain(html)),
        ),
      ),
    );
  };
  const read = async () => {
    const detail = await readDetail({ side, id });
    if (!closed) drawDetail(detail);
  };

  draw(present());
  void choicesOf(side)
    .then(({ priorities, people }) => {
      if (closed) return;
      const row = present();
      priority.replaceChildren(...priorities.map((name) => new Option(name, name)));
      assignee.replaceChildren(new Option('Unassigned', ''), ...people.map((one) => new Option(one.name, one.id)));
      draw(row);
    })
    .catch(fail);
  void read().catch(fail);
  const fresh = freshOf(present());
  if (fresh !== null) glow(place, fresh.parts, fresh.followedMs);

  return {
    changed({ row, parts, followedMs }) {
      draw(row);
      glow(place, parts, followedMs);
      if (parts.some((part) => readAgainFor.includes(part))) void read().catch(fail);
    },
    close() {
      closed = true;
    },
  };
}

/** Saves on Enter and when the field is left. */
function commit(input: HTMLInputElement | HTMLTextAreaElement, save: () => unknown): void {
  input.addEventListener('blur', () => void save());
  input.addEventListener('keydown', (event) => {
    if (!(event instanceof KeyboardEvent) || event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    input.blur();
  });
}

function choose(select: HTMLSelectElement, value: string, known: readonly string[]): void {
  for (const name of known) {
    if (![...select.options].some((option) => option.value === name)) select.append(new Option(name, name));
  }
  select.value = value;
}

/** Text alone: a comment of the list needs no more, and nothing that users wrote runs here. */
function plain(html: string): string {
  const body = new DOMParser().parseFromString(
    html.replaceAll(/<\/(p|div|li|h\d|tr)>|<br\s*\/?>/gi, '$&\n'),
    'text/html',
  ).body;
  return (body.textContent ?? '').replaceAll(/\n{2,}/g, '\n').trim();
}

function glow(place: HTMLElement, parts: readonly Part[], followedMs: number | null): void {
  for (const part of parts) {
    const element = place.querySelector<HTMLElement>(`[data-part="${part}"]`);
    if (!element) continue;
    element.querySelector('.after')?.remove();
    if (followedMs !== null) {
      (element.querySelector('h3, span') ?? element).append(
        h('em', { class: 'after' }, `after ${duration(followedMs)}`),
      );
    }
    element.classList.remove('glow');
    // Restarts the animation of a part that glows already.
    void element.offsetWidth;
    element.classList.add('glow');
  }
}
