/** Every webview before an accessibility checker, in what it can show and in the colours of three themes. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { pictureState } from '../../client/attention/pictureState';
import { initialState, withFailure, withProgress, withReport, withSeeds } from '../../client/panel/panelState';
import type { AttentionPictureState } from '../../protocol/attentionPicture';
import type { InspectorState, ModelKnowledge } from '../../protocol/inspector';
import { tensorStatistics } from '../../server/src/jobs/inspectStatistics';
import { inspectModel } from '../../server/src/jobs/inspectTask';
import { attentionGraph, attentionOverview } from '../support/attention';
import { accessibilityFaults, wearTheme, webviewThemes } from '../support/browser/accessibility';
import { launchBrowser } from '../support/browser/launchBrowser';
import { openWebview, type OpenWebview } from '../support/browser/openWebview';
import { purifyReport, seedReport } from '../support/reports';
import { useTinyWorkspace } from '../support/tinyWorkspace';

describe('accessibility of the webviews', function () {
  this.timeout(60_000);
  const tiny = useTinyWorkspace();
  let browser: Browser;
  let view: OpenWebview;

  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());
  afterEach(() => view.page.close());

  /** Checks what is shown, dressed in one theme after the other. */
  async function check(): Promise<void> {
    for (const [i, theme] of webviewThemes.entries()) {
      await wearTheme(view.page, theme);
      assert.deepEqual(await accessibilityFaults(view.page, i === 0 ? 'all' : 'colours'), [], theme);
    }
    assert.deepEqual(view.complaints, [], 'the page ran without errors and within its policy');
  }

  describe('the results panel', () => {
    const run = { modelUri: 'file:///w/gin.pt', dataUri: 'file:///w/data', outputUri: 'file:///w/gin.purified.pt' };
    const progress = { stage: 'Teacher', stageIndex: 1, stageCount: 4, epoch: 2, epochs: 8, fraction: 0.4 };
    const curves = [
      { stage: 'teacher', epoch: 1, losses: { clean: 0.4, triggered: 1.2 }, accuracy: 0.9, asr: 0.8 },
      { stage: 'student', epoch: 1, losses: { clean: 0.3, triggered: 0.5 }, accuracy: 0.94, asr: 0.05 },
    ] as const;
    const finding = { code: 'GN201', severity: 'warning', message: 'Possibly backdoored', details: ['Why.'] } as const;
    const report = {
      ...purifyReport,
      ...{ curves, findings: [finding], advice: ['Try more clean graphs.'] },
      remedies: [{ label: 'Run Again with More Clean Graphs', detail: 'about 96', holdingRate: 0.06 }],
    };
    const state = withReport(initialState(run), report);
    const states = {
      'while it runs': withProgress(initialState(run), { ...progress, curve: curves[0] }, 6),
      'with a result': state,
      'while further seeds run': withSeeds(state, { progress, secondsLeft: 9 }),
      'with further seeds': withSeeds(state, { report: seedReport }),
      'after a failure': withFailure(withProgress(initialState(run), progress, undefined), {
        kind: 'error',
        message: 'why',
      }),
    };

    for (const [when, shown] of Object.entries(states)) {
      it(when, async () => {
        view = await openWebview(browser, { rootId: 'panel', script: 'panel.js', styles: ['base.css', 'panel.css'] });
        await view.send({ type: 'state', state: shown });
        await view.page.getByRole('heading', { level: 1 }).waitFor();
        const tables = view.page.getByText('Values as tables');
        if (await tables.isVisible()) await tables.click();
        await check();
      });
    }
  });

  describe('the model inspector', () => {
    beforeEach(async () => {
      const styles = ['base.css', 'inspector.css'];
      view = await openWebview(browser, { rootId: 'inspector', script: 'inspector.js', styles });
    });

    it('with layers, findings and figures', async () => {
      const inspection = await inspectModel({ model: tiny().model });
      const finding = { severity: 'warning', message: 'Attention', details: ['Why.'], place: { layer: 2 } } as const;
      const knowledge: ModelKnowledge = {
        ...{ verdict: 'likely' as const, text: 'likely backdoored toward class 1', architectureNotes: ['A note.'] },
        findings: [{ code: 'GN202', ...finding }],
      };
      const state: InspectorState = {
        ...{ name: 'gin.pt', path: 'models/gin.pt', inspection, sha256: inspection.sha256, knowledge },
      };
      await view.send({ type: 'state', state });
      const names = inspection.tensors.map(({ name }) => name);
      const task = { kind: 'tensor-statistics', model: tiny().model, version: inspection.version, names } as const;
      const statistics = await tensorStatistics(task, { signal: new AbortController().signal });
      await view.send({ type: 'statistics', version: inspection.version, statistics });
      await view.page.locator('.histogram').first().waitFor();
      await view.page.getByRole('button', { name: 'GIN layer 2' }).click();
      await check();
    });

    it('while it reads, and of a file that is gone', async () => {
      await view.send({ type: 'state', state: { name: 'gin.pt', path: 'models/gin.pt' } });
      await view.page.getByText('Reading the file').waitFor();
      await check();
      await view.send({ type: 'state', state: { name: 'gin.pt', path: 'gin.pt', failure: 'there is no such file' } });
      await view.page.getByText('This file cannot be inspected').waitFor();
      await check();
    });
  });

  it('the attention picture', async () => {
    const styles = ['base.css', 'attention.css'];
    view = await openWebview(browser, { rootId: 'attention', script: 'attention.js', styles });
    const comparison = { beforeUri: 'file:///w/gin.pt', afterUri: 'file:///w/gin.purified.pt', dataUri: 'file:///w/d' };
    const result = { overview: attentionOverview, graph: attentionGraph, text: { before: '', after: '' } };
    const state: AttentionPictureState = pictureState({ comparison }, result, ['gin.pt', 'gin.purified.pt']);
    await view.send({ type: 'state', state });
    await view.page.getByRole('heading', { level: 1 }).waitFor();
    await check();
    await view.page.getByRole('slider', { name: 'Layer' }).focus();
    await view.page.keyboard.press('Tab');
    await check();
    // The checker finds faults, and sees the colours: the last theme has a black background.
    await view.page.evaluate(`{
      document.querySelector('label').remove();
      document.documentElement.style.setProperty('--vscode-foreground', '#444');
    }`);
    const found = (await accessibilityFaults(view.page)).map((fault) => fault.split(':')[0]);
    assert.deepEqual([...new Set(found)].sort(), ['color-contrast', 'label']);
  });
});
