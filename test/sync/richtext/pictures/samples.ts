// Which documents of the corpus are drawn: ten pictures, each of one or several of them.
import { corpus } from '../corpus/corpus.ts';
import type { CorpusDocument } from '../corpus/document.ts';

export interface Sample {
  /** Name of the picture's file, without its ending. */
  readonly file: string;
  readonly title: string;
  readonly documents: readonly CorpusDocument[];
}

const sample = (file: string, title: string, form: CorpusDocument['form'], ...names: readonly string[]): Sample => ({
  file,
  title,
  documents: names.map((name) => {
    const found = corpus.find((document) => document.form === form && document.name === name);
    if (found === undefined) throw new Error(`The corpus has no ${form} document "${name}".`);
    return found;
  }),
});

export const samples: readonly Sample[] = [
  sample(
    'text',
    'Text, people, emoji, dates, statuses',
    'adf',
    'bold, italic, underlined and struck words in one sentence',
    'formulas with sub- and superscript',
    'names of functions in code, one of them a link',
    'coloured words of a review',
    'highlighted passages',
    'a sentence that people talk about in an inline comment',
    'mentions at the start, in the middle, and side by side',
    'deadlines as dates',
    'statuses in every colour, and one in mixed case',
    'a smart link in a sentence and one alone',
    'columns made with tabs',
  ),
  sample(
    'lists',
    'Lists, tasks, decisions',
    'adf',
    'lists in lists, four levels, mixed',
    'a numbered list that goes on after a remark',
    'items of several paragraphs, with code and a picture of text',
    'a checklist in a checklist',
    'decisions, taken and open',
  ),
  sample(
    'tables',
    'Tables',
    'adf',
    'cells over several columns and rows',
    'coloured cells of a traffic light',
    'a numbered table',
    'cells full of blocks',
    'a price list with a sum',
  ),
  sample(
    'panels',
    'Panels',
    'adf',
    'panels of every type',
    'panels of own colours with icons',
    'a panel with a heading, lists, code and a task',
  ),
  sample(
    'boxes',
    'Expands, quotations, code',
    'adf',
    'an expand with a log inside',
    'expands without a title, wide, and one inside the other',
    'a quotation with code and a nested list',
    'code that wraps, code without line numbers, wide code',
    'paragraphs indented once, twice and six times',
  ),
  sample(
    'media',
    'Images and files',
    'adf',
    'an image with a caption, a link and a border',
    'files below a text',
    'a file and a small image in a sentence',
    'images from elsewhere',
  ),
  sample(
    'columns',
    'Columns and cards',
    'adf',
    'two columns',
    'three columns of different widths, one empty',
    'cards alone in a line',
  ),
  sample(
    'losses',
    'What Azure DevOps cannot show',
    'adf',
    'macros: a table of contents, a chart with data',
    'a macro with a body',
    'a hint in an inline macro',
    'mentions of people whom nobody has mapped',
    'an image whose file was never copied',
    'a table that a chart reads',
  ),
  sample(
    'azure-editor',
    'Written in Azure DevOps',
    'html',
    'steps as the template of a bug asks for them',
    'check boxes as web pages have them',
    'coloured code as an IDE pastes it',
    'images with sizes',
    'spans, colours and alignment in a table',
    'mentions',
    'details that open',
  ),
  sample(
    'azure-pastes',
    'Pasted into Azure DevOps',
    'html',
    'paragraphs of Word',
    'a bullet list of Word',
    'a numbered list of Word',
    'a table of Word',
    'a mail of Outlook with its header',
    'a quoted reply of a mail',
    'cells of Excel',
    'big and small words',
  ),
];
