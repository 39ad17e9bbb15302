// The HTML around a page: as much of Jira as a person needs to know where the page stands. What is in it comes from the app.

import { html, raw } from 'hono/html';
import type { PagePerson } from './people.ts';

export interface Frame {
  /** Key of the manifest's resource. */
  readonly resource: string;
  readonly title: string;
  readonly kind: 'admin' | 'panel';
  readonly person: PagePerson;
  readonly issue?: { readonly id: string; readonly key: string; readonly summary: string };
}

const style = `
  body { margin: 0; background: var(--ds-surface, #fff); color: var(--ds-text, #292a2e);
    font: 400 14px/20px "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; }
  .bar { display: flex; gap: 12px; align-items: center; padding: 10px 24px; border-bottom: 1px solid var(--ds-border, #0b120e24); }
  .bar b { font-weight: 600; } .bar span { margin-left: auto; color: var(--ds-text-subtle, #505258); }
  main { padding: 24px 32px; max-width: 1180px; margin: 0 auto; box-sizing: border-box; }
  h1 { font-size: 24px; line-height: 28px; font-weight: 600; margin: 0 0 16px; overflow-wrap: anywhere; }
  .panel { border: 1px solid var(--ds-border, #0b120e24); border-radius: 6px; max-width: 680px; }
  .panel > h2 { font-size: 14px; margin: 0; padding: 12px 16px 0; }
  .panel > div { padding: 12px 16px 16px; }
  .key { color: var(--ds-text-subtle, #505258); margin: 0 0 4px; }
`;

/** `settings` is what the page's script asks the host with. */
export function frame({ resource, title, kind, person, issue }: Frame, settings: unknown) {
  const json = JSON.stringify(settings).replaceAll('<', '\\u003c');
  return html`<!doctype html>
<html lang="en" data-color-mode="light">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <link rel="icon" href="data:,">
    <title>${issue ? `[${issue.key}] ${issue.summary}` : title} - Jira</title>
    <link rel="stylesheet" href="/assets/host.css">
    <style>${raw(style)}</style>
    <script type="application/json" id="host-settings">${raw(json)}</script>
  </head>
  <body>
    <div class="bar"><b>Jira</b>${kind === 'admin' ? 'Settings / Apps' : 'Issue'}<span>${person.displayName}</span></div>
    <main>
      ${issue ? html`<p class="key">${issue.key}</p>` : ''}
      <h1>${issue ? issue.summary : title}</h1>
      ${
        kind === 'panel'
          ? html`<section class="panel" aria-label="${title}"><h2>${title}</h2><div id="app"></div></section>`
          : html`<div id="app"></div>`
      }
    </main>
    <script type="module">
      import '/assets/host.js';
      await import('/assets/${resource}.js');
    </script>
  </body>
</html>`;
}
