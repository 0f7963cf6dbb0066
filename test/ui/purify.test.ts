/** The main job as a person does it, in a real workbench with the packed extension. Pictures go to `test-results/`. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeTestWorkspace, type TestWorkspace } from '../support/exampleWorkspace';
import { useOrder } from '../support/order';
import { until } from '../support/processes';
import type { CodeServer } from '../support/vscodeHost/codeServer';
import { startTestHost } from '../support/vscodeHost/testHost';
import { Workbench } from '../support/vscodeHost/workbench';

const model = 'backdoored.pt';
const purified = 'backdoored.purified.pt';
/** Milliseconds that a scan or a purification may take on a slow machine. */
const analysisLimit = 180_000;

describe('purifying a model in the workbench', function () {
  this.timeout(240_000);
  useOrder();
  let workspace: TestWorkspace;
  let host: CodeServer;
  let workbench: Workbench;
  let originalHash: string;
  const refusals: string[] = [];

  before(async () => {
    workspace = await makeTestWorkspace();
    // Three seeds take three runs: each is shorter than by default, and long enough to be watched.
    const manifest = { purify: { options: { fineTuneEpochs: 40, teacherRounds: 3, studentRounds: 8 } } };
    await writeFile(path.join(workspace.folder, 'graphnad.json'), JSON.stringify(manifest));
    originalHash = await hashOf(path.join(workspace.folder, 'models', model));
    host = await startTestHost('purify', {
      settings: { 'workbench.colorTheme': 'Dark Modern' },
    });
    workbench = await Workbench.open(host, workspace.folder);
    workbench.page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) refusals.push(message.text());
    });
  });

  after(async () => {
    // The tests build on each other, and the first failure ends them: this is what it left on the screen.
    await workbench?.screenshot('last').catch(() => undefined);
    await workbench?.close();
    await host?.stop();
    await workspace?.remove();
  });

  it('warns of the backdoor and of the code in the Problems pane', async () => {
    await workbench.openProblems();
    await workbench.problem('GN201').first().waitFor({ timeout: analysisLimit });
    await workbench.problem('GN101').first().waitFor({ timeout: analysisLimit });
    assert.match(await workbench.problem('GN101').first().innerText(), /os\.system/);
    await workbench.problem(model).first().waitFor();
    await workbench.problem('malicious.pt').first().waitFor();
    await workbench.expand('models', model);
    await workbench.screenshot('1-problems');
  });

  it('offers the commands on model files alone', async () => {
    await workbench.openContextMenu('README.md');
    assert.equal(await workbench.menuItem('Purify Model').count(), 0);
    await workbench.page.keyboard.press('Escape');
    await workbench.openContextMenu(model);
    await workbench.menuItem('Purify Model').waitFor();
    await workbench.menuItem('Scan Model for Backdoors').waitFor();
    await workbench.menuItem('Purify Model').hover();
    await workbench.screenshot('2-menu');
    await workbench.page.keyboard.press('Escape');
  });

  it('asks for the clean data and the name of the result', async () => {
    await workbench.chooseFromContextMenu(model, 'Purify Model');
    const data = workbench.quickPickRow('Fits the model').first();
    await data.waitFor();
    await workbench.screenshot('3-data');
    await data.click();
    await workbench.page.getByText(`It is written beside ${model}`).waitFor();
    assert.equal(await workbench.quickInput().inputValue(), purified);
    await workbench.screenshot('4-name');
    await workbench.page.keyboard.press('Enter');
  });

  it('shows the stage while it works, with a way to cancel', async () => {
    const notification = workbench.notification(`Purifying ${model}`);
    await notification.getByText('Cancel').waitFor();
    const panel = workbench.webview();
    await panel.getByRole('progressbar', { name: 'Purification' }).waitFor({ timeout: analysisLimit });
    await panel.locator('.stages .current').waitFor();
    // Late enough that there are curves to see.
    await panel.getByText('Student loss').waitFor({ timeout: analysisLimit });
    assert.match(await notification.innerText(), /\(\d+%\)/);
    await workbench.screenshot('5-progress');
  });

  it('compares before and after in the results panel', async () => {
    const panel = workbench.webview();
    await panel.getByRole('heading', { name: 'Before and after' }).waitFor({ timeout: analysisLimit });
    const columns = await panel.locator('table.comparison thead th').allInnerTexts();
    assert.deepEqual(columns, ['before', 'fine-tuned only', 'GraphNAD']);
    const rows = await panel.locator('table.comparison tbody th').allInnerTexts();
    assert.deepEqual(rows.slice(0, 2), ['Accuracy', 'ASR, estimated']);
    const asr = await panel.locator('table.comparison tbody tr').nth(1).locator('td').allInnerTexts();
    const [before, , after] = asr.map((text) => Number(/^(\d+)%/.exec(text)?.[1]));
    assert.ok(before > 90, `attack success before: ${asr[0]}`);
    assert.ok(after < 60, `attack success after: ${asr[2]}`);
    const charts = panel.locator('.charts svg');
    assert.ok((await charts.count()) > 0, 'curves are drawn');
    assert.ok((await charts.first().locator('path, polyline').count()) > 0, 'curves have lines');
    await workbench.notification(/ASR \d+%/).waitFor();
    await workbench.dismissNotifications();
    await workbench.closePanel();
    await workbench.screenshot('6-results');
    await charts.first().scrollIntoViewIfNeeded();
    await workbench.screenshot('7-curves');
  });

  it('wrote a new file and left the original as it was', async () => {
    const output = path.join(workspace.folder, 'models', purified);
    assert.ok((await stat(output)).size > 0);
    assert.equal(await hashOf(path.join(workspace.folder, 'models', model)), originalHash);
    assert.notEqual(await hashOf(output), originalHash);
    await workbench.explorerRow(purified).waitFor();
  });

  it('saves the report as Markdown', async () => {
    await workbench.webview().locator('vscode-button', { hasText: 'Save Report...' }).click();
    // The folder is filled in first, the name a moment later.
    const suggested = (): Promise<string> => workbench.quickInput().inputValue();
    await until('a name', async () => (await suggested()).endsWith('backdoored.purified.pt.report.md'));
    await workbench.page.keyboard.press('Enter');
    await workbench.notification(`${purified}.report.md was saved`).waitFor();
    const text = await readFile(path.join(workspace.folder, 'models', `${purified}.report.md`), 'utf8');
    assert.match(text, /^# Purification of backdoored\.pt\n\n\*\*Verdict:\*\* /);
    await workbench.dismissNotifications();
  });

  it('runs further seeds on request and compares them', async function () {
    this.timeout(3 * analysisLimit);
    const panel = workbench.webview();
    await panel.locator('vscode-button', { hasText: 'Run with 3 Seeds' }).click();
    await panel.getByRole('progressbar', { name: 'Further seeds' }).waitFor();
    await panel.locator('table.seeds').waitFor({ timeout: 2 * analysisLimit });
    assert.equal(await panel.locator('table.seeds tbody tr').count(), 3);
    assert.match(await panel.locator('table.comparison').innerText(), / ± \d/);
  });

  it('keeps the panel over a reload of the window', async () => {
    const before = await workbench.webview().locator('table').first().innerText();
    assert.match(before, / ± \d/);
    await workbench.reload();
    await workbench.webview().locator('table').first().waitFor();
    assert.equal(await workbench.webview().locator('table').first().innerText(), before);
    await workbench.screenshot('8-reloaded');
  });

  it('ticked what was done in the walkthrough', async () => {
    await workbench.runCommand('GraphNAD: Open Walkthrough');
    for (const step of ['folder', 'purify', 'results']) {
      await workbench.page.locator(`.getting-started-step[data-step-id*="${step}"][aria-checked="true"]`).waitFor();
    }
    await workbench.page.locator('.getting-started-step[data-step-id*="manifest"][aria-checked="false"]').waitFor();
  });

  it('asked for nothing that the panel may not load', () => {
    assert.deepEqual(refusals, []);
  });
});

async function hashOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
