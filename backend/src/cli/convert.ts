// `tandem convert`: what a text of one side becomes on the other, and what of it would come back. Needs no site, no profile
// and no state.

import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import { convert, type TextFormat, textFormats } from '../sync/richtext/convert-report.ts';
import { type CommandContext, examples } from './common.ts';
import { exitCodes, Failure } from './failure.ts';

interface ConvertOptions {
  readonly from: TextFormat;
  readonly to?: TextFormat;
  readonly json?: boolean;
}

export function addConvert(program: Command, context: CommandContext): void {
  program
    .command('convert')
    .summary('show what a text becomes on the other side')
    .description(
      'Converts rich text: Jira’s ADF (as JSON), Azure DevOps’ HTML, or Markdown. Reads standard input without files.\nOutputs follow one another in the order of the files; with --json there is a line per file:\n{"file","output","back","lossless","losses":[{"path","node","kind","reason"}]}, where "back" is the output converted back,\nor {"file","error":{"position","reason"}}. Exits 1 when a file could not be converted; the others still are.',
    )
    .argument('[files...]', 'files to convert; - is standard input')
    .addOption(new Option('--from <format>', 'format of the input').choices([...textFormats]).makeOptionMandatory())
    .addOption(
      new Option('--to <format>', 'format of the output (default: html from adf, else adf)').choices([...textFormats]),
    )
    .option('--json', 'print one JSON line per file')
    .addHelpText(
      'after',
      examples(
        'tandem convert --from adf --to html description.json',
        "echo '<p>Hello <b>there</b></p>' | tandem convert --from html --to adf",
        'tandem convert --from html --to adf --json *.html',
      ),
    )
    .action((files: string[], options: ConvertOptions) => runConvert(context, files, options));
}

async function runConvert({ terminal, exit }: CommandContext, files: readonly string[], options: ConvertOptions) {
  const to = options.to ?? (options.from === 'adf' ? 'html' : 'adf');
  if (to === options.from || (to !== 'adf' && options.from !== 'adf')) {
    throw new Failure(`There is no conversion from ${options.from} to ${to}.`, {
      code: 'usage',
      exit: exitCodes.usage,
      remedy: 'One of the two formats must be adf.',
    });
  }
  for (const file of files.length > 0 ? files : ['-']) {
    const name = file === '-' ? '<stdin>' : file;
    const outcome = await convertOne(file, options.from, to);
    if (outcome.ok) {
      const { output, back, lossless, losses } = outcome;
      if (options.json) terminal.json({ file, output, back, lossless, losses });
      else terminal.print(output);
      continue;
    }
    const { position, reason } = outcome;
    exit(exitCodes.failed);
    terminal.note(`tandem: ${name}: ${position === '' ? '' : `${position}: `}${reason}`);
    if (options.json) terminal.json({ file, error: { position, reason } });
  }
}

async function convertOne(file: string, from: TextFormat, to: TextFormat) {
  const failed = (reason: string, position = '') => ({ ok: false, position, reason }) as const;
  let bytes: Buffer;
  try {
    bytes = file === '-' ? await buffer(process.stdin) : await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const known: Readonly<Record<string, string>> = {
      ENOENT: 'there is no such file',
      EISDIR: 'it is a folder',
      EACCES: 'it may not be read',
    };
    return failed(`can't be read: ${known[code ?? ''] ?? code ?? 'unknown error'}`);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return failed('not UTF-8 text', `byte ${firstBadByte(bytes)}`);
  }
  return convert(text, from, to);
}

/** Counted from 1. */
function firstBadByte(bytes: Buffer): number {
  let [good, bad] = [0, bytes.length];
  const decodes = (length: number) => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodes(middle)) good = middle;
    else bad = middle;
  }
  return good + 1;
}
