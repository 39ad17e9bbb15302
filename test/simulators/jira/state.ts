// All data as JSON for GET /_control/state; bytes of files as their size.
import type { World } from './world.ts';

export function dumpStore(world: World): Readonly<Record<string, unknown>> {
  const { store } = world;
  return {
    people: [...store.people.values()],
    projects: [...store.projects.values()],
    issues: [...store.issues.values()].map((issue) => ({
      ...issue,
      key: store.keyOf(issue),
      properties: store.properties.get(issue.id) ?? {},
      comments: store.commentsOf(issue.id),
      attachments: store.attachmentsOf(issue.id).map(({ content, ...rest }) => ({ ...rest, size: content.size })),
      histories: store.histories.get(issue.id) ?? [],
      worklogs: store.worklogs.get(issue.id) ?? [],
      remoteLinks: store.remoteLinks.get(issue.id) ?? [],
    })),
    links: [...store.links.values()],
    mails: store.mails,
    versions: [...store.versions.values()],
    components: [...store.components.values()],
    boards: [...store.boards.values()],
    sprints: [...store.sprints.values()],
    fields: [...store.fields.values()],
    limits: world.limits.settings,
    settings: {
      indexLagMs: world.settings.indexLagMs,
      attachmentLimit: world.settings.attachmentLimit,
      outgoingMail: world.settings.outgoingMail,
      removedTransitions: [...world.settings.removedTransitions],
      denials: world.settings.denials.map(({ accountId, permissions, issueIds }) => ({
        accountId,
        permissions: [...permissions],
        issues: issueIds === undefined ? 'all' : issueIds.size,
      })),
    },
  };
}
