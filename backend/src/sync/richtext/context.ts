// What a conversion needs to know from outside, people and files, and what it reports back as lost. No I/O: the caller
// looks people and attachments up before it converts.
import type { AdfDoc } from './adf.ts';
import type { LinkResolver } from './links.ts';
import type { LossKind } from './losses.ts';

/** Something that the output does not carry. `path` leads to it in the input; `node` is its kind there. */
export interface Loss {
  readonly path: string;
  readonly node: string;
  readonly kind: LossKind;
  readonly reason: string;
}

export interface PersonRef {
  readonly id: string;
  readonly name: string;
}

/** The people mapping. An undefined answer, or no mapping at all, leaves the name as plain `@Name`. */
export interface PeopleResolver {
  /** By Jira account id. The id of the answer is the Azure DevOps identity's GUID. */
  readonly toAzure: (accountId: string) => PersonRef | undefined;
  /** By Azure DevOps identity GUID, in lower case. The id of the answer is the Jira account id. */
  readonly toJira: (identityId: string) => PersonRef | undefined;
}

export interface JiraMedia {
  readonly id: string;
  readonly collection: string;
}

export interface AzureAttachment {
  readonly url: string;
  readonly name?: string;
}

/** Which Jira media file is which Azure DevOps attachment. */
export interface MediaResolver {
  readonly toAzure: (media: JiraMedia) => AzureAttachment | undefined;
  readonly toJira: (url: string) => (JiraMedia & { readonly name?: string }) | undefined;
  /** Of a link to a Jira attachment: the address of the same file in Azure DevOps. */
  readonly linkToAzure?: (url: string) => string | undefined;
  /** Of a link to a file in Azure DevOps: the address of the same attachment in Jira. */
  readonly linkToJira?: (url: string) => string | undefined;
}

export interface ConversionContext {
  readonly people?: PeopleResolver;
  readonly media?: MediaResolver;
  /** Items that the text names: without it every address and key stays as it is. */
  readonly links?: LinkResolver | undefined;
}

export interface ToHtmlContext extends ConversionContext {
  /** The HTML that the output replaces: mentions that the mapping lacks are taken back from it. */
  readonly original?: string;
}

export interface ToAdfContext extends ConversionContext {
  /** The document that the output replaces: nodes that HTML shows only as a placeholder are taken back from it. */
  readonly original?: AdfDoc;
}

/** Where an element stands; spelled out only when a loss is told. */
export interface Path {
  readonly parent?: Path;
  readonly name: string;
}

/** Steps at either end of a path that are spelled out. */
const shownSteps = 30;

function pathText(path: Path | string): string {
  if (typeof path === 'string') return path;
  const names: string[] = [];
  for (let at: Path | undefined = path; at !== undefined; at = at.parent) names.push(at.name);
  const parts = names.reverse();
  const long = parts.length - 2 * shownSteps;
  if (long > 1) parts.splice(shownSteps, long, `…${long} more…`);
  return parts.join('/') || '/';
}

/** Collects losses; the same one at the same place is told once. */
export class LossLog {
  readonly #seen = new Set<string>();
  readonly #losses: Loss[] = [];

  add(where: Path | string, kind: LossKind, node: string, reason: string): void {
    const path = pathText(where);
    const key = `${path}\n${kind}\n${node}\n${reason}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#losses.push({ path, node, kind, reason });
  }

  get all(): readonly Loss[] {
    return this.#losses;
  }
}
