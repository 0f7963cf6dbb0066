/** The main job as a person does it, in a real workbench with the packed extension. Pictures go to `test-results/`. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { packageFile, testResultsFolder } from '../../scripts/lib/paths';
import { makeTestWorkspace } from '../support/exampleWorkspace';
import { type CodeServer, startCodeServer } from '../support/vscodeHost/codeServer';
import { installCodeServer } from '../support/vscodeHost/installCodeServer';
import { Workbench } from '../support/vscodeHost/workbench';

const model = 'backdoored.pt';
const purified = 'backdoored.purified.pt';

describe('purifying a model in the workbench', function () {
  this.timeout(120_000);
  this.bail(true);
  let folder: string;
  let host: CodeServer;
  let workbench: Workbench;
  let originalHash: string;
  const refusals: string[] = [];

  before(async () => {
    folder = await makeTestWorkspace();
    originalHash = await hashOf(path.join(folder, 'models', model));
    host = await startCodeServer(await installCodeServer(), {
      extensions: [packageFile],
      log: path.join(testResultsFolder, 'ui-host.log'),
    });
    workbench = await Workbench.open(host, { folder });
    await workbench.useTheme('dark');
    workbench.page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) refusals.push(message.text());
    });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.screenshot('failed');
  });

  after(async () => {
    await workbench?.close();
    await host?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  it('warns of the backdoor and of the code in the Problems pane', async () => {
    await workbench.openProblems();
    await workbench.problem('GN201').first().waitFor({ timeout: 90_000 });
    await workbench.problem('GN101').first().waitFor({ timeout: 90_000 });
    assert.match(await workbench.problem('GN101').first().innerText(), /os\.system/);
    await workbench.problem(model).first().waitFor();
    await workbench.problem('malicious.pt').first().waitFor();
    await workbench.expand('models', model);
    await workbench.screenshotInThemes('1-problems');
  });

  it('offers the commands on model files alone', async () => {
    await workbench.openContextMenu('README.md');
    assert.equal(await workbench.menuItem('Purify Model').count(), 0);
    await workbench.page.keyboard.press('Escape');
    await workbench.openContextMenu(model);
    await workbench.menuItem('Purify Model').waitFor();
    await workbench.menuItem('Scan Model for Backdoors').waitFor();
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
    await notification.filter({ hasText: /Bounds|Teacher|Student|Re-scan/ }).waitFor();
    await notification.getByText('Cancel').waitFor();
    await workbench.tab(model).waitFor();
    await workbench.screenshot('5-progress');
  });

  it('compares before and after in the results panel', async () => {
    const panel = workbench.webview();
    await panel.getByText('Verdict').first().waitFor({ timeout: 90_000 });
    await panel.locator('table').first().waitFor();
    const table = await panel.locator('table').first().innerText();
    for (const text of ['before', 'GraphNAD', 'accuracy', 'ASR'])
      assert.ok(table.toLowerCase().includes(text.toLowerCase()), `${text} in ${table}`);
    assert.ok((await panel.locator('svg').count()) > 0, 'curves are drawn');
    await workbench.screenshotInThemes('6-results');
  });

  it('wrote a new file and left the original as it was', async () => {
    const output = workbench.file(path.join('models', purified));
    assert.ok((await stat(output)).size > 0);
    assert.equal(await hashOf(workbench.file(path.join('models', model))), originalHash);
    assert.notEqual(await hashOf(output), originalHash);
    await workbench.explorerRow(purified).waitFor();
  });

  it('keeps the panel over a reload of the window', async () => {
    const before = await workbench.webview().locator('table').first().innerText();
    await workbench.reload();
    await workbench.webview().locator('table').first().waitFor();
    assert.equal(await workbench.webview().locator('table').first().innerText(), before);
    await workbench.screenshot('7-reloaded');
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
