/** From the warning to the purified model, and back after a reload, without a key pressed. */
import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import { until } from '../../support/processes';
import { analysisLimit, model, pictured, purified, result, useJourney, warning } from './journey';

describe('the whole way with the mouse alone', function () {
  this.timeout(240_000);
  const { workbench, used, linesOf, readDiff } = useJourney('mouse');

  const press = (view: FrameLocator, name: string): Promise<void> =>
    view.locator('vscode-button', { hasText: name }).first().click();

  const diffTab = (): Locator => workbench().page.locator('.tab').filter({ hasText: '(attention, graph' }).first();

  it('reads the warning in the Problems pane', async () => {
    await workbench().openProblems();
    const problem = workbench().problem('GN201').first();
    await problem.waitFor({ timeout: analysisLimit });
    assert.match(await problem.innerText(), warning);
  });

  it('opens the inspector from it', async () => {
    await workbench().problem('GN201').first().dblclick();
    const inspector = await workbench().webviewHeaded(model);
    await inspector.getByText(warning).first().waitFor();
    await inspector.getByText(/^GIN, \d layers/).waitFor();
    await inspector.getByRole('table', { name: /tensors/i }).waitFor();
  });

  it('purifies from there, and watches', async () => {
    const { page } = workbench();
    await press(await workbench().webviewHeaded(model), 'Purify...');
    await workbench().quickPickRow('Fits the model').first().click();
    await page.getByText(`It is written beside ${model}`).waitFor();
    await page.getByRole('button', { name: 'Purify into This File' }).click();
    const panel = await workbench().webviewHeaded(result);
    await panel.getByRole('progressbar', { name: 'Purification' }).waitFor({ timeout: analysisLimit });
    await panel.locator('.stages .current').waitFor();
    assert.match(await panel.locator('.progress-text').innerText(), /\d+%/);
    await panel.locator('.stages li').filter({ hasText: 'Re-scan' }).waitFor();
  });

  it('reads the result', async () => {
    const panel = await workbench().webviewHeaded(result);
    await panel.getByRole('heading', { name: 'Before and after' }).waitFor({ timeout: analysisLimit });
    assert.match(await panel.locator('.verdict').innerText(), /^Verdict: \S/);
    await workbench().dismissNotifications();
    await workbench().closePanel();
  });

  it('compares attention as text', async () => {
    await press(await workbench().webviewHeaded(result), 'Compare Attention');
    const graph = workbench()
      .quickPickRow(/^Graph \d+/)
      .first();
    await graph.waitFor({ timeout: analysisLimit });
    await graph.click();
    await readDiff();
  });

  it('goes to another graph by the buttons of the editor, and shows it without the trigger', async () => {
    const button = (name: string): Promise<void> =>
      workbench().page.locator('.editor-actions').getByRole('button', { name }).first().click();
    const first = await readDiff();
    await button('Choose Graph');
    await workbench()
      .quickPickRow(/^Graph \d+/)
      .nth(1)
      .click();
    const second = await readDiff(first);
    await button('Previous Graph');
    assert.equal(await readDiff(second), first);
    const isTriggered = async (): Promise<boolean> => /with the trigger/.test((await linesOf('original'))[1] ?? '');
    assert.ok(await isTriggered());
    await button('Show With or Without');
    await until('the graph without the trigger', async () => !(await isTriggered()), analysisLimit);
    // It stays open when others are opened.
    await diffTab().dblclick();
  });

  it('and as a picture', async () => {
    await workbench().page.getByRole('button', { name: 'Show Attention Picture' }).first().click();
    const picture = await workbench().webviewHeaded(pictured);
    await picture
      .locator('figure.before')
      .getByRole('img', { name: /^Node \d+, .*attention \d\.\d\d/ })
      .first()
      .waitFor();
  });

  it('opens the purified model', async () => {
    await workbench().page.locator('.tab').filter({ hasText: 'Purif' }).first().click();
    await press(await workbench().webviewHeaded(result), 'Open Purified Model');
    const inspector = await workbench().webviewHeaded(purified);
    await inspector.getByText(/^GIN, \d layers/).waitFor();
    const verdict = await inspector.locator('.verdict').innerText();
    assert.match(
      verdict,
      /^(No sign of a backdoor found|Not assessed|Purified; nothing of its training|Possibly backdoored)/,
    );
    assert.equal(await used('keys'), 0, 'no key was pressed');
    assert.ok((await used('presses')) > 0);
  });

  it('finds all of it again after the window was reloaded', async () => {
    const text = async (heading: string | RegExp): Promise<string> =>
      (await workbench().webviewHeaded(heading)).locator('main').innerText();
    const [inspector, picture] = [await text(purified), await text(pictured)];
    await workbench().reload();
    await (await workbench().webviewHeaded(purified)).getByText(/^GIN, \d layers/).waitFor({ timeout: analysisLimit });
    assert.equal((await text(purified)).split('\n')[0], inspector.split('\n')[0]);
    assert.equal(await text(pictured), picture);
    await workbench().page.locator('.tab').filter({ hasText: 'Purif' }).first().click();
    const panel = await workbench().webviewHeaded(result);
    assert.match(await panel.locator('.verdict').innerText(), /^Verdict: \S/);
    await panel.locator('table.comparison').waitFor();
    await diffTab().click();
    // Beside the picture there is room for one column, in which the lines of both sides stand.
    const isThere = (lines: readonly string[]): boolean =>
      lines.some((line) => /^graph \d+ of data\//.test(line)) &&
      lines.some((line) => /^ +\d+:\d+ .* \d\.\d\d/.test(line));
    await until('the diff', async () => isThere(await linesOf('modified')), analysisLimit);
  });
});
