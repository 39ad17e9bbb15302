// The first line: what this is, how Tandem fares, the way to the app's own page.

import type { Status } from '../seen.ts';
import { byId, h, icon } from './dom.ts';
import { duration } from './looks.ts';
import { count } from './state.ts';

export function drawTop(status: Status): void {
  const { project, pairs, errors, calls, medianMs, progress, backendUp } = status;
  const figure = (value: string, label: string, className = '', title = '') =>
    h('div', { class: `figure ${className}`, title }, h('b', {}, value), h('span', {}, label));
  const percent = progress === null || progress.queued === 0 ? 0 : (100 * progress.done) / progress.queued;
  byId('top').replaceChildren(
    h(
      'div',
      { class: 'bar' },
      h(
        'a',
        { class: 'brand', href: '#/' },
        icon('M6 3.2a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 0 1 0-9.6z', 'ring left'),
        icon('M10 3.2a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 0 1 0-9.6z', 'ring right'),
        h('h1', {}, 'Tandem'),
      ),
      h(
        'p',
        { class: 'what' },
        h('span', { class: 'jira' }, `Jira ${project.jira}`),
        ' and ',
        h('span', { class: 'azure' }, `Azure DevOps ${project.azure}`),
        ', kept the same both ways',
      ),
      h(
        'div',
        { class: 'figures' },
        backendUp ? null : figure('Down', 'backend', 'bad'),
        figure(String(pairs), 'pairs in step', '', `${count('jira')} issues, ${count('azure')} work items`),
        figure(String(errors), errors === 1 ? 'sync error' : 'sync errors', errors > 0 ? 'bad' : 'good'),
        figure(
          medianMs === null ? '–' : duration(medianMs),
          'to follow (median)',
          '',
          'From a change on one side until the other shows it',
        ),
        figure(
          `${calls.jira.toLocaleString('en')} / ${calls.azure.toLocaleString('en')}`,
          'API calls Jira / Azure',
          '',
          'Calls to each service since the start, without those of this page',
        ),
      ),
      h('a', { class: 'button', href: '/admin', target: '_blank', rel: 'noreferrer' }, 'Admin page'),
    ),
    progress === null
      ? ''
      : h(
          'div',
          { class: 'progress' },
          h('progress', { max: 100, value: percent, 'aria-label': 'Initial sync' }),
          h('span', {}, `Initial sync: ${progress.done} of ${progress.queued} items`),
        ),
  );
}
