// Everything that a conversion of rich text may lose: one closed list, by which reports, tests and the documentation name
// each loss. Who finds a loss is the code that reads or writes the place; what a text says is never in a reason.

export interface LossMeaning {
  /** Which way it happens. */
  readonly to: 'azure' | 'jira' | 'both';
  /** What is lost. */
  readonly what: string;
  /** What a reader of the other side sees, and what comes back. */
  readonly instead: string;
}

export const lossKinds = {
  'jira-only': {
    to: 'azure',
    what: 'Macros and other extensions, synced blocks, nodes and marks that Tandem has never heard of',
    instead:
      'A line `[Jira: name]`, with the body below it if there is one. They are programs of other apps and never made out of a text that somebody edits in Azure DevOps; where the line still stands, the merge puts the original back',
  },
  person: {
    to: 'both',
    what: 'A mention of somebody who has no counterpart on the other side',
    instead: 'The name as plain text; the merge turns it back into the mention on the side that it came from',
  },
  file: {
    to: 'both',
    what: 'An image or file that has no copy on the other side, or an image that lies in the text itself (`data:`)',
    instead: 'Its name, as a link where it has an address; corrected once the copy exists',
  },
  'file-look': {
    to: 'azure',
    what: 'Link, border and size of a file that is shown as a link',
    instead: 'The link to the file',
  },
  address: {
    to: 'both',
    what: 'A link to an address of a kind that runs or leads nowhere (`javascript:`, `data:`, unknown schemes)',
    instead: 'Its text',
  },
  'link-data': {
    to: 'azure',
    what: 'What Jira stores with a card or link beside its address: data, data source and its table, ids',
    instead: 'The address, as a card again when it comes back',
  },
  'app-data': {
    to: 'azure',
    what: 'Names by which apps find a table or an extension (the marks fragment and dataConsumer)',
    instead: 'The table without that name',
  },
  'plain-colour': {
    to: 'azure',
    what: 'Text that is expressly black, and a white background of text',
    instead: 'The plain colour of the page, as pasted texts carry those two everywhere and mean nothing by them',
  },
  'no-break-space': {
    to: 'azure',
    what: 'A no-break space between words',
    instead: 'It is written, and comes back as a space, since editors of HTML write no-break spaces for plain ones',
  },
  characters: {
    to: 'both',
    what: 'Control characters, zero-width spaces, halves of surrogate pairs',
    instead: 'Nothing; for half a pair the replacement character',
  },
  'odd-value': {
    to: 'azure',
    what: 'A value that Jira’s editor never writes: a colour that is none, a date beyond the year 9999, an unknown panel type, a nameless emoji',
    instead: 'The nearest that can be shown',
  },
  size: {
    to: 'both',
    what: 'Fractions of pixels, and the widths of single columns below a cell that spans several when no other cell tells them',
    instead: 'Whole pixels, shared evenly',
  },
  'look-alike': {
    to: 'azure',
    what: 'Text that looks exactly like what Tandem writes for something that HTML lacks (`📅 2026-11-24`, a list of `[ ]` lines)',
    instead: 'It comes back as that thing: a date, a task list',
  },
  empty: {
    to: 'both',
    what: 'A node or an element with nothing to show: a status without text, a table without cells',
    instead: 'Nothing, or an empty line',
  },
  'block-style': {
    to: 'both',
    what: 'Alignment, indentation or size of a paragraph where the other side has none (Jira: inside lists, panels, quotations)',
    instead: 'The paragraph without it',
  },
  placement: {
    to: 'both',
    what: 'A block in a place where Jira allows none of its kind: a table in a list, a heading in a quotation, text outside of any paragraph',
    instead: 'Its text, in the nearest that may stand there',
  },
  depth: {
    to: 'both',
    what: 'What is nested deeper than 200 nodes or 700 elements',
    instead: 'Its text',
  },
  length: {
    to: 'jira',
    what: 'What goes beyond the length of a field (Jira: 32,767 characters)',
    instead: 'The text up to there and a line that says so',
  },
  font: {
    to: 'jira',
    what: 'Font family and size',
    instead: 'Plain text; a paragraph that is small all through stays small',
  },
  style: {
    to: 'jira',
    what: 'Any other visible style that Jira’s texts have nothing for: borders, backgrounds of paragraphs, capitals, spacing, direction, justified text',
    instead: 'The text without it',
  },
  numbering: {
    to: 'jira',
    what: 'Letters, Roman numerals, reversed or jumping numbers, own bullets of a list',
    instead: 'A list with Jira’s numbers or bullets',
  },
  table: {
    to: 'jira',
    what: 'Widths of cells in per cent, and the caption of a table as such',
    instead: 'Columns as wide as Jira makes them; the caption as a line before the table',
  },
  tooltip: {
    to: 'jira',
    what: 'What shows when the pointer rests on an element (`title`, abbreviations)',
    instead: 'The text without it',
  },
  code: {
    to: 'jira',
    what: 'Other formatting of code, and formatting inside a code block or a title',
    instead: 'Plain code, a plain title',
  },
  element: {
    to: 'jira',
    what: 'An element that Jira lacks and that looks different from what takes its place: definition lists, figures, fieldsets, ruby, `<q>`',
    instead: 'The nearest that looks alike',
  },
  active: {
    to: 'jira',
    what: 'What runs, loads or asks something: scripts, frames, forms, objects, video, drawings',
    instead: 'Nothing',
  },
  markdown: {
    to: 'azure',
    what: 'What Markdown has no sign for, in fields that Azure DevOps holds as Markdown: panels, colours, spans, statuses',
    instead: 'The nearest that Markdown can say',
  },
  changed: {
    to: 'both',
    what: 'Anything else that came back in another form, found by comparing',
    instead: 'What the output shows',
  },
} as const satisfies Readonly<Record<string, LossMeaning>>;

export type LossKind = keyof typeof lossKinds;
