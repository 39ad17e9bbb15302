// What goes wrong between a page and the backend, as a test says: nothing of it is seen by calls that nobody at a page started.

export type Trouble =
  /** Jira runs no function for the page: its session has ended. */
  | { readonly kind: 'signed-out' }
  /** The backend's answer comes once this has happened. */
  | { readonly kind: 'held'; readonly until: Promise<unknown> }
  /** What stands before the backend answers for it, without words. */
  | { readonly kind: 'status'; readonly status: number };

export interface Troubles {
  /** Null: all is well again. */
  set(trouble: Trouble | null): void;
  current(): Trouble | null;
  /** The answer in place of the backend's; null lets the call go on to it. */
  answer(): Promise<Response | null>;
}

export function createTroubles(): Troubles {
  let now: Trouble | null = null;
  return {
    set: (trouble) => {
      now = trouble;
    },
    current: () => now,
    async answer() {
      if (now?.kind === 'held') await now.until;
      return now?.kind === 'status' ? new Response('upstream', { status: now.status }) : null;
    },
  };
}
