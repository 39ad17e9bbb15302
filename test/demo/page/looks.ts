// How types, states and people look, on both sides alike.

import type { Person, Row } from '../seen.ts';
import { h, icon } from './dom.ts';

const shapes: Readonly<Record<string, readonly [className: string, path: string]>> = {
  epic: ['epic', 'M9.2 2 4 9h3.4L6.6 14 12 7H8.4z'],
  feature: ['feature', 'M3 5.5 5.8 8 8 3.5 10.2 8 13 5.5 12 12H4z'],
  story: ['story', 'M4.5 3h7v10L8 10.2 4.5 13z'],
  task: ['task', 'm3.6 8.3 2.9 2.9 6-6.4'],
  bug: ['bug', 'M8 4.6a3.4 3.4 0 1 1 0 6.8 3.4 3.4 0 0 1 0-6.8z'],
  issue: ['issue', 'M8 3.5v5.4M8 11.4v1.4'],
};

export function typeIcon(type: string): HTMLElement {
  const name = type.toLowerCase().replace('user ', '').replace('sub-', '');
  const [className, path] = shapes[name] ?? ['task', 'M4 8h8'];
  return h('span', { class: `type ${className}`, title: type }, icon(path));
}

const going = /progress|active|review|resolved|blocked/i;
const done = /done|closed/i;
const away = /removed|cancel/i;

export const stateClass = (state: string): string =>
  done.test(state) ? 'done' : away.test(state) ? 'away' : going.test(state) ? 'going' : 'waiting';

export const stateChip = (state: string): HTMLElement => h('span', { class: `state ${stateClass(state)}` }, state);

const hues = 12;

export function avatar(person: Person | null): HTMLElement {
  if (person === null) return h('span', { class: 'avatar nobody', title: 'Unassigned' });
  const words = person.name.split(/\s+/).filter((word) => word !== '');
  const letters = [words[0], words.length > 1 ? words.at(-1) : ''].map((word) => [...(word ?? '')][0] ?? '').join('');
  const hue = ([...person.name].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % hues) * (360 / hues);
  return h('span', { class: 'avatar', style: `--hue:${hue}`, title: person.name }, letters.toUpperCase());
}

export function meta(row: Row): string {
  const comments = row.comments > 0 ? [`${row.comments} comment${row.comments === 1 ? '' : 's'}`] : [];
  const files = row.files.length > 0 ? [`${row.files.length} file${row.files.length === 1 ? '' : 's'}`] : [];
  return [row.type, ...row.tags.slice(0, 3), ...comments, ...files].join(' · ');
}

export const fileSize = (bytes: number): string =>
  bytes < 1_000 ? `${bytes} B` : bytes < 1e6 ? `${Math.round(bytes / 1_000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;

export const duration = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`);
