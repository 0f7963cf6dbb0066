import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './launchBrowser';
import { openWebview, type OpenWebview, type WebviewParts } from './openWebview';

/**
 * A page of a webview, loaded anew for every test of a suite: a page of its own for each takes a process for each. Each
 * test fails where the page threw, or said anything to the console, such as that something is against its policy.
 *
 * @returns the page of the test that runs
 */
export function useWebview(parts: WebviewParts): () => OpenWebview {
  let browser: Browser;
  let view: OpenWebview;
  before(async () => {
    browser = await launchBrowser();
    view = await openWebview(browser, parts);
  });
  after(() => browser?.close());
  beforeEach(() => view.reopen());
  afterEach(() => {
    assert.deepEqual(view.complaints, [], 'the page ran without errors and within its policy');
  });
  return () => view;
}
