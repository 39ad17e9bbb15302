// A description as its system shows it, in a frame that runs nothing, and edited there.

import { h } from './dom.ts';

const style = `
  body { font: 14px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; color: #172b4d; margin: 0; padding: 10px 12px;
    overflow-wrap: anywhere; }
  body > :first-child { margin-top: 0; } body > :last-child { margin-bottom: 0; }
  h1, h2, h3, h4 { line-height: 1.3; margin: 1em 0 .4em; } h1 { font-size: 20px; } h2 { font-size: 17px; } h3, h4 { font-size: 15px; }
  p { margin: .5em 0; } table { border-collapse: collapse; margin: .6em 0; } td, th { border: 1px solid #d5d9e0; padding: 4px 8px; vertical-align: top; }
  th { background: #f4f5f7; text-align: start; } pre, code { font: 13px/1.45 ui-monospace, Menlo, Consolas, monospace; background: #f4f5f7; border-radius: 4px; }
  pre { padding: 8px 10px; overflow: auto; } code { padding: 1px 4px; } blockquote { margin: .5em 0; padding-left: 12px; border-left: 3px solid #d5d9e0; color: #505f79; }
  img { max-width: 100%; } a { color: #0c66e4; } .none { color: #6b778c; }
  body[contenteditable] { outline: none; min-height: 96px; }
`;
const tallest = 360;

export interface RichTextView {
  readonly frame: HTMLElement;
  readonly tools: HTMLElement;
  show(html: string): void;
}

export function richText(save: (html: string) => Promise<unknown>): RichTextView {
  // The page reads what was typed; scripts and forms in it stay off.
  const frame = h('iframe', { sandbox: 'allow-same-origin', title: 'Description', class: 'rich' });
  const start = h('button', { type: 'button', class: 'link' }, 'Edit');
  const keep = h('button', { type: 'button', class: 'link', hidden: true }, 'Save');
  const drop = h('button', { type: 'button', class: 'link', hidden: true }, 'Cancel');
  let shown = '';
  let editing = false;

  const resize = () => {
    const body = frame.contentDocument?.body;
    if (body) frame.style.height = `${Math.min(tallest, Math.max(44, body.scrollHeight + 2))}px`;
  };
  const draw = () => {
    const none = '<p class="none">No description.</p>';
    frame.srcdoc = `<!doctype html><meta charset="utf-8"><style>${style}</style><body dir="auto">${shown === '' ? none : shown}`;
  };
  const mode = (on: boolean) => {
    editing = on;
    start.hidden = on;
    keep.hidden = !on;
    drop.hidden = !on;
    frame.classList.toggle('editing', on);
  };
  frame.addEventListener('load', resize);
  start.addEventListener('click', () => {
    const body = frame.contentDocument?.body;
    if (!body) return;
    mode(true);
    body.querySelector('.none')?.remove();
    body.contentEditable = 'true';
    body.focus();
    resize();
  });
  drop.addEventListener('click', () => {
    mode(false);
    draw();
  });
  keep.addEventListener('click', () => {
    const body = frame.contentDocument?.body;
    if (!body) return;
    const html = body.innerHTML;
    mode(false);
    body.contentEditable = 'inherit';
    if (html !== shown) void save(html);
  });

  draw();
  return {
    frame,
    tools: h('span', { class: 'edit-tools' }, start, keep, drop),
    show(html) {
      if (html === shown) return;
      shown = html;
      if (!editing) draw();
    },
  };
}
