/** The whole way from the warning to the purified model, once with the mouse alone and once with the keyboard alone. */
import assert from 'node:assert/strict';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { packageFile, testResultsFolder } from '../../scripts/lib/paths';
import { makeTestWorkspace, type TestWorkspace } from '../support/exampleWorkspace';
import { type CodeServer, startCodeServer } from '../support/vscodeHost/codeServer';
import { until } from '../support/processes';
import { installCodeServer } from '../support/vscodeHost/installCodeServer';
import { Keyboard } from '../support/vscodeHost/keyboard';
import { Workbench } from '../support/vscodeHost/workbench';

const model = 'backdoored.pt';
const purified = 'backdoored.purified.pt';
/** Headings of the results panel and of the attention picture. */
const result = new RegExp(`^${model}.*${purified}$`);
const pictured = /: attention on graph \d+$/;
const warning = /(Likely|Possibly) backdoored toward class/;
/** Milliseconds that a scan or a purification may take on a slow machine. */
const analysisLimit = 180_000;

describe('the whole way', function () {
  this.timeout(240_000);
  this.bail(true);
  let workspace: TestWorkspace;
  let host: CodeServer;
  let workbench: Workbench;

  const open = (name: string) => async (): Promise<void> => {
    workspace = await makeTestWorkspace();
    host = await startCodeServer(await installCodeServer(), {
      extensions: [packageFile],
      log: path.join(testResultsFolder, `ui-${name}-host.log`),
    });
    workbench = await Workbench.open(host, workspace.folder);
    await workbench.page.evaluate(`
      window.used = { keys: 0, presses: 0 };
      window.addEventListener('keydown', () => window.used.keys++, true);
      window.addEventListener('pointerdown', () => window.used.presses++, true);`);
  };
  const close = (name: string) => async (): Promise<void> => {
    // The tests build on each other, and the first failure ends them: this is what it left on the screen.
    await workbench?.screenshot(`${name}-last`).catch(() => undefined);
    await workbench?.close();
    await host?.stop();
    await workspace?.remove();
  };
  const used = (what: 'keys' | 'presses'): Promise<number> => workbench.page.evaluate<number>(`window.used.${what}`);

  /** The lines of one side of the diff that are on the screen, from the top. */
  async function linesOf(side: 'original' | 'modified'): Promise<string[]> {
    const shown = await workbench.page.evaluate<{ top: number; text: string }[]>(
      `[...document.querySelectorAll('.editor.${side} .view-line')]
        .map((line) => ({ top: parseFloat(line.style.top), text: line.textContent }))`,
    );
    return shown.sort((a, b) => a.top - b.top).map(({ text }) => text.replaceAll('\u00a0', ' '));
  }

  /**
   * Waits until both sides show a graph, and it is not the one that was shown before; they have the same nodes in the
   * same order.
   *
   * @returns the line that names the graph
   */
  async function readDiff(shownBefore = ''): Promise<string> {
    let before: string[] = [];
    let after: string[] = [];
    const named = /^graph \d+ of \S+/;
    await until(
      'a graph on both sides',
      async () => {
        [before, after] = [await linesOf('original'), await linesOf('modified')];
        const [graph] = named.exec(before.at(1) ?? '') ?? [];
        return graph !== undefined && graph !== shownBefore && graph === named.exec(after.at(1) ?? '')?.[0];
      },
      analysisLimit,
    );
    assert.equal(before[0], `Attention of models/${model}`);
    assert.equal(after[0], `Attention of models/${purified}`);
    assert.ok(
      before.some((line) => /Gini \d\.\d\d/.test(line)),
      before.join('\n'),
    );
    const nodes = (lines: readonly string[]): string[] =>
      lines.flatMap((line) => /^ +(\d+:\d+) .* \d\.\d\d/.exec(line)?.[1] ?? []);
    assert.ok(nodes(before).length > 0, before.join('\n'));
    const [shorter, longer] = [nodes(before), nodes(after)].sort((a, b) => a.length - b.length);
    assert.deepEqual(longer.slice(0, shorter.length), shorter);
    return named.exec(before[1])?.[0] ?? '';
  }

  describe('with the mouse alone', () => {
    before(open('mouse'));
    after(close('mouse'));

    const press = (view: FrameLocator, name: string): Promise<void> =>
      view.locator('vscode-button', { hasText: name }).first().click();

    it('reads the warning in the Problems pane', async () => {
      await workbench.openProblems();
      const problem = workbench.problem('GN201').first();
      await problem.waitFor({ timeout: analysisLimit });
      assert.match(await problem.innerText(), warning);
    });

    it('opens the inspector from it', async () => {
      await workbench.problem('GN201').first().dblclick();
      const inspector = await workbench.webviewHeaded(model);
      await inspector.getByText(warning).first().waitFor();
      await inspector.getByText(/^GIN, \d layers/).waitFor();
      await inspector.getByRole('table', { name: /tensors/i }).waitFor();
    });

    it('purifies from there, and watches', async () => {
      const { page } = workbench;
      await press(await workbench.webviewHeaded(model), 'Purify...');
      await workbench.quickPickRow('Fits the model').first().click();
      await page.getByText(`It is written beside ${model}`).waitFor();
      await page.getByRole('button', { name: 'Purify into This File' }).click();
      const panel = await workbench.webviewHeaded(result);
      await panel.getByRole('progressbar', { name: 'Purification' }).waitFor({ timeout: analysisLimit });
      await panel.locator('.stages .current').waitFor();
      assert.match(await panel.locator('.progress-text').innerText(), /\d+%/);
    });

    it('reads the result', async () => {
      const panel = await workbench.webviewHeaded(result);
      await panel.getByRole('heading', { name: 'Before and after' }).waitFor({ timeout: analysisLimit });
      assert.match(await panel.locator('.verdict').innerText(), /^Verdict: \S/);
      await workbench.dismissNotifications();
      await workbench.closePanel();
    });

    it('compares attention as text', async () => {
      await press(await workbench.webviewHeaded(result), 'Compare Attention');
      const graph = workbench.quickPickRow(/^Graph \d+/).first();
      await graph.waitFor({ timeout: analysisLimit });
      await graph.click();
      await readDiff();
    });

    it('goes to another graph by the buttons of the editor, and shows it without the trigger', async () => {
      const button = (name: string): Promise<void> =>
        workbench.page.locator('.editor-actions').getByRole('button', { name }).first().click();
      const first = await readDiff();
      await button('Choose Graph');
      await workbench
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
    });

    it('and as a picture', async () => {
      await workbench.page.getByRole('button', { name: 'Show Attention Picture' }).first().click();
      const picture = await workbench.webviewHeaded(pictured);
      await picture
        .locator('figure.before')
        .getByRole('img', { name: /^Node \d+, .*attention \d\.\d\d/ })
        .first()
        .waitFor();
    });

    it('opens the purified model', async () => {
      await workbench.page.locator('.tab').filter({ hasText: 'Purif' }).first().click();
      await press(await workbench.webviewHeaded(result), 'Open Purified Model');
      const inspector = await workbench.webviewHeaded(purified);
      await inspector.getByText(/^GIN, \d layers/).waitFor();
      const verdict = await inspector.locator('.verdict').innerText();
      assert.match(verdict, /^(No sign of a backdoor found|Not assessed|Possibly backdoored)/);
      assert.equal(await used('keys'), 0, 'no key was pressed');
      assert.ok((await used('presses')) > 0);
    });

    it('finds all of it again after the window was reloaded', async () => {
      const text = async (heading: string | RegExp): Promise<string> =>
        (await workbench.webviewHeaded(heading)).locator('main').innerText();
      const [inspector, picture] = [await text(purified), await text(pictured)];
      await workbench.reload();
      await (await workbench.webviewHeaded(purified)).getByText(/^GIN, \d layers/).waitFor({ timeout: analysisLimit });
      assert.equal((await text(purified)).split('\n')[0], inspector.split('\n')[0]);
      assert.equal(await text(pictured), picture);
      await workbench.page.locator('.tab').filter({ hasText: 'Purif' }).first().click();
      const panel = await workbench.webviewHeaded(result);
      assert.match(await panel.locator('.verdict').innerText(), /^Verdict: \S/);
      await panel.locator('table.comparison').waitFor();
    });
  });

  describe('with the keyboard alone', () => {
    let keyboard: Keyboard;
    before(open('keyboard'));
    before(() => {
      keyboard = new Keyboard(workbench.page);
    });
    after(close('keyboard'));

    it('reads the warning in the Problems pane', async () => {
      // The pane gives the focus away when its first problem replaces the words that there are none.
      await workbench.page
        .locator('[id="status.problems"] a[aria-label*="Errors: 1"]')
        .waitFor({ timeout: analysisLimit });
      await keyboard.press('Control+Shift+M');
      await workbench.problem('GN201').first().waitFor({ timeout: analysisLimit });
      await keyboard.press('Home');
      await keyboard.go('ArrowDown', warning);
    });

    it('opens the inspector from it, and comes by all that can be pressed', async () => {
      await keyboard.press('Enter');
      const inspector = await workbench.webviewHeaded(model);
      await inspector.getByText(warning).first().waitFor();
      for (const name of [
        'Scan',
        'Purify...',
        'Compare Attention...',
        'About GN201',
        'GIN layer 1',
        'Filter tensors',
      ]) {
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
      await workbench.quickPickRow('Fits the model').first().waitFor();
      assert.match(await keyboard.focused(), /Fits the model/);
      await keyboard.press('Enter');
      await workbench.page.getByText(`It is written beside ${model}`).waitFor();
      await keyboard.press('Enter');
      const panel = await workbench.webviewHeaded(result);
      await panel.getByRole('progressbar', { name: 'Purification' }).waitFor({ timeout: analysisLimit });
      // Whoever works in the Explorer is not torn away from it: the editors are one chord away.
      assert.equal(await keyboard.focused(), model);
      await keyboard.press('Control+1');
      await keyboard.go('Tab', 'Cancel');
    });

    it('reads the result', async () => {
      const panel = await workbench.webviewHeaded(result);
      await panel.getByRole('heading', { name: 'Before and after' }).waitFor({ timeout: analysisLimit });
      assert.equal(await keyboard.focused(), 'Open Purified Model', 'the focus is on what comes next');
      assert.match(await panel.getByRole('status').innerText(), /ASR/);
    });

    it('compares attention as text, graph by graph', async () => {
      await keyboard.go('Tab', 'Compare Attention');
      await keyboard.press('Enter');
      await workbench
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
      await workbench.webviewHeaded(pictured);
      await keyboard.press('Control+2');
      await keyboard.go('Tab', 'Layer');
      await keyboard.go('Tab', /^Node \d+, /);
    });

    it('opens the purified model', async () => {
      await keyboard.runCommand('View: Show All Editors By Most Recently Used');
      await keyboard.type(`Purify ${model}`);
      await workbench.page
        .locator('.quick-input-list .monaco-list-row.focused', { hasText: `Purify ${model}` })
        .waitFor();
      await keyboard.press('Enter');
      await workbench.webviewHeaded(result);
      await keyboard.go('Tab', 'Open Purified Model');
      await keyboard.press('Enter');
      const inspector = await workbench.webviewHeaded(purified);
      await inspector.getByText(/^GIN, \d layers/).waitFor();
      assert.equal(await used('presses'), 0, 'nothing was pressed with the mouse');
      assert.ok((await used('keys')) > 0);
    });
  });
});
