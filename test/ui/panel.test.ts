/** The results panel by itself: its script and styles in a browser, under the policy that it has in VS Code. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { initialState, withFailure, withProgress, withReport, withSeeds } from '../../client/panel/panelState';
import type { PanelState } from '../../protocol/panel';
import { useWebview } from '../support/browser/useWebview';
import { purifyReport, seedReport } from '../support/reports';

const run = {
  modelUri: 'file:///w/gin.pt',
  dataUri: 'file:///w/data',
  outputUri: 'file:///w/gin.purified.pt',
};
const progress = { stage: 'Teacher', stageIndex: 1, stageCount: 3, epoch: 2, epochs: 8, fraction: 0.4 };
const curve = { stage: 'teacher', epoch: 2, losses: { clean: 0.4, triggered: 1.2 }, accuracy: 0.9 } as const;

describe('the results panel', function () {
  this.timeout(60_000);
  const view = useWebview({ rootId: 'panel', script: 'panel.js', styles: ['base.css', 'panel.css'] });
  let page: Page;

  beforeEach(() => {
    ({ page } = view());
  });

  const show = (state: PanelState): Promise<void> => view().send({ type: 'state', state });
  const sent = (): Promise<readonly unknown[]> => view().sent();

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

  it('heads the result by its method, gives intervals, and says possibly of what is only a warning', async () => {
    const stages = purifyReport.stages.map((stage) => ({
      ...stage,
      estimated: {
        ...stage.estimated,
        accInterval: { value: stage.estimated.acc, low: 0.91, high: 0.992, count: 400 },
      },
    }));
    const finding = { code: 'GN201', severity: 'warning', message: 'Possibly backdoored', details: [] } as const;
    const { evidence } = purifyReport.rescan;
    assert.ok(evidence);
    const rescan = { kind: 'likely', evidence: { ...evidence, abovePercentOfClean: 0.996 } } as const;
    await show(
      withReport(initialState(run), { ...purifyReport, stages, rescan, findings: [finding], methodTitle: 'NAD' }),
    );
    await page.getByRole('columnheader', { name: 'NAD' }).waitFor();
    const accuracy = page.getByRole('row', { name: /^Accuracy 97/ }).first();
    assert.match(await accuracy.innerText(), /97\.9%\s*\(91\.0–99\.2%\)/);
    const text = await page.locator('.rescan').innerText();
    assert.match(text, /possibly backdoored toward class 1.*above 99% of clean models/);
  });

  it('draws curves and trigger with names that say what they show', async () => {
    const curves = [
      { stage: 'teacher', epoch: 1, losses: { clean: 0.4, triggered: 1.2 }, accuracy: 0.9, asr: 0.8 },
      { stage: 'teacher', epoch: 2, losses: { clean: 0.3, triggered: 0.6 }, accuracy: 0.95, asr: 0.1 },
      { stage: 'student', epoch: 1, losses: { clean: 0.3, triggered: 0.5 }, accuracy: 0.94, asr: 0.05 },
    ] as const;
    await show(withReport(initialState(run), { ...purifyReport, curves }));
    const shares = page.getByRole('img', { name: /^Accuracy and estimated ASR over 3 epochs/ });
    await shares.waitFor();
    assert.match((await shares.getAttribute('aria-label')) ?? '', /ASR, estimated from 80\.0% to 5\.0%/);
    assert.equal(await shares.locator('path.line').count(), 2);
    assert.deepEqual(await shares.locator('.axis-x text').allTextContents(), ['1', '2', '3']);
    assert.deepEqual(await shares.locator('.axis-y text').allTextContents(), [
      '0%',
      '20%',
      '40%',
      '60%',
      '80%',
      '100%',
    ]);
    await page.getByText('Values as tables').click();
    await page.getByRole('table', { name: 'Accuracy and estimated ASR' }).getByText('80.0%').waitFor();
    const trigger = page.getByRole('img', { name: /^Trigger of 3 nodes with the edges 0-1, 1-2/ });
    const picture = await trigger.innerHTML();
    assert.equal(await trigger.locator('circle').count(), 3);
    await page.reload();
    await trigger.waitFor();
    assert.equal(await trigger.innerHTML(), picture, 'the same picture every time');
  });

  it('has a button for all that can be done with a result', async () => {
    const remedies = [{ label: 'Run Again with More Clean Graphs', detail: 'about 96', holdingRate: 0.06 }];
    await show(withReport(initialState(run), { ...purifyReport, remedies }));
    const expected = [
      ['Open Purified Model', 'openOutput'],
      ['Compare Attention', 'compareAttention'],
      ['Save Report...', 'saveReport'],
      ['Copy Command Line', 'copyCommandLine'],
      ['Run Again', 'runAgain'],
      ['Run with 3 Seeds', 'runSeeds'],
    ];
    for (const [name] of expected) await page.locator('header vscode-button', { hasText: name }).first().click();
    await page.locator('vscode-button', { hasText: 'More Clean Graphs' }).click();
    assert.deepEqual(await sent(), [
      { type: 'ready' },
      ...expected.map(([, command]) => ({ type: 'command', command })),
      { type: 'tryRemedy', remedy: 0 },
    ]);
  });

  it('shows further seeds while they run, can cancel them, and compares them in the end', async () => {
    const state = withReport(initialState(run), purifyReport);
    await show(withSeeds(state, { progress: { ...progress, stage: 'Seed 4: Teacher' }, secondsLeft: 9 }));
    await page.getByText('Seed 4: Teacher · 40% · about 9 s left').waitFor();
    // A button that is drawn anew while it is pressed takes no click.
    const cancel = await page.locator('vscode-button', { hasText: 'Cancel the Seeds' }).elementHandle();
    await show(withSeeds(state, { progress: { ...progress, stage: 'Seed 5: Teacher', fraction: 0.8 } }));
    await page.getByText('Seed 5: Teacher · 80%').waitFor();
    assert.ok(await cancel?.isVisible());
    assert.equal(await page.locator('vscode-button', { hasText: 'Run with 3 Seeds' }).count(), 0);
    await page.locator('vscode-button', { hasText: 'Cancel the Seeds' }).click();
    assert.deepEqual(await sent(), [{ type: 'ready' }, { type: 'command', command: 'cancelSeeds' }]);
    await show(withSeeds(state, { report: seedReport }));
    await page.getByRole('table').filter({ hasText: '92.5% ± 5.0' }).waitFor();
    assert.equal(await page.locator('table.seeds tbody tr').count(), 3);
    await page.getByRole('button', { name: 'About GN303' }).waitFor();
    await show(withSeeds(state, { failure: { kind: 'interrupted', message: 'The window was reloaded.' } }));
    await page.locator('vscode-button', { hasText: 'Run the Seeds Again' }).waitFor();
  });

  it('says each stage once to those who listen, not every epoch', async () => {
    const status = page.getByRole('status');
    await show(withProgress(initialState(run), progress, 6));
    await status.getByText('Stage 2 of 3: Teacher').waitFor();
    await page.evaluate(`
      window.said = 0;
      new MutationObserver(() => window.said++).observe(document.querySelector('[role=status]'), { childList: true, characterData: true, subtree: true });`);
    for (const epoch of [3, 4, 5]) await show(withProgress(initialState(run), { ...progress, epoch }, 6));
    await page.getByText('epoch 5 of 8').waitFor();
    assert.equal(await page.evaluate('window.said'), 0);
  });

  for (const [width, scale] of [
    [400, 1],
    [800, 2],
  ]) {
    it(`fits into ${width} pixels at ${scale * 100}%`, async () => {
      await page.setViewportSize({ width: width / scale, height: 600 });
      await show(withSeeds(withReport(initialState(run), purifyReport), { report: seedReport }));
      await page.locator('table.seeds').waitFor();
      const wider = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      assert.equal(wider, 0);
    });
  }

  it('stands still for those who want no motion', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await show(withProgress(initialState(run), progress, 6));
    await page.getByRole('progressbar').waitFor();
    assert.equal(await page.locator('vscode-progress-ring').isVisible(), false);
    const transition = "getComputedStyle(document.querySelector('.progress-fill')).transitionDuration";
    assert.match(String(await page.evaluate(transition)), /^0s/);
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
