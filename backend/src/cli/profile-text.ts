// Writes a profile file that a person can read and edit: only what differs from the defaults, with the reason of each
// suggestion above it. Secrets stand in it as names of environment variables only.

import { Document, isMap, isSeq, type Node, type YAMLMap } from 'yaml';
import { schemaLine } from '../profile-file/write.ts';
import type { FieldMapping, TypeMapping } from '../sync/profile.ts';
import type { Suggestion } from '../sync/suggest.ts';

export interface ProfileTextInput {
  readonly suggestion: Suggestion;
  readonly jira: { readonly url: string; readonly email: string };
  readonly azure: { readonly url: string };
  /** `environment`: the file names the variable. `kept`: the secret lies encrypted in the data folder. */
  readonly secrets: { readonly jira: SecretPlace; readonly azure: SecretPlace };
  /** Where editors find the JSON schema. */
  readonly schema: string;
  /** As the user names it, for the commands in the comments. */
  readonly path: string;
}

export type SecretPlace = 'environment' | 'kept';

export function profileText(input: ProfileTextInput): string {
  const { settings, reasons } = input.suggestion;
  const { policies } = settings;
  const document = new Document({
    name: settings.name,
    jira: {
      url: input.jira.url,
      email: input.jira.email,
      ...(input.secrets.jira === 'environment' ? { token: `\${JIRA_API_TOKEN}` } : {}),
      project: settings.jira.project,
    },
    azure: {
      url: input.azure.url,
      ...(input.secrets.azure === 'environment' ? { pat: `\${AZURE_DEVOPS_PAT}` } : {}),
      project: settings.azure.project,
    },
    direction: settings.direction,
    types: settings.types.map(shortType),
    fields: settings.fields.map(shortField),
    comments: settings.comments,
    attachments: settings.attachments,
    policies: {
      conflict: policies.conflict,
      winner: policies.winner,
      seeding: policies.seeding,
      linkExisting: policies.linkExisting,
      unmappedType: policies.unmappedType,
      unmappedUser: policies.unmappedUser,
      unmappedValue: policies.unmappedValue,
      deleted: policies.deleted,
      leftFilter: policies.leftFilter,
      leftProject: policies.leftProject,
      typeChanged: policies.typeChanged,
      brake: policies.brake,
    },
    timeZone: settings.timeZone,
  });
  document.commentBefore = comment(
    schemaLine(input.schema),
    '',
    `Keeps the Jira project ${settings.jira.project} and the Azure DevOps project ${settings.azure.project} the same.`,
    'Suggested by `tandem init` from the two projects: look it through, then',
    `  tandem check ${input.path}   holds it against both sites`,
    `  tandem plan ${input.path}    shows every write, and writes nothing`,
    `  tandem sync ${input.path}    does it; with --watch it goes on`,
  );
  annotate(document, input);
  for (const { path, reason } of reasons) noteAt(document, path.split('.'), reason);
  return document.toString({ lineWidth: 120, flowCollectionPadding: true });
}

const comment = (...lines: readonly string[]): string => lines.map((line) => ` ${line}`).join('\n');

/** Pairs of names read best on a line each. */
const shortType = (type: TypeMapping) => ({
  jira: type.jira,
  azure: type.azure,
  ...(type.states.length > 0 ? { states: type.states } : {}),
  ...(hasFixed(type.defaults) ? { defaults: filled(type.defaults) } : {}),
  ...(hasFixed(type.onTransition) ? { onTransition: filled(type.onTransition) } : {}),
});

const hasFixed = (fixed: TypeMapping['defaults']) =>
  Object.keys(fixed.jira).length > 0 || Object.keys(fixed.azure).length > 0;

const filled = (fixed: TypeMapping['defaults']) =>
  Object.fromEntries(Object.entries(fixed).filter(([, values]) => Object.keys(values).length > 0));

