// Checks a simulator's requests and answers against the official API descriptions. Where those files are absent, it is off.
// The interface of checking; reading descriptions is spec-description.ts's work.

export interface Violation {
  readonly kind:
    | 'unknown-operation'
    | 'unknown-parameter'
    /** Breaks the description, yet the simulator took it (a refused one is no violation). */
    | 'accepted-bad-request'
    | 'answer'
    /** An answer of 5xx that no fault asked for. */
    | 'crash';
  readonly operation: string;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly status: number;
  /** Where and what was wrong. Values are left out. */
  readonly problems: readonly string[];
}

export interface SpecChecker {
  /** False where the descriptions are absent: then nothing is checked and nothing fails. */
  readonly enabled: boolean;
  /** `PUT /rest/api/3/issue/{issueIdOrKey}`; undefined when the description has no such operation, or the checker is off. */
  operationOf(method: string, pathname: string): string | undefined;
  /** Runs `handle` between the check of the request and the check of its answer. Also for the parts of a batch. */
  checked(request: Request, handle: (request: Request) => Response | Promise<Response>): Promise<Response>;
  readonly violations: readonly Violation[];
  clearViolations(): void;
  /** Distinct operations whose request and answer have both been checked. */
  operationsChecked(): readonly string[];
}

export function checkerOff(): SpecChecker {
  return {
    enabled: false,
    operationOf: () => undefined,
    checked: async (request, handle) => handle(request),
    violations: [],
    clearViolations() {},
    operationsChecked: () => [],
  };
}
