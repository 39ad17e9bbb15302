// Faults that tests inject between the client and a simulator: which there are, and which one meets a request.
// How a fault plays out on the socket is kernel.ts's and http.ts's work.
import { z } from 'zod';

const common = {
  match: z
    .strictObject({
      /** Any method when left out. */
      method: z
        .string()
        .regex(/^[A-Za-z]+$/, 'an HTTP method, such as "PUT"')
        .optional(),
      /**
       * A prefix of the path, or, with a `*` in it, a pattern for the whole path. Case does not matter, and neither do parts that a
       * service lets a client leave out or add: a gateway's prefix, the organization, the project.
       */
      path: z.string().startsWith('/', 'a path begins with "/"').optional(),
    })
    .default({}),
  /** How many requests the fault meets before it leaves; without it, it stays until DELETE /_control/faults. */
  times: z.int().min(1).optional(),
  /** 0 to 1; drawn from a seeded sequence, so a run can be repeated. */
  probability: z.number().min(0).max(1).optional(),
};

/** What POST /_control/faults takes. */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('latency'), ms: z.int().min(0), ...common }),
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    /** Seconds, sent as Retry-After. */
    retryAfter: z.int().min(0).optional(),
    /** The whole answer as JSON, where it says something else than the service's usual words. */
    body: z.json().optional(),
    ...common,
  }),
  z.strictObject({ kind: z.literal('lost-answer'), ...common }),
  z.strictObject({ kind: z.literal('late-landing'), ms: z.int().min(0), ...common }),
]);

export type Fault = z.infer<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;
export type StatusFault = Extract<Fault, { kind: 'status' }>;

export interface ActiveFault {
  readonly id: number;
  readonly fault: Fault;
  readonly hits: number;
}

export interface Faults {
  /** Throws a ZodError when the fault is not well formed. */
  add(fault: FaultInput): ActiveFault;
  list(): readonly ActiveFault[];
  /** Also starts the sequence behind `probability` anew. */
  clear(): void;
  /** The first fault, in the order of adding, that meets this request by any spelling of its path; counts it. */
  take(method: string, ...spellings: readonly string[]): Fault | undefined;
}

const SEED = 0x7a_4d;

export function createFaults(): Faults {
  let active: { id: number; fault: Fault; hits: number; matches: (path: string) => boolean }[] = [];
  let lastId = 0;
  let random = seededRandom(SEED);

  return {
    add(input) {
      const fault = faultSchema.parse(input);
      lastId += 1;
      const entry = { id: lastId, fault, hits: 0, matches: pathMatcher(fault.match.path) };
      active.push(entry);
      return view(entry);
    },
    list: () => active.map(view),
    clear() {
      active = [];
      random = seededRandom(SEED);
    },
    take(method, ...spellings) {
      for (const entry of active) {
        const { match, times, probability } = entry.fault;
        if (match.method !== undefined && match.method.toUpperCase() !== method.toUpperCase()) continue;
        if (!spellings.some(entry.matches)) continue;
        if (probability !== undefined && random() >= probability) continue;
        entry.hits += 1;
        if (times !== undefined && entry.hits >= times) active = active.filter((other) => other !== entry);
        return entry.fault;
      }
      return undefined;
    },
  };
}

const view = ({ id, fault, hits }: ActiveFault): ActiveFault => ({ id, fault, hits });

function pathMatcher(pattern: string | undefined): (path: string) => boolean {
  if (pattern === undefined) return () => true;
  const wanted = pattern.toLowerCase();
  if (!wanted.includes('*')) return (path) => path.toLowerCase().startsWith(wanted);
  const source = wanted.split('*').map(escapeRegExp).join('.*');
  const whole = new RegExp(`^${source}$`, 's');
  return (path) => whole.test(path.toLowerCase());
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');

/** mulberry32: small, seeded, good enough to thin out requests. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
