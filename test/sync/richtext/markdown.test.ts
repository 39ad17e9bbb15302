import { describe, expect, it } from 'vitest';
import { plainTextOf } from '../../../backend/src/sync/richtext/adf.ts';
import { adfToMarkdown, markdownToAdf } from '../../../backend/src/sync/richtext/markdown.ts';
import fc from '../../property.ts';
import { schemaError } from './adf-schema.ts';
import { arbitraryAdf } from './arbitrary-adf.ts';
import { annIdentity, mapped } from './people.ts';

const text = `# Title

Hello **bold** _it_ ~~gone~~ \`a <b>\` and [x](https://y.example "t"), ask @<${annIdentity}>

- [ ] todo
- [x] done
  - [ ] nested

1. one
2. two
   - sub

| a | b     |
| - | ----- |
| 1 | **2** |

\`\`\`ts
const who = "@<${annIdentity}>";
\`\`\`

> quote

---

line\\
break, H<sub>2</sub>O
`;

describe('Markdown', () => {
  it('comes back as it was', () => {
    const { doc, losses } = markdownToAdf(text, mapped);
    expect(schemaError(doc)).toBeUndefined();
    expect(losses).toEqual([]);
    expect(adfToMarkdown(doc, mapped)).toEqual({ markdown: text, losses: [] });
  });

  it('knows people, tasks, code and tables', () => {
    const { doc } = markdownToAdf(text, mapped);
    expect(doc.content.map((node) => node.type)).toEqual([
      'heading',
      'paragraph',
      'taskList',
      'orderedList',
      'table',
      'codeBlock',
      'blockquote',
      'rule',
      'paragraph',
    ]);
    expect(JSON.stringify(doc)).toContain('{"type":"mention","attrs":{"id":"acc-1","text":"@Ann Lee"}}');
    expect(doc.content[5]).toEqual({
      type: 'codeBlock',
      attrs: { language: 'ts' },
      content: [{ type: 'text', text: `const who = "@<${annIdentity}>";` }],
    });
  });

  it('takes nothing active over from HTML inside', () => {
    const { doc } = markdownToAdf(
      '<script>alert(1)</script>\n\n[x](javascript:alert(1)) <img src=x onerror=alert(1)>',
      mapped,
    );
    expect(doc.content.map(plainTextOf)).toEqual(['<script>alert(1)</script>', 'x [image]']);
    expect(JSON.stringify(doc)).not.toMatch(/javascript:|onerror|"marks"/);
  });

  it('tells what it has no sign for', () => {
    const panel = {
      type: 'panel',
      attrs: { panelType: 'info' },
      content: [{ type: 'paragraph', content: [{ type: 'text', text: 'x' }] }],
    };
    expect(adfToMarkdown({ type: 'doc', version: 1, content: [panel] })).toEqual({
      markdown: '> x\n',
      losses: [{ path: '$.content[0]', node: 'panel', kind: 'markdown', reason: 'a panel became a quotation' }],
    });
  });

  it('is made of any document, and makes valid ones', () => {
    fc.assert(
      fc.property(arbitraryAdf, (doc) => {
        expect(schemaError(markdownToAdf(adfToMarkdown(doc, mapped).markdown, mapped).doc)).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });
});