const shortField = ({ direction, enforce, ...field }: FieldMapping) => ({
  ...field,
  ...(direction === 'both' ? {} : { direction }),
  ...(enforce ? { enforce } : {}),
});

const kept = comment(
  'The secret was entered at `tandem init` and is kept encrypted in the data folder; a variable wins:',
);

function annotate(document: Document, { secrets }: ProfileTextInput): void {
  const notes: readonly (readonly [string, string])[] = [
    [
      'jira',
      'The account that Tandem works as, by its API token (https://id.atlassian.com/manage-profile/security/api-tokens).',
    ],
    ['azure', 'A personal access token with Work Items (Read & write) and Project and Team (Read).'],
    ['direction', "Which side's new items get a counterpart: both, jira-to-azure or azure-to-jira."],
    ['types', 'Which types stand for each other, and their states. The first pair that names a type or state decides.'],
    [
      'fields',
      'Field ids of both sides. A mapping may also have: direction, conflict, seeding, values, unmapped, types.',
    ],
    ['comments', 'direction: both, jira-to-azure or azure-to-jira; enabled: true or false.'],
    ['policies.conflict', 'Of a field that was changed on both sides: jira, azure, newest or ask.'],
    ['policies.winner', 'Who wins where newest cannot tell.'],
    ['policies.seeding', 'Of a field that differs and was never compared: jira, azure or ask.'],
    [
      'policies.linkExisting',
      'The first sync pairs existing items of both sides by title, if only one has it: title or none.',
    ],
    ['policies.unmappedType', 'Items of a type without a counterpart: skip or error.'],
    ['policies.unmappedUser', 'Of people and values without one: skip, error, or { set: { jira: …, azure: … } }.'],
    ['policies.deleted', 'The counterpart of an item that was deleted: mark (it stays, marked), close, or delete.'],
    ['policies.leftFilter', 'Of one that passes the filter no longer: mark, close, delete or keep (it goes on).'],
    [
      'policies.leftProject',
      'Of one that was moved: follow (to the profile that covers it there), mark, close or delete.',
    ],
    ['policies.typeChanged', 'Of one whose type was changed: follow, keep, error, mark, close or delete.'],
    ['policies.brake', 'More destructive changes than this in the window stop the profile.'],
    ['timeZone', 'In which a time becomes a date, an IANA name.'],
  ];
  for (const [path, note] of notes) noteAt(document, path.split('.'), note);
  const lines = {
    jira: `${kept}\n token: \${JIRA_API_TOKEN}`,
    azure: `${kept}\n pat: \${AZURE_DEVOPS_PAT}`,
  };
  for (const side of ['jira', 'azure'] as const) {
    if (secrets[side] === 'kept') noteBefore(document, [side, 'project'], lines[side]);
  }
  for (const [key, list] of [
    ['types', 'states'],
    ['fields', 'values'],
  ] as const) {
    const entries = document.get(key);
    if (!isSeq(entries)) continue;
    for (const entry of entries.items) {
      const pairs = isMap(entry) ? entry.get(list) : null;
      if (!isSeq(pairs)) continue;
      for (const pair of pairs.items) if (isMap(pair)) pair.flow = true;
    }
  }
  for (const path of [['comments'], ['attachments'], ['policies', 'brake']]) {
    const node = document.getIn(path);
    if (isMap(node)) node.flow = true;
  }
}

/** Above the entry; `types.0` is an entry of a list, all else a key. */
const noteAt = (document: Document, path: readonly string[], text: string): void =>
  noteBefore(document, path, comment(text));

function noteBefore(document: Document, path: readonly string[], text: string): void {
  const last = path.at(-1) ?? '';
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1));
  if (isSeq(parent)) {
    const item = parent.items[Number(last)] as Node | undefined;
    if (item) item.commentBefore = text;
    return;
  }
  const pair = isMap(parent)
    ? (parent as YAMLMap<Node, Node>).items.find(({ key }) => String(key) === last)
    : undefined;
  if (pair) pair.key.commentBefore = text;
}
