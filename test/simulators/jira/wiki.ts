// Reads the plain strings that version 2 of the API takes for rich text, and makes documents of them. Of the wiki markup only
// what clients commonly send is known: paragraphs, headings, bullets, quotes-free bold and italics, links, code blocks.
import type { AdfMark, AdfNode } from './model.ts';

const INLINE =
  /\*(?<strong>[^*\n]+)\*|_(?<em>[^_\n]+)_|\{\{(?<code>[^}\n]+)\}\}|\[(?:(?<label>[^\]|\n]+)\|)?(?<href>https?:[^\]\s]+)\]/g;

export function wikiToDocument(source: string): AdfNode {
  const content: AdfNode[] = [];
  const blocks = source.replaceAll('\r\n', '\n').split(/(\{code(?::\w+)?\}\n?[\s\S]*?\{code\})|\n{2,}/);
  for (const block of blocks) if (block !== undefined && block.trim() !== '') content.push(...blockNodes(block));
  return { type: 'doc', version: 1, content };
}

function blockNodes(block: string): readonly AdfNode[] {
  const code = /^\{code(?::(\w+))?\}\n?([\s\S]*?)\n?\{code\}$/.exec(block.trim());
  if (code !== null) {
    const [, language, text = ''] = code;
    return [
      {
        type: 'codeBlock',
        ...(language === undefined ? {} : { attrs: { language } }),
        ...(text === '' ? {} : { content: [{ type: 'text', text }] }),
      },
    ];
  }
  const lines = block.split('\n');
  const heading = /^h([1-6])\.\s+(.*)$/.exec(lines[0] ?? '');
  if (heading !== null) {
    const rest = lines.slice(1).join('\n');
    const node: AdfNode = { type: 'heading', attrs: { level: Number(heading[1]) }, content: inline(heading[2] ?? '') };
    return rest.trim() === '' ? [node] : [node, ...blockNodes(rest)];
  }
  if (lines.every((line) => /^[*#-]\s+/.test(line))) {
    const items = lines.map(
      (line): AdfNode => ({
        type: 'listItem',
        content: [{ type: 'paragraph', content: inline(line.replace(/^[*#-]\s+/, '')) }],
      }),
    );
    return [{ type: lines[0]?.startsWith('#') ? 'orderedList' : 'bulletList', content: items }];
  }
  const content = lines.flatMap((line, place): readonly AdfNode[] =>
    place === 0 ? inline(line) : [{ type: 'hardBreak' }, ...inline(line)],
  );
  return [{ type: 'paragraph', content }];
}

function inline(line: string): readonly AdfNode[] {
  const nodes: AdfNode[] = [];
  let from = 0;
  const push = (text: string, mark?: AdfMark): void => {
    if (text !== '') nodes.push({ type: 'text', text, ...(mark === undefined ? {} : { marks: [mark] }) });
  };
  for (const match of line.matchAll(INLINE)) {
    push(line.slice(from, match.index));
    const { strong, em, code, label, href } = match.groups ?? {};
    if (strong !== undefined) push(strong, { type: 'strong' });
    else if (em !== undefined) push(em, { type: 'em' });
    else if (code !== undefined) push(code, { type: 'code' });
    else if (href !== undefined) push(label ?? href, { type: 'link', attrs: { href } });
    from = match.index + match[0].length;
  }
  push(line.slice(from));
  return nodes;
}
