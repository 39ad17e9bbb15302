// The body of a webhook in each of its formats.

import { type Notice, wordsOf } from './events.ts';

export const webhookFormats = ['json', 'slack', 'teams'] as const;
export type WebhookFormat = (typeof webhookFormats)[number];

export function webhookBody(format: WebhookFormat, notice: Notice): string {
  switch (format) {
    case 'json':
      return JSON.stringify(plain(notice));
    case 'slack':
      return JSON.stringify(slack(notice));
    case 'teams':
      return JSON.stringify(teams(notice));
    default: {
      const never: never = format;
      return never;
    }
  }
}

function plain({ id, event, madeAt, siteUrl }: Notice) {
  const { title, lines } = wordsOf(event);
  return { id, at: new Date(madeAt).toISOString(), site: siteUrl, title, text: lines.join(' '), event };
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
const slackText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks; plain text, so that a name formats nothing. */
function slack({ event, siteUrl }: Notice) {
  const { title, lines } = wordsOf(event);
  const section = (text: string) => ({ type: 'section', text: { type: 'plain_text', text, emoji: false } });
  return {
    text: slackText(title),
    blocks: [
      // A header takes 150 characters: https://docs.slack.dev/reference/block-kit/blocks/header-block
      { type: 'header', text: { type: 'plain_text', text: [...title].slice(0, 150).join(''), emoji: false } },
      section(lines.join('\n')),
      ...(siteUrl === null ? [] : [section(siteUrl)]),
    ],
  };
}

/**
 * https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using (a message with one
 * Adaptive Card, as workflows of Teams take it too). Text runs know no Markdown: a name formats nothing.
 */
function teams({ event, siteUrl }: Notice) {
  const { title, lines } = wordsOf(event);
  const run = (text: string, more: object = {}) => ({
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', text, ...more }],
  });
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          fallbackText: title,
          body: [run(title, { size: 'Large', weight: 'Bolder' }), ...lines.map((line) => run(line))],
          ...(siteUrl === null ? {} : { actions: [{ type: 'Action.OpenUrl', title: 'Open Jira', url: siteUrl }] }),
        },
      },
    ],
  };
}
