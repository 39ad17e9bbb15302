// Starts the Jira Cloud simulator. Everything that a test needs of it is in JiraSimulator; other clients find it at GET /_control/state.
import { z } from 'zod';
import { type Accounts, ADMIN, type JiraCredentials, ORDINARY, SYNCHRONIZER } from '../credentials.ts';
import type { VirtualClock } from '../kernel/clock.ts';
import { type Kernel, startKernel } from '../kernel/kernel.ts';
import { jiraSpecChecker, type SpecChecker } from '../kernel/spec-checker.ts';
import { EMPTY_TEAM, TEAM } from '../seed/team-data.ts';
import { authorizationFor } from './accounts.ts';
import { JIRA_ADDITIONS } from './additions.ts';
import { AGILE_ADDITIONS } from './additions-agile.ts';
import { createApp } from './app.ts';
import { CONTROL_DOCS, controlRoutes, findPerson, newToken } from './control.ts';
import { type LimitSettings, RateLimits, REAL_LIMITS, ROOMY_LIMITS } from './limits.ts';
import { type MediaHost, startMediaHost } from './media.ts';
import type { Person } from './model.ts';
import { APP_KEY, accountIdOf, sitePeople } from './people.ts';
import { createScreens } from './screens.ts';
import { SearchIndex } from './search-index.ts';
import { loadSeed } from './seed.ts';
import { CLOUD_ID, PROJECT_KEY } from './site.ts';
import { dumpStore } from './state.ts';
import { Store } from './store.ts';
import type { Settings, World } from './world.ts';

export interface JiraSimulatorOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  readonly clock?: VirtualClock;
  /** `empty`: the project with its fields, workflow and people, without issues. */
  readonly seed?: 'team' | 'empty';
  /** `roomy` by default. */
  readonly limits?: LimitSettings | 'real' | 'roomy';
  /** How long search lags behind writes. 0 by default. */
  readonly indexLagMs?: number;
  /** Bytes; 100 MB by default. */
  readonly attachmentLimit?: number;
  /** What becomes of an answer that breaks the official description. */
  readonly onViolation?: 'fail' | 'report';
}

export interface JiraSimulator {
  /** The site's address, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly kernel: Kernel;
  readonly project: string;
  readonly cloudId: string;
  /** Where an app reaches the site: behind the gateway. */
  readonly apiBaseUrl: string;
  readonly mediaUrl: string;
  readonly accounts: Accounts<JiraCredentials>;
  /** The Bearer token of the app itself. */
  readonly appSystemToken: string;
  /** An Authorization header value of that person: account id, e-mail, name or the seed's key. */
  authorizationOf(person: string): string;
  /** Requests that brought the site's credentials to the media host. */
  credentialLeaks(): number;
  close(): Promise<void>;
}

const MEGABYTE = 1024 * 1024;
const TOKEN_LIFE_MS = 365 * 24 * 3_600_000;

const seedSchema = z.strictObject({ set: z.enum(['team', 'empty']) });

