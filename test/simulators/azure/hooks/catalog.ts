// What subscriptions may be made of: the events of work items and the one consumer that matters here, web hooks.
import type { WorkItemEventType } from '../changes.ts';
import type { Json } from '../render.ts';

export const RESOURCE_VERSIONS = ['1.0', '1.0-preview.2', '3.1-preview.3', '5.1-preview.3'];

export const EVENT_TYPES: readonly {
  readonly id: WorkItemEventType;
  readonly name: string;
  readonly description: string;
  /** Publisher inputs beyond project, area and type. */
  readonly inputs: readonly string[];
}[] = [
  {
    id: 'workitem.created',
    name: 'Work item created',
    description: 'Filter events to include only newly created work items.',
    inputs: ['tag'],
  },
  {
    id: 'workitem.updated',
    name: 'Work item updated',
    description: 'Filter events to include only changed work items.',
    inputs: ['tag', 'changedFields', 'linksChanged'],
  },
  {
    id: 'workitem.deleted',
    name: 'Work item deleted',
    description: 'Filter events to include only newly deleted work items.',
    inputs: ['tag'],
  },
  {
    id: 'workitem.restored',
    name: 'Work item restored',
    description: 'Filter events to include only newly restored work items.',
    inputs: ['tag'],
  },
  {
    id: 'workitem.commented',
    name: 'Work item commented on',
    description: 'Filter events to include only work items commented on.',
    inputs: ['tag', 'commentPattern'],
  },
];

export const PUBLISHER_INPUTS = ['projectId', 'areaPath', 'workItemType', 'hostId', 'tfsSubscriptionId'];
export const CONSUMER_INPUTS = [
  'url',
  'acceptUntrustedCerts',
  'basicAuthUsername',
  'basicAuthPassword',
  'httpHeaders',
  'resourceDetailsToSend',
  'messagesToSend',
  'detailedMessagesToSend',
];
/** Never shown again once given. */
export const CONFIDENTIAL = ['basicAuthPassword', 'httpHeaders'];

const input = (id: string, isRequired: boolean, isConfidential = false): Json => ({
  id,
  name: id,
  description: id,
  inputMode: isConfidential ? 'passwordBox' : 'textBox',
  isConfidential,
  validation: { dataType: id === 'url' ? 'uri' : 'string', isRequired },
});

export function eventTypeJson(base: string, event: (typeof EVENT_TYPES)[number]): Json {
  return {
    publisherId: 'tfs',
    id: event.id,
    name: event.name,
    description: event.description,
    supportedResourceVersions: RESOURCE_VERSIONS,
    inputDescriptors: ['areaPath', 'workItemType', ...event.inputs].map((id) => input(id, false)),
    url: `${base}/_apis/hooks/publishers/tfs/eventTypes/${event.id}`,
  };
}

export function publisherJson(base: string): Json {
  const url = `${base}/_apis/hooks/publishers/tfs`;
  return {
    id: 'tfs',
    name: 'Azure DevOps',
    description: 'Publishes Azure DevOps events',
    url,
    inputDescriptors: [input('projectId', true)],
    supportedEvents: EVENT_TYPES.map((event) => eventTypeJson(base, event)),
    _links: { self: { href: url } },
  };
}

export function actionJson(base: string): Json {
  return {
    id: 'httpRequest',
    consumerId: 'webHooks',
    name: 'Post via HTTP',
    description: 'Post event information via HTTP',
    supportedEventTypes: EVENT_TYPES.map((event) => event.id),
    supportedResourceVersions: Object.fromEntries(EVENT_TYPES.map((event) => [event.id, RESOURCE_VERSIONS])),
    allowResourceVersionOverride: true,
    inputDescriptors: CONSUMER_INPUTS.map((id) => input(id, id === 'url', CONFIDENTIAL.includes(id))),
    url: `${base}/_apis/hooks/consumers/webHooks/actions/httpRequest`,
  };
}

export function consumerJson(base: string): Json {
  const url = `${base}/_apis/hooks/consumers/webHooks`;
  return {
    id: 'webHooks',
    name: 'Web Hooks',
    description: 'Provides event communication via HTTP',
    informationUrl: 'https://go.microsoft.com/fwlink/?LinkID=392642',
    authenticationType: 'none',
    inputDescriptors: [],
    actions: [actionJson(base)],
    url,
    _links: { self: { href: url } },
  };
}
