// Finds and starts a Chromium for browser tests. Without one they are skipped with a clear word, but not in CI.

import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const usualPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

export const chromiumPath: string | undefined = [process.env.CHROMIUM_PATH ?? '', ...usualPaths].find(
  (path) => path !== '' && existsSync(path),
);

/** In CI a missing browser is a failure, told by the start itself. */
export const skipBrowser: boolean = chromiumPath === undefined && process.env.CI !== 'true';
if (skipBrowser) {
  console.warn('Browser tests are skipped: no Chromium found. Install one, or name it in CHROMIUM_PATH.');
}

export async function startBrowser(more: readonly string[] = []): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('no Chromium found: install one, or name it in CHROMIUM_PATH');
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });
}

/** A page whose script errors and undrawn components are collected. */
export async function openPage(
  browser: Browser,
): Promise<{ readonly page: Page; faults(): Promise<readonly string[]> }> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return { page, faults: async () => [...errors, ...(await page.locator('mark[role=alert]').allTextContents())] };
}
