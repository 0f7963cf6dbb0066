/** From the warning to the purified model without the mouse. */
import assert from 'node:assert/strict';
import { until } from '../../support/processes';
import { Keyboard } from '../../support/vscodeHost/keyboard';
import { analysisLimit, model, pictured, purified, result, useJourney, warning } from './journey';

describe('the whole way with the keyboard alone', function () {
  this.timeout(240_000);
  const { workbench, used, readDiff } = useJourney('keyboard');
  let keyboard: Keyboard;
  before(() => {
    keyboard = new Keyboard(workbench().page);
  });

  it('reads the warning in the Problems pane', async () => {
    // The pane gives the focus away when its first problem replaces the words that there are none.
    await workbench()
      .page.locator('[id="status.problems"] a[aria-label*="Errors: 1"]')
      .waitFor({ timeout: analysisLimit });
    await keyboard.press('Control+Shift+M');
    await workbench().problem('GN201').first().waitFor({ timeout: analysisLimit });
    await keyboard.press('Home');
    await keyboard.go('ArrowDown', warning);
  });

  it('opens the inspector from it, and comes by all that can be pressed', async () => {
    await keyboard.press('Enter');
    const inspector = await workbench().webviewHeaded(model);
    await inspector.getByText(warning).first().waitFor();
    for (const name of ['Scan', 'Purify...', 'Compare Attention...', 'About GN201', 'GIN layer 1', 'Filter tensors']) {
      await keyboard.go('Tab', name);
    }
    await keyboard.type('running_mean');
    await inspector.getByText(/^\d+ of \d+ tensors$/).waitFor();
    await keyboard.go('Tab', 'Norm');
    await keyboard.press('Enter');
    await inspector.locator('[aria-sort=ascending], [aria-sort=descending]').filter({ hasText: 'Norm' }).waitFor();
  });

  it('purifies by the context menu, and watches', async () => {
    await keyboard.press('Control+Shift+E');
    await keyboard.go('ArrowDown', model);
    await keyboard.press('Shift+F10');
    await keyboard.go('ArrowDown', 'Purify Model');
    await keyboard.press('Enter');
    await workbench().quickPickRow('Fits the model').first().waitFor();
    // What is shown is there before the focus is on it.
    await until('the focus on the data', async () => /Fits the model/.test(await keyboard.focused()));
    await keyboard.press('Enter');
    await workbench().page.getByText(`It is written beside ${model}`).waitFor();
    await keyboard.press('Enter');
    const panel = await workbench().webviewHeaded(result);
    await panel.getByRole('progressbar', { name: 'Purification' }).waitFor({ timeout: analysisLimit });
    // Whoever works in the Explorer is not torn away from it: the editors are one chord away.
    assert.equal(await keyboard.focused(), model);
    await keyboard.press('Control+1');
    await keyboard.go('Tab', 'Cancel');
  });

  it('reads the result', async () => {
    const panel = await workbench().webviewHeaded(result);
    await panel.getByRole('heading', { name: 'Before and after' }).waitFor({ timeout: analysisLimit });
    const focused = async (): Promise<boolean> => (await keyboard.focused()) === 'Open Purified Model';
    await until('the focus on what comes next', focused);
    assert.match(await panel.getByRole('status').innerText(), /ASR/);
  });

  it('compares attention as text, graph by graph', async () => {
    await keyboard.go('Tab', 'Compare Attention');
    await keyboard.press('Enter');
    await workbench()
      .quickPickRow(/^Graph \d+/)
      .first()
      .waitFor({ timeout: analysisLimit });
    await keyboard.press('Enter');
    const first = await readDiff();
    await keyboard.press('Alt+BracketRight');
    await readDiff(first);
  });

  it('and as a picture', async () => {
    await keyboard.runCommand('GraphNAD: Show Attention Picture');
    const picture = await workbench().webviewHeaded(pictured);
    const graph = (): Promise<string> => picture.getByRole('heading', { level: 1 }).innerText();
    const shown = await graph();
    // The focus stays in the text, and the picture follows it.
    await keyboard.press('Alt+BracketRight');
    await until('the picture of the next graph', async () => (await graph()) !== shown);
    await keyboard.press('Control+2');
    await keyboard.go('Tab', 'Layer');
    await keyboard.go('Tab', /^Node \d+, /);
  });

  it('opens the purified model', async () => {
    await keyboard.runCommand('View: Show All Editors By Most Recently Used');
    await keyboard.type(`Purify ${model}`);
    await workbench()
      .page.locator('.quick-input-list .monaco-list-row.focused', { hasText: `Purify ${model}` })
      .waitFor();
    await keyboard.press('Enter');
    await workbench().webviewHeaded(result);
    await keyboard.go('Tab', 'Open Purified Model');
    await keyboard.press('Enter');
    const inspector = await workbench().webviewHeaded(purified);
    await inspector.getByText(/^GIN, \d layers/).waitFor();
    assert.equal(await used('presses'), 0, 'nothing was pressed with the mouse');
    assert.ok((await used('keys')) > 0);
  });
});