export async function startJiraSimulator(options: JiraSimulatorOptions = {}): Promise<JiraSimulator> {
  const checker = jiraSpecChecker({
    additions: [...JIRA_ADDITIONS, ...AGILE_ADDITIONS],
    onViolation: options.onViolation ?? 'fail',
  });
  const built: { world?: World; media?: MediaHost; accounts?: Accounts<JiraCredentials>; appToken?: string } = {};

  const kernel = await startKernel({
    name: 'jira',
    port: options.port ?? 0,
    checker: behindGateway(checker),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    async build({ clock, events, url }) {
      const store = new Store();
      const media = await startMediaHost(clock, (mediaId) =>
        [...store.attachments.values()].find((attachment) => attachment.mediaId === mediaId),
      );
      const settings: Settings = {
        indexLagMs: options.indexLagMs ?? 0,
        attachmentLimit: options.attachmentLimit ?? 100 * MEGABYTE,
        outgoingMail: true,
        removedTransitions: new Set(),
        requiredOnTransition: new Map(),
        denials: [],
      };
      const world: World = {
        store,
        screens: createScreens(),
        index: new SearchIndex(store, clock, () => settings.indexLagMs),
        limits: new RateLimits(clock, limitsOf(options.limits)),
        settings,
        clock,
        events,
        url,
        mediaUrl: media.url,
      };
      for (const person of sitePeople()) store.people.set(person.accountId, person);
      // Also takes back what tests changed of the site itself. Lags and limits stay: they are not the site's.
      const seed = (set: 'team' | 'empty'): void => {
        world.screens.reset();
        settings.removedTransitions.clear();
        settings.requiredOnTransition.clear();
        settings.denials.length = 0;
        loadSeed(world, (set === 'empty' ? EMPTY_TEAM : TEAM).jira);
      };
      seed(options.seed ?? 'team');
      // One token a person, however often someone acts as them.
      const acting = new Map<string, string>();
      const actingAs = (person: Person): string => {
        const token = acting.get(person.accountId) ?? newToken();
        acting.set(person.accountId, token);
        return authorizationFor(store, person, token, clock.now() + TOKEN_LIFE_MS);
      };
      const accounts: Accounts<JiraCredentials> = {
        admin: signIn(world, ADMIN),
        ordinary: signIn(world, ORDINARY),
        synchronizer: signIn(world, SYNCHRONIZER.name),
      };
      const appToken = newToken();
      store.tokens.set(appToken, {
        accountId: accountIdOf(APP_KEY),
        kind: 'app-system',
        expiresAt: clock.now() + TOKEN_LIFE_MS,
      });
      Object.assign(built, { world, media, accounts, appToken });
      return {
        spellings: (path) => [direct(path)],
        app: createApp(world, media, (method, path) => checker.operationOf(method, path)),
        controlRoutes: controlRoutes(world),
        controlDocs: CONTROL_DOCS,
        dumpState: () => ({
          url,
          project: PROJECT_KEY,
          cloudId: CLOUD_ID,
          accounts,
          appSystemToken: appToken,
          ...dumpStore(world),
        }),
        seed(body) {
          seed(seedSchema.parse(body).set);
        },
        actAs(user) {
          const person = findPerson(world, user) ?? store.people.get(accountIdOf(user));
          if (person === undefined || !person.active) return undefined;
          return { user: person.accountId, authorization: actingAs(person) };
        },
        faultAnswer: (fault) => faultAnswer(fault.status, fault.retryAfter ?? 1, clock.now()),
      };
    },
  });
  const { world, media, accounts, appToken } = built;
  if (!world || !media || !accounts || !appToken) throw new Error('the simulator was not built');

  return {
    url: kernel.url,
    port: kernel.port,
    kernel,
    project: PROJECT_KEY,
    cloudId: CLOUD_ID,
    apiBaseUrl: `${kernel.url}/ex/jira/${CLOUD_ID}`,
    mediaUrl: media.url,
    accounts,
    appSystemToken: appToken,
    authorizationOf(named) {
      const person = findPerson(world, named) ?? world.store.people.get(accountIdOf(named));
      if (person === undefined) throw new Error(`nobody is called ${JSON.stringify(named)} here`);
      return authorizationFor(world.store, person, newToken(), kernel.clock.now() + TOKEN_LIFE_MS);
    },
    credentialLeaks: () => media.leaks(),
    async close() {
      await Promise.all([kernel.close(), media.close()]);
    },
  };
}

function limitsOf(limits: JiraSimulatorOptions['limits']): LimitSettings {
  if (limits === undefined || limits === 'roomy') return ROOMY_LIMITS;
  return limits === 'real' ? REAL_LIMITS : limits;
}

function signIn(world: World, key: string): JiraCredentials {
  const accountId = accountIdOf(key);
  const person = world.store.people.get(accountId);
  if (person === undefined) throw new Error(`the site has no account for ${key}`);
  const token = newToken();
  authorizationFor(world.store, person, token, world.clock.now() + TOKEN_LIFE_MS);
  return { email: person.email, token, accountId };
}

/** Apps come by the gateway, `/ex/jira/{cloudId}/rest/…`; behind it everything is the same. */
const gateway = `/ex/jira/${CLOUD_ID}`;
const direct = (path: string): string => (path.startsWith(`${gateway}/`) ? path.slice(gateway.length) : path);

function behindGateway(inner: SpecChecker): SpecChecker {
  return {
    get enabled() {
      return inner.enabled;
    },
    get violations() {
      return inner.violations;
    },
    operationOf: (method, path) => inner.operationOf(method, direct(path)),
    clearViolations: () => inner.clearViolations(),
    operationsChecked: () => inner.operationsChecked(),
    checked(request, handle) {
      const url = new URL(request.url);
      if (!url.pathname.startsWith(`${gateway}/`)) return inner.checked(request, handle);
      url.pathname = direct(url.pathname);
      return inner.checked(new Request(url, request), handle);
    },
  };
}

/** Jira's answers when it is too busy or broken, or a limit is met. */
function faultAnswer(status: number, retryAfterSeconds: number, now: number): Response {
  if (status === 429) {
    const reset = new Date(now + retryAfterSeconds * 1_000).toISOString().replace(/\.\d+Z$/, 'Z');
    const headers = {
      'X-RateLimit-Limit': '100',
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-Reset': reset,
      'RateLimit-Reason': 'jira-burst-based',
    };
    return Response.json({ errorMessages: ['Rate limit exceeded.'], errors: {} }, { status, headers });
  }
  if (status === 401) return Response.json({ code: 401, message: 'Unauthorized' }, { status });
  if (status === 500) return Response.json({ errorMessages: ['Internal server error'], errors: {} }, { status });
  if (status > 500) {
    return new Response(`<html><head><title>${status}</title></head><body>Jira is unavailable</body></html>`, {
      status,
      headers: { 'content-type': 'text/html;charset=UTF-8' },
    });
  }
  return Response.json({ errorMessages: ['The request was refused.'], errors: {} }, { status });
}
