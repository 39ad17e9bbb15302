// Puts identity ids into the seed's Azure HTML. Jira's mentions are put in by adf.ts.
import type { Html, PersonKey } from './team.ts';

/** A mention as Azure's editor writes it; the id is put in by withIdentityIds(). */
export const at = (person: PersonKey, name: string): Html =>
  `<a href="#" data-vss-mention="version:2.0,{{person:${person}}}">@${name}</a>`;

export function withIdentityIds(html: Html, identityIdOf: (person: PersonKey) => string): Html {
  return html.replace(/\{\{person:([a-z]+)\}\}/g, (_, person: string) => identityIdOf(person));
}

export const escapeHtml = (text: string): Html =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
