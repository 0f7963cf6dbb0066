import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './launchBrowser';
import { openWebview, type OpenWebview, type WebviewParts } from './openWebview';

/**
 * A fresh page of a webview for every test of a suite, in one browser. Each test fails where its page threw, or said
 * anything to the console, such as that something is against its policy.
 *
 * @returns the page of the test that runs
 */
export function useWebview(parts: WebviewParts): () => OpenWebview {
  let browser: Browser;
  let view: OpenWebview;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());
  beforeEach(async () => {
    view = await openWebview(browser, parts);
  });
  afterEach(async () => {
    await view.page.close();
    assert.deepEqual(view.complaints, [], 'the page ran without errors and within its policy');
  });
  return () => view;
}
