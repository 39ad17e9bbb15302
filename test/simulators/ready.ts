// What scripts read from the one JSON line of `npm run simulators -- --json` and of the demo.
import type { AzureCredentials, JiraCredentials } from './credentials.ts';

export interface SimulatorsReady {
  readonly jira: { readonly url: string; readonly email: string; readonly token: string; readonly project: string };
  readonly azure: {
    /** The organization's, ending in its name. */
    readonly url: string;
    readonly organization: string;
    readonly project: string;
    readonly pat: string;
  };
}

/** The credentials are those of an ordinary person on each side, not of the synchronizer. */
export function simulatorsReady(
  jira: { readonly url: string; readonly project: string; readonly ordinary: JiraCredentials },
  azure: {
    readonly url: string;
    readonly organization: string;
    readonly project: string;
    readonly ordinary: AzureCredentials;
  },
): SimulatorsReady {
  return {
    jira: { url: jira.url, email: jira.ordinary.email, token: jira.ordinary.token, project: jira.project },
    azure: {
      url: azure.url,
      organization: azure.organization,
      project: azure.project,
      pat: azure.ordinary.pat,
    },
  };
}
