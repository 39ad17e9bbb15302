// What the configuration store offers: installations, connections, profiles and all that the engine and the routes keep
// beside them. Every implementation passes test/store/config-store.contract.ts. Ids of another installation give nothing.

import type { ConnectionCheck, EngineConfig, Scope } from '../reconcile/ports.ts';
import type { FingerprintKey } from '../sync/baseline.ts';
import type { SyncError } from '../sync/errors.ts';
import type { Side } from '../sync/model.ts';
import type { Profile, ProfileSettings } from '../sync/profile.ts';
import type { SeenPerson } from '../sync/unmapped-people.ts';

export interface Installation {
  readonly id: string;
  /** Jira's cloud id; in stand-alone use the site's URL. */
  readonly cloudId: string;
  /** Forge's environment type, or `stand-alone`. */
  readonly environment: string;
  readonly siteUrl: string | null;
  readonly status: 'active' | 'uninstalled';
  /** Epoch ms after which an uninstalled one is erased. */
  readonly graceUntil: number | null;
  /** Newest last. */
  readonly forgeInstallationIds: readonly string[];
  readonly createdAt: number;
}

export interface InstallRequest {
  readonly cloudId: string;
  readonly environment: string;
  readonly siteUrl?: string;
  readonly forgeInstallationId?: string;
  readonly siteKey?: string;
  readonly sharedSecret?: string;
}

export interface SystemToken {
  readonly token: string;
  /** Epoch ms. */
  readonly expiresAt: number;
  readonly apiBaseUrl: string;
}

export interface Connection {
  readonly id: string;
  readonly installationId: string;
  readonly side: Side;
  readonly name: string;
  /** Azure: the organization's URL; Jira: the site's. Without a slash at the end. */
  readonly url: string;
  /** `app`: Forge's system token; `token`: the account's own. */
  readonly auth: 'app' | 'token';
  /** E-mail address (Jira) or user name (Azure, may be empty) that goes with the token. */
  readonly account: string | null;
  /** Whether a token is stored; it is read by `connectionSecret` only. */
  readonly hasSecret: boolean;
  /** `YYYY-MM-DD` as the admin typed it. */
  readonly secretExpiresOn: string | null;
  readonly health: ConnectionCheck | null;
  /** Epoch ms of the last check. */
  readonly healthAt: number | null;
}

export interface ConnectionInput {
  readonly side: Side;
  readonly name: string;
  readonly url: string;
  readonly auth: 'app' | 'token';
  readonly account?: string | null;
  readonly secret?: string;
  readonly secretExpiresOn?: string | null;
}

/** What is left out stays as it is; the side never changes. */
export type ConnectionChange = Partial<Omit<ConnectionInput, 'side'>>;

export interface ProfileInput {
  readonly jiraConnectionId: string;
  readonly azureConnectionId: string;
  readonly settings: ProfileSettings;
}

