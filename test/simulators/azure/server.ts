// Starts the Azure DevOps simulator: one organization `acme`, project `Tandem`, usable by any client.

import { z } from 'zod';
import { type Accounts, ADMIN, type AzureCredentials, ORDINARY } from '../credentials.ts';
import { createVirtualClock, type VirtualClock } from '../kernel/clock.ts';
import { type Kernel, startKernel } from '../kernel/kernel.ts';
import { azureSpecChecker } from '../kernel/spec-checker.ts';
import { EMPTY_TEAM, TEAM } from '../seed/team-data.ts';
import { ADDITIONS } from './additions.ts';
import { createApp, faultAnswer } from './app.ts';
import { applySettings, CONTROL_DOCS, controlRoutes, dumpState, type SettingsInput } from './control.ts';
import { HookBoard } from './hooks/board.ts';
import { createRateMeter, DEFAULT_RATE_LIMITS } from './limits.ts';
import { seedWorld } from './seed.ts';
import { type Simulator, viewOf } from './simulator.ts';
import { LINK_LIMITS } from './store/links.ts';
import type { Person, World } from './store/model.ts';
import { resolvePerson } from './store/people.ts';
import { TEXT_LIMITS } from './store/values.ts';
import { grant, mintPat } from './store/world.ts';

export interface AzureSimulatorOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  readonly clock?: VirtualClock;
  readonly seed?: 'team' | 'empty';
  /** Lags and limits that differ from the defaults, as POST /_control/settings takes them. */
  readonly settings?: SettingsInput;
  /** `report` lets a wrong answer through with a header; both record it. */
  readonly onViolation?: 'fail' | 'report';
}

export interface AzureSimulator extends Accounts<AzureCredentials> {
  /** The organization's address, ending in `/acme`. */
  readonly url: string;
  readonly port: number;
  readonly organization: string;
  readonly project: string;
  readonly kernel: Kernel;
  /** The data itself, for tests that look inside. */
  readonly world: () => World;
  close(): Promise<void>;
}

const YEAR_MS = 365 * 86_400_000;
const MEGABYTE = 1024 * 1024;

const seedSchema = z.strictObject({ set: z.enum(['team', 'empty']).default('team') });

export async function startAzureSimulator(options: AzureSimulatorOptions = {}): Promise<AzureSimulator> {
  const clock = options.clock ?? createVirtualClock();
  const checker = azureSpecChecker({ additions: ADDITIONS, onViolation: options.onViolation ?? 'fail' });
  let accounts: Accounts<AzureCredentials> | undefined;
  let simulator: Simulator | undefined;

  const plant = (set: 'team' | 'empty'): World => {
    const { world, people, synchronizer } = seedWorld(set === 'team' ? TEAM : EMPTY_TEAM, clock.now());
    const named = (key: string): Person => {
      const person = people.get(key);
      if (person === undefined) throw new Error(`the seed has no ${key} on the Azure side`);
      return person;
    };
    grant(world, named(ADMIN), 'admin');
    const login = (person: Person): AzureCredentials => ({
      uniqueName: person.uniqueName,
      id: person.id,
      pat: mintPat(world, person, { name: 'simulator', scopes: ['*'], expiresAt: clock.now() + YEAR_MS }).token,
    });
    accounts = { admin: login(named(ADMIN)), ordinary: login(named(ORDINARY)), synchronizer: login(synchronizer) };
    return world;
  };

  const kernel = await startKernel({
    name: 'azure',
    port: options.port ?? 0,
    clock,
    checker,
    build: ({ url, events }) => {
      const made: Simulator = {
        world: plant(options.seed ?? 'team'),
        clock,
        origin: url,
        settings: {
          indexLagMs: 1000,
          reportingLagMs: 500,
          text: TEXT_LIMITS,
          links: LINK_LIMITS,
          attachmentBytes: 60 * MEGABYTE,
          simpleUploadBytes: 130 * MEGABYTE,
          queryResults: 20_000,
          reportingPage: 1000,
          batchFailure: 'each',
        },
        rates: createRateMeter({ ...DEFAULT_RATE_LIMITS }),
        checker,
        hooks: new HookBoard({ clock, events, view: () => viewOf(made), fetch }),
      };
      simulator = made;
      if (options.settings !== undefined) applySettings(made, options.settings);
      return {
        app: createApp(made),
        spellings: (path) => spellings(path, made.world.organization),
        dumpState: () => dumpState(made, accounts),
        seed: (body) => {
          const { set } = seedSchema.parse(body);
          made.hooks.clear();
          made.rates.reset();
          const { pats } = made.world;
          made.world = plant(set);
          // Whoever signed in goes on working; the accounts' own tokens are made alike.
          for (const [token, pat] of pats) {
            if (made.world.people.has(pat.personId) && !made.world.pats.has(token)) made.world.pats.set(token, pat);
          }
          return { set, workItems: made.world.items.size };
        },
        actAs: (user) => {
          const found = resolvePerson(made.world, user);
          if (found.kind !== 'found' || !found.person.active) return undefined;
          const { person } = found;
          const expiresAt = clock.now() + YEAR_MS;
          const { token } = mintPat(made.world, person, { name: 'act-as', scopes: ['*'], expiresAt });
          return {
            user: person.uniqueName,
            authorization: `Basic ${Buffer.from(`:${token}`).toString('base64')}`,
          };
        },
        faultAnswer: (fault) => faultAnswer(fault.status),
        controlRoutes: controlRoutes(made),
        controlDocs: CONTROL_DOCS,
      };
    },
  });
  if (accounts === undefined || simulator === undefined) throw new Error('the simulator did not start');
  const running = simulator;
  return {
    ...accounts,
    url: `${kernel.url}/${running.world.organization}`,
    port: kernel.port,
    organization: running.world.organization,
    project: running.world.projects[0]?.name ?? '',
    kernel,
    world: () => running.world,
    close: async () => {
      await kernel.close();
      if (options.clock === undefined) clock.close();
    },
  };
}

/** The same path without the project (and team), without the organization, and without both. */
function spellings(path: string, organization: string): readonly string[] {
  const at = path.toLowerCase().indexOf('/_apis/');
  const prefix = `/${organization.toLowerCase()}/`;
  if (at < 0) return [];
  const withoutOrganization = path.toLowerCase().startsWith(prefix) ? [path.slice(prefix.length - 1)] : [];
  return [`/${organization}${path.slice(at)}`, path.slice(at), ...withoutOrganization];
}
