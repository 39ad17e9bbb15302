// Cuts Jira's events to ids before they leave Jira: no text, name or account of a customer goes to the backend. Pure and
// self-contained: it runs in Forge's functions, and the backend's own schema of the result is backend/src/jira/events.ts.
// Shapes: https://developer.atlassian.com/platform/forge/events-reference/jira/

export interface CutEvent {
  /** Forge's name of the event. */
  readonly event: string;
  /** Absent for events of the project or the site. */
  readonly issueId?: string;
  /** Of the issue, so that events of projects which no profile covers end without a call. */
  readonly projectKey?: string;
  readonly aspect: 'fields' | 'comments' | 'attachments' | 'links' | 'deleted' | 'any';
  /** Lets the backend tell an echo of its own write without a call; absent where the event doesn't say. */
  readonly version?: {
    /** Id of the history entry. */
    readonly history?: number;
    /** Epoch milliseconds. */
    readonly updated?: number;
  };
  /** The comment's or attachment's id. */
  readonly childId?: string;
  /** An update that took the attachment away. */
  readonly gone?: true;
  /** Which link: its type's id and the issue at its other end. */
  readonly link?: { readonly type: string; readonly direction: 'outward' | 'inward'; readonly other: string };
}

/** Nothing comes of an event whose form is not known. A link concerns two issues. */
export function cutJiraEvent(raw: unknown): readonly CutEvent[] {
  const projectKey = projectOf(raw);
  return cut(raw).map((event) =>
    projectKey === undefined || event.issueId === undefined ? event : { ...event, projectKey },
  );
}

/** Left out when the issue was just moved: the project that it left must hear of it too. */
function projectOf(raw: unknown): string | undefined {
  const moved = changed(at(raw, 'changelog')).some((item) => ['Key', 'project'].includes(text(item, 'field') ?? ''));
  return moved ? undefined : /^([A-Z][A-Z0-9_]{0,19})-\d+$/.exec(text(at(raw, 'issue'), 'key') ?? '')?.[1];
}

function changed(changelog: unknown): readonly unknown[] {
  const items = at(changelog, 'items');
  return Array.isArray(items) ? items : [];
}

function cut(raw: unknown): readonly CutEvent[] {
  const event = text(raw, 'eventType');
  if (event === undefined || !/^avi:[a-z-]+(:[a-z_-]+)+$/.test(event) || event.length > 80) return [];
  const issue = at(raw, 'issue');
  const issueId = id(at(issue, 'id'));
  const updated = time(text(at(issue, 'fields'), 'updated')) ?? time(text(at(issue, 'fields'), 'created'));

  switch (event) {
    case 'avi:jira:created:issue':
    case 'avi:jira:assigned:issue':
      return issueId === undefined ? [] : [{ event, issueId, aspect: 'fields', ...version({ updated }) }];
    case 'avi:jira:updated:issue':
      return issueId === undefined || onlyLinks(at(raw, 'changelog'))
        ? []
        : [{ event, issueId, ...change(at(raw, 'changelog'), updated) }];
    case 'avi:jira:deleted:issue':
      return issueId === undefined ? [] : [{ event, issueId, aspect: 'deleted' }];
    case 'avi:jira:commented:issue': {
      const comment = at(raw, 'comment');
      if (issueId === undefined) return [];
      const edited = time(text(comment, 'updated')) ?? time(text(comment, 'created'));
      return [{ event, issueId, aspect: 'comments', ...version({ updated: edited }), ...child(at(comment, 'id')) }];
    }
    case 'avi:jira:deleted:comment':
      return issueId === undefined
        ? []
        : [{ event, issueId, aspect: 'comments', ...child(at(at(raw, 'comment'), 'id')) }];
    case 'avi:jira:created:attachment':
    case 'avi:jira:deleted:attachment': {
      const attachment = at(raw, 'attachment');
      const owner = id(at(attachment, 'issueId')) ?? issueId;
      return owner === undefined
        ? []
        : [{ event, issueId: owner, aspect: 'attachments', ...child(at(attachment, 'id')) }];
    }
    case 'avi:jira:created:issuelink':
    case 'avi:jira:deleted:issuelink': {
      const [source, destination] = [id(at(raw, 'sourceIssueId')), id(at(raw, 'destinationIssueId'))];
      const type = id(at(at(raw, 'issueLinkType'), 'id'));
      return [
        ...linkEnd(event, type, source, 'outward', destination),
        ...(source === destination ? [] : linkEnd(event, type, destination, 'inward', source)),
      ];
    }
    default:
      // Versions, components, projects, sprints, people, logged work: only that it happened.
      return [{ event, aspect: 'any' }];
  }
}

function linkEnd(
  event: string,
  type: string | undefined,
  issueId: string | undefined,
  direction: 'outward' | 'inward',
  other: string | undefined,
): readonly CutEvent[] {
  if (issueId === undefined) return [];
  const link = type === undefined || other === undefined ? {} : { link: { type, direction, other } };
  return [{ event, issueId, aspect: 'links', ...link }];
}

/** Entries of the changelog that tell of a child, by the names that Jira gives them. */
const childFields: ReadonlyMap<string, CutEvent['aspect']> = new Map([
  ['Attachment', 'attachments'],
  ['Link', 'links'],
  ['RemoteIssueLink', 'links'],
  ['Comment', 'comments'],
]);

/** A link that was made or removed has an event of its own, which tells which one it is. */
function onlyLinks(changelog: unknown): boolean {
  const list = changed(changelog);
  return list.length > 0 && list.every((item) => text(item, 'field') === 'Link');
}

/** What an update touched. Without a changelog, or with a mix of fields and children, the backend has to look. */
function change(
  changelog: unknown,
  updated: number | undefined,
): Pick<CutEvent, 'aspect' | 'version' | 'childId' | 'gone'> {
  const list = changed(changelog);
  const touched = new Set(list.map((item) => childFields.get(text(item, 'field') ?? '') ?? 'fields'));
  const [aspect] = touched;
  if (aspect === undefined || touched.size > 1) return { aspect: 'any' };
  if (aspect === 'fields') return { aspect, ...version({ history: number(at(changelog, 'id')), updated }) };
  const only = aspect === 'attachments' && list.length === 1 ? list[0] : undefined;
  const [to, from] = [child(text(only, 'to')), child(text(only, 'from'))];
  return to.childId === undefined && from.childId !== undefined ? { aspect, ...from, gone: true } : { aspect, ...to };
}

function version(parts: { history?: number | undefined; updated?: number | undefined }): Pick<CutEvent, 'version'> {
  const { history, updated } = parts;
  if (history === undefined && updated === undefined) return {};
  return {
    version: { ...(history === undefined ? {} : { history }), ...(updated === undefined ? {} : { updated }) },
  };
}

function child(value: unknown): Pick<CutEvent, 'childId'> {
  const childId = id(value);
  return childId === undefined ? {} : { childId };
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

function text(value: unknown, key: string): string | undefined {
  const found = at(value, key);
  return typeof found === 'string' ? found : undefined;
}

/** Ids are digits, whether Jira writes them as text or as a number; anything else could carry content. */
function id(value: unknown): string | undefined {
  const written = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  return typeof written === 'string' && /^\d{1,19}$/.test(written) ? written : undefined;
}

function number(value: unknown): number | undefined {
  const written = id(value);
  return written === undefined || !Number.isSafeInteger(Number(written)) ? undefined : Number(written);
}

/** `2021-01-20T15:58:12.797+1100`. */
function time(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const parsed = Date.parse(value.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(parsed) || parsed < 0 ? undefined : parsed;
}
