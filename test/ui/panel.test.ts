/** The results panel by itself: its script and styles in a browser, under the policy that it has in VS Code. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { webviewPage } from '../../client/webviewPage';
import { initialState, withFailure, withProgress, withReport } from '../../client/panel/panelState';
import type { PanelState } from '../../protocol/panel';
import { repositoryRoot } from '../../scripts/lib/paths';
import { launchBrowser } from '../support/browser/launchBrowser';
import { purifyReport } from '../support/reports';

const origin = 'http://panel.example';
const run = {
  modelUri: 'file:///w/gin.pt',
  dataUri: 'file:///w/data',
  outputUri: 'file:///w/gin.purified.pt',
};
const progress = { stage: 'Teacher', stageIndex: 1, stageCount: 3, epoch: 2, epochs: 8, fraction: 0.4 };
const curve = { stage: 'teacher', epoch: 2, losses: { clean: 0.4, triggered: 1.2 }, accuracy: 0.9 } as const;

describe('the results panel', function () {
  this.timeout(60_000);
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  beforeEach(async () => {
    complaints = [];
    page = await browser.newPage();
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
      const name = new URL(route.request().url()).pathname;
      if (name === '/panel.js') {
        const body = await readFile(path.join(repositoryRoot, 'dist', 'webview', 'panel.js'));
        await route.fulfill({ body, contentType: 'text/javascript' });
      } else if (name.endsWith('.css')) {
        const body = await readFile(path.join(repositoryRoot, 'media', name));
        await route.fulfill({ body, contentType: 'text/css' });
      } else {
        const body = webviewPage({
          title: 'results',
          rootId: 'panel',
          script: `${origin}/panel.js`,
          styles: [`${origin}/base.css`, `${origin}/panel.css`],
          styleSource: origin,
          nonce: 'abc',
        });
        await route.fulfill({ body, contentType: 'text/html' });
      }
    });
    await page.goto(`${origin}/`);
  });

  afterEach(async () => {
    await page.close();
    assert.deepEqual(complaints, [], 'the page ran without errors and within its policy');
  });

  const show = (state: PanelState): Promise<unknown> =>
    page.evaluate(`window.postMessage(${JSON.stringify({ type: 'state', state })}, '*')`);
  const sent = (): Promise<unknown> => page.evaluate('window.sent');

  it('asks for its state when it is ready', async () => {
    assert.deepEqual(await sent(), [{ type: 'ready' }]);
  });

  it('shows progress and can cancel, with the keyboard, while news come in', async () => {
    await show(withProgress(initialState(run), progress, 6));
    const cancel = page.locator('vscode-button', { hasText: 'Cancel' });
    await cancel.focus();
    await show(withProgress(initialState(run), { ...progress, fraction: 0.5, curve }, 5));
    await page.getByText('epoch 2 of 8 · 50% · about 5 s left').waitFor();
    assert.equal(await page.getByRole('progressbar').getAttribute('aria-valuenow'), '50');
    await page.keyboard.press('Enter');
    assert.deepEqual(await sent(), [{ type: 'ready' }, { type: 'command', command: 'cancel' }]);
  });

  it('compares the stages in a table with headings', async () => {
    await show(withReport(initialState(run), purifyReport));
    const table = page.locator('table.comparison');
    await table.waitFor();
    assert.deepEqual(await table.locator('th[scope=col]').allInnerTexts(), ['before', 'fine-tuned only', 'GraphNAD']);
    assert.ok((await table.locator('th[scope=row]').allInnerTexts()).includes('ASR, estimated'));
    await page.getByText(purifyReport.verdict.text).last().waitFor();
  });

  it('is there again after a reload, before anybody sent its state', async () => {
    await show(withReport(initialState(run), purifyReport));
    await page.locator('table.comparison').waitFor();
    await page.reload();
    await page.locator('table.comparison').waitFor();
  });

  it('shows what comes from files as text, whatever it looks like', async () => {
    const markup = '<img src=x onerror="document.title=1">"</script><b>';
    const state = initialState({ ...run, modelUri: `file:///w/${encodeURIComponent(markup)}` });
    const report = { ...purifyReport, commandLine: markup, advice: [markup], notes: [markup] };
    await show(withReport(state, report));
    await page.getByRole('heading', { level: 1 }).getByText(markup).waitFor();
    assert.equal(await page.locator('img, script:not([nonce]), main b:not(:text("Verdict:"))').count(), 0);
  });

  it('says why there is no result, and lets one try again', async () => {
    const failure = { kind: 'error', message: 'the model takes 38 features per node' } as const;
    await show(withFailure(initialState(run), failure));
    await page.locator('.verdict', { hasText: failure.message }).waitFor();
    await page.locator('vscode-button', { hasText: 'Run Again' }).click();
    assert.deepEqual(await sent(), [{ type: 'ready' }, { type: 'command', command: 'runAgain' }]);
  });
});