/** A profile with what the pages show of it. */
export interface ProfileRecord extends Profile {
  /** Why it is paused or stopped. */
  readonly reason: SyncError | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface SettingsRevision {
  readonly revision: number;
  readonly settings: ProfileSettings;
  readonly savedAt: number;
  /** Account id. */
  readonly savedBy: string | null;
}

export type SaveOutcome =
  | { readonly kind: 'saved'; readonly profile: ProfileRecord }
  /** Somebody saved in between; `revision` is the one to start from. */
  | { readonly kind: 'conflict'; readonly revision: number }
  | { readonly kind: 'missing' };

/** Settings that somebody is still editing: not checked, may be incomplete. */
export interface Draft {
  readonly settings: unknown;
  readonly baseRevision: number;
  readonly savedAt: number;
  readonly savedBy: string | null;
}

export interface HookRegistration {
  readonly profileId: string;
  readonly connectionId: string;
  readonly subscriptionId: string;
  readonly event: string;
}

export interface InstallationStore {
  /** Makes the installation or joins the known one of this cloud id and environment; an uninstalled one is active again. */
  install(request: InstallRequest): Promise<Installation>;
  installation(scope: Scope): Promise<Installation | null>;
  findInstallation(cloudId: string, environment: string): Promise<Installation | null>;
  listInstallations(): Promise<readonly Installation[]>;
  /** The handshake's secrets, as `install` got them. */
  siteKey(scope: Scope): Promise<string | null>;
  sharedSecret(scope: Scope): Promise<string | null>;
  uninstall(scope: Scope, graceUntil: number): Promise<void>;
  /** Keeps the token that expires last, whatever the order in which they come. */
  saveSystemToken(scope: Scope, token: SystemToken): Promise<void>;
  /** Null when none is live at `now`. */
  systemToken(scope: Scope, now: number): Promise<SystemToken | null>;
  /** Destroys the data key first, then every row; returns how many there were, by table. The id stays unknown from then on. */
  eraseInstallation(scope: Scope): Promise<Readonly<Record<string, number>>>;
}

export interface Access {
  /** Null without the installation. */
  readonly cloudId: string | null;
  /** Null until `fingerprintKey` was asked for it. */
  readonly fingerprintKey: FingerprintKey | null;
  /** Those that exist; a secret is null where none is stored. */
  readonly connections: readonly { readonly connection: Connection; readonly secret: string | null }[];
}

export interface ConnectionStore {
  createConnection(scope: Scope, input: ConnectionInput): Promise<Connection>;
  /**
   * Null when there is none of this id. A new URL without a new secret drops the old
   * secret, which was meant for the old place only.
   */
  changeConnection(scope: Scope, connectionId: string, change: ConnectionChange): Promise<Connection | null>;
  /** `in-use` names the profiles that still need it. */
  deleteConnection(
    scope: Scope,
    connectionId: string,
  ): Promise<
    | { readonly kind: 'deleted' }
    | { readonly kind: 'missing' }
    | { readonly kind: 'in-use'; readonly profileIds: readonly string[] }
  >;
  connection(scope: Scope, connectionId: string): Promise<Connection | null>;
  listConnections(scope: Scope): Promise<readonly Connection[]>;
  connectionSecret(scope: Scope, connectionId: string): Promise<string | null>;
  /** What is needed to open the sides of a profile, in one look-up. */
  access(scope: Scope, connectionIds: readonly string[]): Promise<Access>;
  /** The secret that this connection's service hooks bring, made when there is none. Null without such a connection. */
  hookSecret(scope: Scope, connectionId: string): Promise<string | null>;
  /** Those that a hook may bring now, newest first: the one before is taken for a day yet. */
  hookSecrets(scope: Scope, connectionId: string): Promise<readonly string[]>;
  /** A new one, to be registered with the hooks. */
  rotateHookSecret(scope: Scope, connectionId: string): Promise<string | null>;
  saveHealth(scope: Scope, connectionId: string, health: ConnectionCheck, at: number): Promise<void>;
}

export interface ProfileStore {
  /** A new profile is a draft. */
  createProfile(scope: Scope, input: ProfileInput, savedBy: string | null): Promise<ProfileRecord>;
  /** Saves when `revision` is still the newest; every saved revision stays in the history. */
  saveProfile(
    scope: Scope,
    profileId: string,
    revision: number,
    settings: ProfileSettings,
    savedBy: string | null,
  ): Promise<SaveOutcome>;
  profileRecord(scope: Scope, profileId: string): Promise<ProfileRecord | null>;
  listProfiles(scope: Scope): Promise<readonly ProfileRecord[]>;
  /** Those with status `enabled` that a project's events concern. */
  enabledProfiles(
    scope: Scope,
    filter?: { readonly jiraProject?: string; readonly azureProject?: string; readonly connectionId?: string },
  ): Promise<readonly ProfileRecord[]>;
  /** Every enabled profile of every active installation: what the scheduler walks. */
  allEnabledProfiles(): Promise<readonly { readonly installationId: string; readonly profileId: string }[]>;
  settingsHistory(scope: Scope, profileId: string): Promise<readonly SettingsRevision[]>;
  deleteProfile(scope: Scope, profileId: string): Promise<boolean>;
  /**
   * `after` is the `savedAt` of the draft that was gone on with, null for a first one. Null when somebody else saved or
   * discarded one since, or there is no such profile: then it stays as it is.
   */
  saveDraft(
    scope: Scope,
    profileId: string,
    draft: Omit<Draft, 'savedAt'>,
    after: number | null,
  ): Promise<Draft | null>;
  draft(scope: Scope, profileId: string): Promise<Draft | null>;
  discardDraft(scope: Scope, profileId: string): Promise<void>;
  addHook(scope: Scope, hook: HookRegistration): Promise<void>;
  hooks(scope: Scope, profileId: string): Promise<readonly HookRegistration[]>;
  removeHook(scope: Scope, connectionId: string, subscriptionId: string): Promise<void>;
}

export interface SeenStore {
  /** Those that `rememberPeople` kept, by name. */
  people(scope: Scope, side: Side): Promise<readonly SeenPerson[]>;
  /** False when this delivery was taken in before. */
  takeDelivery(scope: Scope, source: string, deliveryId: string): Promise<boolean>;
  /** Forgets deliveries received before; returns how many. */
  purgeDeliveries(before: number): Promise<number>;
}

export interface AccountStore {
  /** Accounts of Jira that are kept and were not reported since (epoch ms), by id. `storedAt`: when they were last written. */
  accountsDue(
    scope: Scope,
    reportedBefore: number,
    limit: number,
  ): Promise<readonly { readonly id: string; readonly storedAt: number }[]>;
  accountsReported(scope: Scope, ids: readonly string[], at: number): Promise<void>;
  /** What is known of the person beside the id is dropped, to be read again from the site. */
  forgetAccount(scope: Scope, id: string): Promise<void>;
}

export interface PersonErasure {
  /** Rows that were removed or changed, by place. */
  readonly erased: Readonly<Record<string, number>>;
  /** Profiles whose settings, now or in their history, name the person in a place that only an admin can change. */
  readonly left: readonly string[];
}

export interface PersonErasureStore {
  /** Takes a person out of people seen, mappings with their history, catalogs, and the columns that tell who did something. */
  erasePerson(scope: Scope, side: Side, personId: string): Promise<PersonErasure>;
}

export interface BudgetStore {
  /** What was taken in the window that ends at `now` (epoch ms). */
  takenBudget(scope: Scope, profileId: string, now: number): Promise<number>;
  /** An admin lets destructive operations go on: the whole budget is there again. */
  renewBudget(scope: Scope, profileId: string): Promise<void>;
}

export type ConfigStore = EngineConfig &
  InstallationStore &
  ConnectionStore &
  ProfileStore &
  SeenStore &
  PersonErasureStore &
  AccountStore &
  BudgetStore;
