/** Purifications that are cancelled or lose their process on the way, in a real workbench: what a person is told of it. */
import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { makeTestWorkspace, type TestWorkspace } from '../support/exampleWorkspace';
import { useOrder } from '../support/order';
import { until } from '../support/processes';
import type { CodeServer } from '../support/vscodeHost/codeServer';
import { processesBelow } from '../support/vscodeHost/hostProcesses';
import { startTestHost } from '../support/vscodeHost/testHost';
import { Workbench } from '../support/vscodeHost/workbench';

const model = 'backdoored.pt';
const purified = 'backdoored.purified.pt';
const stages = ['Search for a trigger', 'Fine-tuning', 'Bounds', 'Teacher', 'Student', 'Re-scan'] as const;
type Stage = (typeof stages)[number];
/** Milliseconds that a scan or a purification may take on a slow machine. */
const analysisLimit = 180_000;

describe('interrupted purifications', function () {
  this.timeout(240_000);
  useOrder();
  let workspace: TestWorkspace;
  let host: CodeServer;
  let workbench: Workbench;
  let filesBefore: string[];
  let panel: FrameLocator;

  before(async () => {
    workspace = await makeTestWorkspace();
    // Long enough to be interrupted in the stages that are, and short in the others.
    const manifest = { purify: { options: { fineTuneEpochs: 30, studentRounds: 6 } } };
    await writeFile(path.join(workspace.folder, 'graphnad.json'), JSON.stringify(manifest));
    filesBefore = await files();
    host = await startTestHost('interruptions');
    workbench = await Workbench.open(host, workspace.folder);
  });

  after(async () => {
    await workbench?.screenshot('interruptions-last').catch(() => undefined);
    await workbench?.close();
    await host?.stop();
    await workspace?.remove();
  });

  const files = async (): Promise<string[]> => (await readdir(workspace.folder, { recursive: true })).sort();
  const press = (name: string): Promise<void> => panel.locator('vscode-button', { hasText: name }).first().click();
  /** A run of the same model into the same file takes over the panel that it was asked for in. */
  const runAgain = async (): Promise<void> => {
    await press('Run Again');
    await panel.locator('vscode-button', { hasText: 'Cancel' }).waitFor();
  };
  const verdict = (text: string | RegExp) => panel.locator('.verdict').filter({ hasText: text }).waitFor();
  const brokenServer = () => workbench.statusItem.locator('.codicon-error');

  const untilStage = (stage: Stage): Promise<void> =>
    panel.locator('.stages .current').filter({ hasText: stage }).waitFor({ timeout: analysisLimit });

  /**
   * Presses Cancel at the moment the panel shows a stage, or a later one: some are over in less time than it takes to
   * ask for them.
   *
   * @returns how the panel says that it ended
   */
  async function cancelAt(stage: Stage): Promise<string> {
    await panel.locator('vscode-button', { hasText: 'Cancel' }).waitFor();
    const frame = await (await panel.locator('main').elementHandle())?.ownerFrame();
    assert.ok(frame);
    await frame.evaluate(`{
      const cancelAtStage = () => {
        const number = Number(document.querySelector('.stages .current .stage-number')?.textContent ?? 0);
        if (number < ${stages.indexOf(stage) + 1}) return;
        observer.disconnect();
        [...document.querySelectorAll('vscode-button')].find((button) => button.textContent === 'Cancel')?.click();
      };
      const observer = new MutationObserver(cancelAtStage);
      observer.observe(document.querySelector('main'), { childList: true, subtree: true });
      cancelAtStage();
    }`);
    const ended = panel.locator('.verdict').filter({ hasText: /Cancelled|Verdict:/ });
    await ended.waitFor({ timeout: analysisLimit });
    await workbench.notification(`Purifying ${model}`).waitFor({ state: 'hidden' });
    return ended.innerText();
  }

  const servers = (): readonly number[] => processesBelow(host.processId, 'dist/server.js');

  /** Ends all processes of a kind as a lack of memory would. */
  function kill(script: string): void {
    const found = processesBelow(host.processId, script);
    assert.ok(found.length > 0, `${script} runs`);
    found.forEach((id) => process.kill(id, 'SIGKILL'));
  }

  /** Does what replaces the server, and waits until the next one has a process: it has answered nothing yet. */
  async function replaceServer(how: () => void | Promise<void>): Promise<void> {
    const before = servers();
    await how();
    await until('a new server', () => servers().some((id) => !before.includes(id)));
  }
  const crashServer = (): Promise<void> => replaceServer(() => kill('dist/server.js'));

  it('end without output when they are cancelled, at whatever stage', async () => {
    await workbench.expand('models', model);
    // The first webview of a window takes seconds to show, in which a run may come to its end.
    await workbench.explorerRow('malicious.pt').dblclick();
    await workbench.webviewHeaded('malicious.pt');
    await workbench.runCommand('View: Close All Editors');
    await workbench.chooseFromContextMenu(model, 'Purify Model');
    await workbench.quickPickRow('Fits the model').first().click();
    await workbench.page.getByRole('button', { name: 'Purify into This File' }).click();
    panel = workbench.webview();
    for (const stage of ['Search for a trigger', 'Bounds', 'Teacher', 'Student'] as const) {
      assert.equal(await cancelAt(stage), 'Cancelled. Nothing was written.', stage);
      assert.deepEqual(await files(), filesBefore, `cancelled at ${stage}`);
      await runAgain();
    }
  });

  it('say so when the process that computes ends', async () => {
    await untilStage('Teacher');
    kill('dist/worker.js');
    await verdict('analysis process ended unexpectedly');
    await workbench.notification(/could not be purified.*analysis process ended unexpectedly/).waitFor();
    assert.deepEqual(await files(), filesBefore);
    await workbench.dismissNotifications();
  });

  it('say so when the server ends, which is started again', async () => {
    await runAgain();
    await untilStage('Teacher');
    await crashServer();
    await verdict('The GraphNAD server is not running: it ended before it had answered.');
    assert.deepEqual(await files(), filesBefore);
    await workbench.dismissNotifications();
  });

  it('have a server afterwards, also where one ended before it had answered', async () => {
    for (let crash = 0; crash < 2; crash++) await crashServer();
    const last = servers();
    await runAgain();
    assert.equal(await cancelAt('Teacher'), 'Cancelled. Nothing was written.');
    assert.deepEqual(servers(), last);
    assert.deepEqual(await workbench.notification(/server/).allInnerTexts(), []);
  });

  it('are shown in one panel, run after run', async () => {
    assert.equal(await workbench.page.locator('.tab').filter({ hasText: 'Purify' }).count(), 1);
  });

  it('do not keep the next run from its result', async () => {
    await runAgain();
    await panel.getByRole('heading', { name: 'Before and after' }).waitFor({ timeout: analysisLimit });
    await verdict(/^Verdict: /);
    assert.ok((await stat(path.join(workspace.folder, 'models', purified))).size > 0);
    await workbench.dismissNotifications();
  });

  it('leave the file of the run before, or a whole new one, when they are cancelled in their last moments', async () => {
    const output = path.join(workspace.folder, 'models', purified);
    const [listed, bytes] = [await files(), await readFile(output)];
    await press('Run Again');
    await workbench.page.getByRole('button', { name: 'Replace' }).click();
    const ended = await cancelAt('Re-scan');
    assert.match(ended, /^(Cancelled\. Nothing was written\.|Verdict: \S)/);
    assert.deepEqual(await files(), listed);
    // The same inputs give the same bytes: so it is whole, whoever came first.
    assert.ok(bytes.equals(await readFile(output)));
    await workbench.dismissNotifications();
  });

  it('end the restarts after five of them; Restart Server helps', async () => {
    // Crashes count that are less than three minutes apart: those before may be, and may not.
    await replaceServer(() => workbench.runCommand('GraphNAD: Restart Server'));
    for (let crash = 1; crash < 5; crash++) await crashServer();
    kill('dist/server.js');
    await brokenServer().waitFor();
    await workbench.statusItem.click();
    const title = workbench.page.locator('.quick-input-title');
    await title.filter({ hasText: /ended unexpectedly five times within three minutes/ }).waitFor();
    await workbench.quickPickRow('Restart Server').click();
    await brokenServer().waitFor({ state: 'detached' });
    await until('a server', () => servers().length === 1);
  });
});
