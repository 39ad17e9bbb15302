// A new item on either side.

import type { Side } from '../seen.ts';
import { choicesOf, create } from './api.ts';
import { byId, fail, h, say } from './dom.ts';
import { names } from './state.ts';

export async function openCreate(): Promise<void> {
  const dialog = byId<HTMLDialogElement>('create');
  const type = h('select', { name: 'type', id: 'create-type' });
  const fill = async (side: Side) => {
    const { types } = await choicesOf(side);
    type.replaceChildren(...types.map((name) => h('option', { selected: /story$/i.test(name) }, name)));
  };
  const radio = (side: Side, checked: boolean) =>
    h(
      'label',
      { class: `radio ${side}` },
      h('input', { type: 'radio', name: 'side', value: side, checked, onchange: () => void fill(side).catch(fail) }),
      names[side],
    );
  const title = h('input', { name: 'title', maxlength: 255, required: true, autofocus: true, autocomplete: 'off' });
  const form = h(
    'form',
    {
      class: 'create',
      method: 'dialog',
      onsubmit: (event: SubmitEvent) => {
        event.preventDefault();
        const side = new FormData(form).get('side') === 'azure' ? 'azure' : 'jira';
        dialog.close();
        create(side, { type: type.value, title: title.value }).then(
          () => say(`Created in ${names[side]}. Watch it arrive on the other side.`),
          fail,
        );
      },
    },
    h('h2', { id: 'create-name' }, 'New item'),
    h('fieldset', {}, h('legend', {}, 'Create it in'), radio('jira', true), radio('azure', false)),
    h('label', {}, 'Type', type),
    h('label', {}, 'Title', title),
    h(
      'div',
      { class: 'actions' },
      h('button', { type: 'button', class: 'button', onclick: () => dialog.close() }, 'Cancel'),
      h('button', { class: 'button main' }, 'Create'),
    ),
  );
  dialog.replaceChildren(form);
  dialog.showModal();
  await fill('jira').catch(fail);
}
