// The shape of the seed: a software team's people and backlog, from which each simulator builds its own project.
// Types only; the data is in the theme files beside this one, put together in team-data.ts.
//
// Times are relative to the moment the simulator starts, so that the backlog is never in the future: `daysAgo: 2.25` is two
// days and six hours before the start, `dueInDays: -3` is a due date three days before the start's date in UTC.
import type { AdfDocument } from './adf.ts';

export type SeedSide = 'jira' | 'azure';

/** Short name by which items refer to a person, such as `mara`. */
export type PersonKey = string;

export interface SeedPerson {
  readonly key: PersonKey;
  readonly displayName: string;
  readonly email: string;
  /** IANA name, such as `Asia/Kolkata`. */
  readonly timeZone: string;
  readonly sides: readonly SeedSide[];
  /** False: has left; still named on old items, can't be assigned or log in. */
  readonly active: boolean;
}

export type AttachmentContent =
  | { readonly kind: 'text'; readonly text: string }
  /** A small picture, drawn from the seed number. */
  | { readonly kind: 'png'; readonly width: number; readonly height: number; readonly seed: number }
  /** `size` bytes that follow from the seed number. */
  | { readonly kind: 'bytes'; readonly size: number; readonly seed: number };

/** attachment-bytes.ts turns the content into bytes. */
export interface SeedAttachment {
  readonly fileName: string;
  readonly mimeType: string;
  readonly author: PersonKey;
  readonly daysAgo: number;
  readonly content: AttachmentContent;
}

interface SeedComment<Body> {
  readonly author: PersonKey;
  readonly daysAgo: number;
  readonly body: Body;
}

/**
 * A description or comment in Azure's stored HTML, loose as the real service keeps it. `{{person:mara}}` stands for the
 * person's identity id (in mentions); mentions.ts puts it in.
 */
export type Html = string;

interface SeedItem {
  /** Unique over both sides; links and parents name it. */
  readonly ref: string;
  /** Items of both sides with the same twin are one thing that nobody has linked yet. */
  readonly twin?: string;
  readonly createdDaysAgo: number;
  readonly parent?: string;
  readonly attachments?: readonly SeedAttachment[];
  readonly storyPoints?: number;
  readonly dueInDays?: number;
}

// ---- Jira ----

export type JiraIssueType = 'Epic' | 'Story' | 'Task' | 'Bug' | 'Sub-task';
export type JiraStatus = 'To Do' | 'In Progress' | 'In Review' | 'Blocked' | 'Done' | 'Cancelled';
export type JiraResolution = 'Done' | "Won't Do" | 'Duplicate' | 'Cannot Reproduce';
export type JiraPriority = 'Highest' | 'High' | 'Medium' | 'Low' | 'Lowest';

export interface JiraSeedLink {
  /** The link's type; this item is the outward side ("blocks", "duplicates"…). */
  readonly type: 'Blocks' | 'Relates' | 'Duplicate' | 'Cloners';
  readonly to: string;
}

export interface JiraSeedItem extends SeedItem {
  readonly type: JiraIssueType;
  readonly summary: string;
  readonly description?: AdfDocument;
  readonly status: JiraStatus;
  /** Only with status Done (`Done` when left out) or Cancelled (`Won't Do` when left out). */
  readonly resolution?: JiraResolution;
  readonly priority: JiraPriority;
  readonly labels?: readonly string[];
  readonly reporter: PersonKey;
  readonly assignee?: PersonKey;
  /** Original and remaining estimate, hours. */
  readonly estimateHours?: number;
  readonly remainingHours?: number;
  readonly components?: readonly string[];
  readonly fixVersions?: readonly string[];
  readonly affectsVersions?: readonly string[];
  readonly sprint?: string;
  readonly comments?: readonly SeedComment<AdfDocument>[];
  readonly links?: readonly JiraSeedLink[];
}

export interface JiraSeedVersion {
  readonly name: string;
  readonly description: string;
  readonly released: boolean;
  /** Relative to the start, in days. */
  readonly releaseInDays: number;
}

export interface JiraSeedSprint {
  readonly name: string;
  readonly state: 'closed' | 'active' | 'future';
  readonly startInDays: number;
  readonly endInDays: number;
  readonly goal: string;
}

export interface JiraSeed {
  readonly projectKey: string;
  readonly projectName: string;
  readonly lead: PersonKey;
  readonly components: readonly { readonly name: string; readonly description: string; readonly lead: PersonKey }[];
  readonly versions: readonly JiraSeedVersion[];
  readonly sprints: readonly JiraSeedSprint[];
  /** In the order of creation; a parent comes before its children. */
  readonly items: readonly JiraSeedItem[];
}

// ---- Azure DevOps, Agile process ----

export type AzureWorkItemType = 'Epic' | 'Feature' | 'User Story' | 'Task' | 'Bug' | 'Issue';
/** Which of them a type has is the process's matter: Tasks are never Resolved, Issues are Active or Closed only. */
export type AzureState = 'New' | 'Active' | 'Resolved' | 'Closed' | 'Removed';

export type AzureSeedLink =
  | {
      /** related: System.LinkTypes.Related; successor: …Dependency-Forward; duplicate: …Duplicate-Forward (this item → `to`). */
      readonly rel: 'related' | 'successor' | 'duplicate';
      readonly to: string;
      readonly comment?: string;
    }
  | { readonly rel: 'hyperlink'; readonly url: string; readonly comment?: string };

export interface AzureSeedItem extends SeedItem {
  readonly type: AzureWorkItemType;
  readonly title: string;
  /** System.Description; for a Bug, Microsoft.VSTS.TCM.ReproSteps. */
  readonly description?: Html;
  readonly acceptanceCriteria?: Html;
  readonly systemInfo?: Html;
  readonly state: AzureState;
  readonly priority: 1 | 2 | 3 | 4;
  /** Bugs only. */
  readonly severity?: '1 - Critical' | '2 - High' | '3 - Medium' | '4 - Low';
  readonly tags?: readonly string[];
  readonly createdBy: PersonKey;
  readonly assignedTo?: PersonKey;
  /** Hours; tasks and bugs. */
  readonly originalEstimate?: number;
  readonly remainingWork?: number;
  readonly completedWork?: number;
  /** Below the project's own node: `Routing` is `Tandem\Routing`. Left out: the root. */
  readonly area?: string;
  readonly iteration?: string;
  readonly comments?: readonly SeedComment<Html>[];
  readonly links?: readonly AzureSeedLink[];
}

export interface AzureSeedIteration {
  /** `Release 5\Sprint 21`. */
  readonly path: string;
  readonly startInDays: number;
  readonly endInDays: number;
}

export interface AzureSeed {
  readonly organization: string;
  readonly project: string;
  readonly description: string;
  readonly areas: readonly string[];
  readonly iterations: readonly AzureSeedIteration[];
  readonly teams: readonly { readonly name: string; readonly area: string; readonly members: readonly PersonKey[] }[];
  /** In the order of creation; a parent comes before its children. */
  readonly items: readonly AzureSeedItem[];
}

export interface TeamSeed {
  readonly people: readonly SeedPerson[];
  readonly jira: JiraSeed;
  readonly azure: AzureSeed;
}
