// What a service hook sends: the event in full, and the cut that a subscription asked for.
// Shapes: https://learn.microsoft.com/azure/devops/service-hooks/events#work-item-created
import { randomUUID } from 'node:crypto';
import { textOf } from '../html.ts';
import { type Json, updateJson, type View, webUrl, workItemJson } from '../render.ts';
import { dateText } from '../store/clock-text.ts';
import { latestVersion } from '../store/comments.ts';
import { projectOf } from '../store/lookups.ts';
import { personById } from '../store/people.ts';
import type { WorkItemHappening } from '../store/save.ts';

export interface HookEvent {
  readonly id: string;
  readonly eventType: string;
  readonly publisherId: 'tfs';
  readonly message: Messages;
  readonly detailedMessage: Messages;
  readonly resource: Json;
  readonly resourceVersion: string;
  readonly resourceContainers: Json;
  readonly createdDate: string;
}

interface Messages {
  readonly text: string;
  readonly html: string;
  readonly markdown: string;
}

export function hookEvent(view: View, happening: WorkItemHappening): HookEvent {
  const project = projectOf(view.world, happening.revision);
  const container = (id: string, below = ''): Json => ({ id, baseUrl: `${view.base}${below}/` });
  return {
    id: randomUUID(),
    eventType: happening.type,
    publisherId: 'tfs',
    ...messages(view, happening),
    resource: resource(view, happening),
    resourceVersion: '5.1-preview.3',
    resourceContainers: {
      collection: container(view.world.organizationId),
      account: container(view.world.organizationId),
      project: container(project.id),
    },
    createdDate: dateText(happening.at),
  };
}

function resource(view: View, happening: WorkItemHappening): Json {
  const { item, revision, update, comment } = happening;
  const whole = workItemJson(view, item, revision, { expand: 'relations', links: true });
  switch (happening.type) {
    case 'workitem.updated':
      return {
        ...(update === undefined ? {} : updateJson(view, item, update)),
        revision: workItemJson(view, item, revision, { expand: 'relations' }),
      };
    case 'workitem.commented': {
      const text = comment === undefined ? '' : latestVersion(comment).text;
      const fields = typeof whole.fields === 'object' ? whole.fields : {};
      return {
        ...whole,
        fields: { ...fields, 'System.History': text },
        ...(comment === undefined
          ? {}
          : { commentVersionRef: { commentId: comment.id, version: latestVersion(comment).version } }),
      };
    }
    case 'workitem.deleted': {
      const url = `${view.base}/${projectOf(view.world, revision).id}/_apis/wit/recyclebin/${item.id}`;
      return { ...whole, _links: { self: { href: url } }, url };
    }
    case 'workitem.created':
    case 'workitem.restored':
      return whole;
    default:
      return happening.type satisfies never;
  }
}

const VERBS = {
  'workitem.created': 'created by',
  'workitem.updated': 'updated by',
  'workitem.commented': 'commented on by',
  'workitem.deleted': 'deleted by',
  'workitem.restored': 'restored by',
} as const;

function messages(view: View, happening: WorkItemHappening): { message: Messages; detailedMessage: Messages } {
  const { item, revision } = happening;
  const type = String(revision.fields['System.WorkItemType']);
  const title = String(revision.fields['System.Title'] ?? '');
  const url = webUrl(view, item.id, revision);
  const who = `${VERBS[happening.type]} ${personById(view.world, happening.by).displayName}`;
  const name = `${type} #${item.id}`;
  const message: Messages = {
    text: `${name} (${title}) ${who}.\r\n(${url})`,
    html: `<a href="${url}">${name}</a> (${escapeHtml(title)}) ${escapeHtml(who)}.`,
    markdown: `[${name}](${url}) (${title}) ${who}.`,
  };
  const said =
    happening.type === 'workitem.commented' && happening.comment !== undefined
      ? latestVersion(happening.comment).text
      : '';
  const detail = said === '' ? `- State: ${String(revision.fields['System.State'])}` : textOf(said);
  return {
    message,
    detailedMessage: {
      text: `${message.text}\r\n\r\n${detail}\r\n`,
      html: `${message.html}<br/>${said === '' ? escapeHtml(detail) : said}`,
      markdown: `${message.markdown}\r\n\r\n${detail}\r\n`,
    },
  };
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export interface Delivery {
  readonly subscriptionId: string;
  readonly notificationId: number;
  readonly resourceVersion: string;
  readonly resourceDetailsToSend: string;
  readonly messagesToSend: string;
  readonly detailedMessagesToSend: string;
}

/** The body as one subscription gets it. */
export function deliveryBody(event: HookEvent, delivery: Delivery): Json {
  const { resource: whole, message, detailedMessage, ...rest } = event;
  return {
    subscriptionId: delivery.subscriptionId,
    notificationId: delivery.notificationId,
    ...rest,
    ...part('message', message, delivery.messagesToSend),
    ...part('detailedMessage', detailedMessage, delivery.detailedMessagesToSend),
    ...resourcePart(whole, delivery),
    resourceVersion: delivery.resourceVersion,
  };
}

function part(name: string, messages: Messages, wanted: string): Json {
  switch (wanted.toLowerCase()) {
    case 'none':
      return {};
    case 'text':
      return { [name]: { text: messages.text } };
    case 'html':
      return { [name]: { html: messages.html } };
    case 'markdown':
      return { [name]: { markdown: messages.markdown } };
    default:
      return { [name]: messages };
  }
}

function resourcePart(whole: Json, delivery: Delivery): Json {
  switch (delivery.resourceDetailsToSend.toLowerCase()) {
    case 'none':
      return {};
    case 'minimal':
      return {
        resource: {
          id: whole.id,
          ...(whole.workItemId === undefined ? {} : { workItemId: whole.workItemId }),
          url: whole.url,
        },
      };
    default:
      return { resource: delivery.resourceVersion === '1.0' ? flattened(whole) : whole };
  }
}

/** Version 1.0 gives people as `Name <mail>`, later ones as objects. */
function flattened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(flattened);
  if (typeof value !== 'object' || value === null) return value;
  const name: unknown = Reflect.get(value, 'displayName');
  const mail: unknown = Reflect.get(value, 'uniqueName');
  // `revisedBy` has a name of its own and stays an object.
  if (typeof name === 'string' && typeof mail === 'string' && !('name' in value)) return `${name} <${mail}>`;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, flattened(inner)]));
}
