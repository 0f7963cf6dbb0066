/** The Models view, the codes in the Problems pane, the walkthrough and Restricted Mode, in a real workbench. */
import assert from 'node:assert/strict';
import path from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { testResultsFolder } from '../../scripts/lib/paths';
import { makeTestWorkspace, type TestWorkspace } from '../support/exampleWorkspace';
import { saveMisread } from '../support/misread';
import { useOrder } from '../support/order';
import { until } from '../support/processes';
import type { CodeServer } from '../support/vscodeHost/codeServer';
import { startTestHost } from '../support/vscodeHost/testHost';
import { Workbench } from '../support/vscodeHost/workbench';

/** Milliseconds that scans may take on a slow machine. */
const analysisLimit = 180_000;

describe('models in the workbench', function () {
  this.timeout(240_000);
  useOrder();
  let workspace: TestWorkspace;
  let host: CodeServer;
  let workbench: Workbench;

  before(async () => {
    workspace = await makeTestWorkspace();
    host = await startTestHost('models', {
      settings: { 'workbench.colorTheme': 'Dark Modern' },
      workspaceTrust: true,
    });
    workbench = await Workbench.open(host, workspace.folder);
  });

  after(async () => {
    await workbench?.screenshot('models-last').catch(() => undefined);
    await workbench?.close();
    await host?.stop();
    await workspace?.remove();
  });

  const row = (text: string | RegExp): Locator =>
    workbench.page.locator('[id="workbench.view.extension.graphnad"] .monaco-list-row').filter({ hasText: text });

  /** A click on the icon of a view that is shown would hide it. */
  async function showModels(): Promise<void> {
    if (await row('malicious.pt').isVisible()) return;
    await workbench.page.getByRole('tab', { name: /^GraphNAD/ }).click();
    await row('malicious.pt').waitFor();
  }

  it('looks for code alone as long as the workspace is not trusted, and says so', async () => {
    await showModels();
    await row('malicious.pt').getByText('Runs code when it is loaded').waitFor({ timeout: analysisLimit });
    await row('backdoored.pt').getByText('only its code was looked at').waitFor({ timeout: analysisLimit });
    await workbench.page.getByText('Restricted Mode: models are looked at for unsafe code alone').waitFor();
    await row('backdoored.pt').hover();
    assert.equal(await row('backdoored.pt').getByRole('button', { name: 'Purify Model...' }).count(), 0);
    await workbench.screenshot('models-restricted');
  });

  it('looks for backdoors once it is trusted', async () => {
    await workbench.runCommand('Workspaces: Manage Workspace Trust');
    await workbench.page.getByRole('button', { name: 'Trust', exact: true }).click();
    await workbench.page.getByText('You trust this folder').waitFor();
    await workbench.page.locator('.monaco-modal-editor-block .codicon-close').first().click();
    await showModels();
    await row('backdoored.pt')
      .getByText(/^(Likely|Possibly) backdoored toward class/)
      .waitFor({ timeout: analysisLimit });
    await workbench.page.getByText('Restricted Mode: models are looked at').waitFor({ state: 'detached' });
  });

  it('lists models with their verdicts in words and pictures', async () => {
    await row('clean.pt').getByText('No sign of a backdoor found').waitFor({ timeout: analysisLimit });
    assert.match((await row('malicious.pt').getAttribute('aria-label')) ?? '', /^malicious\.pt, Runs code when/);
    await workbench.page.getByRole('tab', { name: /^GraphNAD.* 2 models/ }).waitFor();
    await workbench.screenshot('models');
  });

  it('has room for its words in a wider side bar', async () => {
    const { page } = workbench;
    const setWidth = async (width: number): Promise<void> => {
      const bar = await page.locator('.part.sidebar').boundingBox();
      assert.ok(bar);
      await page.mouse.move(bar.x + bar.width, 600);
      await page.mouse.down();
      await page.mouse.move(bar.x + width, 600, { steps: 5 });
      await page.mouse.up();
    };
    await setWidth(600);
    await row('backdoored.pt').hover();
    await row('backdoored.pt').getByRole('button', { name: 'Purify Model...' }).waitFor();
    // Before the report covers the other models.
    const clip = { x: 0, y: 30, width: 650, height: 180 };
    await page.screenshot({ path: path.join(testResultsFolder, 'models-walkthrough-models.png'), clip });
    await setWidth(300);
  });

  it('tells in a few lines what was found in the model that is pointed at, and what to do', async () => {
    await row('backdoored.pt').hover();
    const tooltip = workbench.page.locator('.workbench-hover');
    await tooltip.getByText(/^Estimated ASR \d+% \(\d+-\d+%\) with a \d+-node trigger/).waitFor();
    await tooltip.getByText(/purif(y|ied).* scan(ned)? the result/).waitFor();
    await tooltip.getByText(/^Scanned: /).waitFor();
    assert.ok(((await tooltip.boundingBox())?.height ?? Infinity) < 300, 'it does not cover the other models');
    await workbench.screenshot('models-tooltip');
    await tooltip.getByRole('link', { name: 'Show report' }).click();
    await workbench.page.getByRole('tab', { name: /backdoored\.pt\.report\.txt/ }).waitFor();
    await workbench.runCommand('View: Close All Editors');
  });

  it('has the report at hand', async () => {
    await showModels();
    await row('backdoored.pt').hover();
    await row('backdoored.pt').getByRole('button', { name: 'Show Last Scan Report' }).click();
    await workbench.page.getByRole('tab', { name: /backdoored\.pt\.report\.txt/ }).waitFor();
  });

  it('scans all models on request, and tells the sum', async () => {
    await showModels();
    const { page } = workbench;
    await page.locator('.part.sidebar').getByRole('button', { name: 'Scan All Models in the Workspace' }).click();
    const sum = workbench.notification(/3 models scanned/);
    await sum.waitFor({ timeout: analysisLimit });
    assert.match(await sum.innerText(), /1 likely or possibly backdoored, 1 with suspicious code, 1 not assessed/);
    await workbench.dismissNotifications();
  });

  it('shows the log from the status item', async () => {
    await workbench.statusItem.click();
    await workbench.quickPickRow('Show Log').click();
    // The host of the tests writes no log files, so that the lines themselves are not there.
    const channel = `[...document.querySelectorAll('.part.panel select')].map((list) => list.selectedOptions[0]?.text)`;
    await until('the log', async () => (await workbench.page.evaluate<string[]>(channel)).includes('GraphNAD'), 30_000);
    await workbench.closePanel();
  });

  it('tells the health of the server beside the language of the report', async () => {
    await workbench.page.locator('[id="status.languageStatus"] a').click();
    const status = workbench.page.locator('.hover-language-status');
    await status.getByText('The server runs').first().waitFor();
    await status.getByText('Collect Diagnostics').waitFor();
    await workbench.screenshot('models-language-status');
    await workbench.page.keyboard.press('Escape');
  });

  it('opens the page about a finding by a click on its code', async () => {
    await workbench.openProblems();
    const code = workbench.problem('GN101').first().getByText('GN101');
    await code.click();
    await workbench.page.getByRole('tab', { name: /Preview GN101\.md/ }).waitFor();
    const clip = (await workbench.page.locator('.part.panel').boundingBox()) ?? undefined;
    await workbench.page.screenshot({ path: path.join(testResultsFolder, 'models-walkthrough-problems.png'), clip });
  });

  it('shows the way in a walkthrough, with pictures that are there', async () => {
    await workbench.closePanel();
    // Pictures are shown where there is room for them.
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await workbench.runCommand('View: Close All Editors');
    await workbench.runCommand('GraphNAD: Open Walkthrough');
    await workbench.page.getByRole('button', { name: /See every model's verdict/ }).click();
    const findPicture = (view: FrameLocator): Locator => view.getByRole('img', { name: /The GraphNAD view/ });
    const picture = findPicture(await workbench.webviewWith('the picture', findPicture));
    await until('the picture to be there', async () => ((await picture.boundingBox())?.height ?? 0) > 100);
    await workbench.screenshot('models-walkthrough');
  });

  it('offers to state the architecture where a purification is refused for want of it', async () => {
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    const models = path.join(workspace.folder, 'models');
    await saveMisread(path.join(models, 'clean.pt'), path.join(models, 'misread.safetensors'));
    await showModels();
    await row('misread.safetensors').getByText('Not assessed').waitFor({ timeout: analysisLimit });
    await row('misread.safetensors').hover();
    await row('misread.safetensors').getByRole('button', { name: 'Purify Model...' }).click();
    await workbench.quickPickRow('Fits the model').first().click();
    await workbench.page.getByText('It is written beside misread.safetensors').waitFor();
    await workbench.page.keyboard.press('Enter');
    const refusal = workbench.notification('misread.safetensors could not be purified');
    await refusal.waitFor({ timeout: analysisLimit });
    await workbench.screenshot('models-refused');
    await refusal.getByRole('button', { name: 'State Architecture...' }).click();
    await workbench.page.getByRole('tab', { name: /graphnad\.json/ }).waitFor();
  });
});
