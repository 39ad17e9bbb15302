// Draws the samples as both sides show them, side by side: `node test/sync/richtext/pictures/draw.ts`. The pictures go to
// docs/richtext; who changes the conversion draws them anew and looks at them.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AdfDoc, type AdfNode, stringAttr } from '../../../../backend/src/sync/richtext/adf.ts';
import { adfToHtml } from '../../../../backend/src/sync/richtext/adf-to-html.ts';
import { escapeText } from '../../../../backend/src/sync/richtext/html-text.ts';
import { htmlToAdf } from '../../../../backend/src/sync/richtext/html-to-adf.ts';
import { startBrowser } from '../../../forge-host/browser.ts';
import { sanitizeHtml } from '../../../simulators/azure/html.ts';
import type { CorpusDocument } from '../corpus/document.ts';
import { mapped } from '../people.ts';
import { adfView, azureStyle, jiraStyle } from './adf-view.ts';
import { type Sample, samples } from './samples.ts';
import { smallPng } from './small-png.ts';

const folder = join(import.meta.dirname, '../../../../docs/richtext');

/** Both sides of a document: what Jira shows, and what Azure DevOps stores. */
function sidesOf({ form, text, unmapped }: CorpusDocument): { readonly jira: AdfDoc; readonly azure: string } {
  const context = unmapped ? {} : mapped;
  if (form !== 'adf') return { jira: htmlToAdf(text, context).doc, azure: text };
  const jira: AdfDoc = JSON.parse(text);
  return { jira, azure: sanitizeHtml(adfToHtml(jira, context).html) };
}

function pageOf({ title, documents }: Sample): string {
  const sides = documents.map(sidesOf);
  const from = documents[0]?.form === 'adf' ? 'Jira' : 'Azure DevOps';
  const side = (name: string, kind: string, parts: readonly string[]) =>
    `<section><header>${name}${name === from ? ' (written here)' : ''}</header>${parts.map((part) => `<div class="${kind}">${part}</div>`).join('<div class="gap"></div>')}</section>`;
  const jira = side(
    'Jira',
    'jira',
    sides.map((both) => adfView(both.jira.content, pictureOf)),
  );
  const azure = side(
    'Azure DevOps',
    'azure',
    sides.map((both) => both.azure),
  );
  return `<!doctype html><meta charset="utf-8"><title>${escapeText(title)}</title><style>
body { margin: 0; background: #fff; font: 14px 'Noto Sans', sans-serif } main { display: grid; grid-template-columns: 1fr 1fr; width: 1120px }
section { padding: 12px 20px; overflow: hidden; min-width: 0 } section + section { border-left: 1px solid #ddd } header { font-weight: 700; color: #555; border-bottom: 1px solid #ddd; padding-bottom: 6px; margin-bottom: 12px } .gap { clear: both; height: 6px }
${jiraStyle}${azureStyle}</style><main>${from === 'Jira' ? jira + azure : azure + jira}</main>`;
}

/** The same address on both sides, so that one stand-in serves both. */
function pictureOf(node: AdfNode): string {
  return stringAttr(node, 'url') ?? `https://dev.azure.com/acme/_apis/wit/attachments/${stringAttr(node, 'id')}`;
}

const stand = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="140"><rect width="320" height="140" fill="#e9f2fe"/><circle cx="70" cy="70" r="40" fill="#388bff"/><path d="M130 110 L200 40 L300 110 Z" fill="#4bce97"/></svg>`;

const browser = await startBrowser(['--disable-lcd-text']);
await mkdir(folder, { recursive: true });
for (const sample of samples) {
  const page = await browser.newPage({ viewport: { width: 1120, height: 400 } });
  await page.route(/^https:/, (route) => route.fulfill({ contentType: 'image/svg+xml', body: stand }));
  await page.setContent(pageOf(sample), { waitUntil: 'load' });
  const picture = smallPng(await page.locator('main').screenshot({ type: 'png' }));
  await writeFile(join(folder, `${sample.file}.png`), picture);
  console.log(`${sample.file}.png ${Math.round(picture.length / 1024)} KiB`);
  await page.close();
}
await browser.close();
