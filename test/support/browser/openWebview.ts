/** A webview's page by itself: its script and styles in a browser, under the policy that it has in VS Code. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { webviewPage } from '../../../client/webviewPage';
import { repositoryRoot } from '../../../scripts/lib/paths';

const origin = 'http://webview.example';
/** Pixels of the window. */
const viewport = { width: 1280, height: 720 };

export interface WebviewParts {
  readonly rootId: string;
  /** File name in `dist/webview/`. */
  readonly script: string;
  /** File names in `media/`. */
  readonly styles: readonly string[];
}

export interface OpenWebview {
  readonly page: Page;
  /** What the page said to the console and threw; empty when all is well. */
  readonly complaints: readonly string[];
  /** Loads the page anew, in a window as it was at first; nothing of before is kept. */
  reopen(): Promise<void>;
  /** Sends the page a message, as the extension host does. */
  send(message: object): Promise<void>;
  /** Messages that the page sent so far. */
  sent(): Promise<readonly unknown[]>;
}

export async function openWebview(browser: Browser, { rootId, script, styles }: WebviewParts): Promise<OpenWebview> {
  const complaints: string[] = [];
  const page = await browser.newPage({ viewport });
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.addInitScript(`
    window.sent = [];
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => window.sent.push(message),
      getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
      setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
    });`);
  await page.route(`${origin}/**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (name === script) {
      const body = await readFile(path.join(repositoryRoot, 'dist', 'webview', name));
      await route.fulfill({ body, contentType: 'text/javascript' });
    } else if (styles.includes(name)) {
      const body = await readFile(path.join(repositoryRoot, 'media', name));
      await route.fulfill({ body, contentType: 'text/css' });
    } else {
      const addresses = { script: `${origin}/${script}`, styles: styles.map((style) => `${origin}/${style}`) };
      const body = webviewPage({ title: 'test', rootId, ...addresses, styleSource: origin, nonce: 'abc' });
      await route.fulfill({ body, contentType: 'text/html' });
    }
  });
  await page.goto(`${origin}/`);
  return {
    page,
    complaints,
    reopen: async () => {
      complaints.length = 0;
      await page.setViewportSize(viewport);
      await page.emulateMedia({ reducedMotion: null });
      await page.evaluate('sessionStorage.clear()');
      await page.goto(`${origin}/`);
    },
    send: async (message) => void (await page.evaluate(`window.postMessage(${JSON.stringify(message)}, '*')`)),
    sent: () => page.evaluate('window.sent'),
  };
}
