// The corpus: documents of both sides, each with what a round trip over the other side loses of it.
import { adfBlocks } from './adf-blocks.ts';
import { adfBoxes } from './adf-boxes.ts';
import { adfOdd } from './adf-odd.ts';
import { adfTables } from './adf-tables.ts';
import { adfTexts } from './adf-text.ts';
import type { CorpusDocument } from './document.ts';
import { htmlEditor } from './html-editor.ts';
import { htmlBroken, htmlPastes } from './html-paste.ts';
import { adfOverMarkdown, markdownTexts } from './markdown.ts';

export const corpus: readonly CorpusDocument[] = [
  ...adfTexts,
  ...adfBlocks,
  ...adfTables,
  ...adfBoxes,
  ...adfOdd,
  ...htmlEditor,
  ...htmlPastes,
  ...htmlBroken,
  ...markdownTexts,
  ...adfOverMarkdown,
];
