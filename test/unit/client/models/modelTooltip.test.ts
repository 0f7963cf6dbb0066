import assert from 'node:assert/strict';
import { modelTooltip } from '../../../../client/models/modelTooltip';
import type { Finding } from '../../../../protocol/findings';
import { modelVerdicts, type ModelEntry } from '../../../../protocol/models';

const entry = (verdict: ModelEntry['verdict'], more: Partial<ModelEntry> = {}): ModelEntry => ({
  ...{ uri: 'file:///w/a.pt', folder: 'file:///w', verdict, text: `text of ${verdict}` },
  ...more,
});
const finding = (code: Finding['code'], severity: Finding['severity'], message: string): Finding => ({
  ...{ code, severity, message, details: ['Long evidence.'] },
});
const at = { now: new Date(2025, 0, 31, 14, 30), trusted: true };
const commands = (links: readonly { readonly command: string }[]): string[] => links.map(({ command }) => command);

describe('the tooltip of a model', () => {
  it('says the verdict with its interval, what to do, and when it was scanned, in a few lines', () => {
    const likely = entry('likely', {
      text: 'likely backdoored toward class 1',
      reached: new Date(2025, 0, 31, 9, 5).toISOString(),
    });
    const message = 'Likely backdoored toward class 1: estimated ASR 97% (91-99%) with a 4-node trigger';
    const { verdict, evidence, advice, remarks, links } = modelTooltip(
      likely,
      { findings: [finding('GN201', 'error', message)] },
      at,
    );
    assert.equal(verdict, 'Likely backdoored toward class 1');
    assert.deepEqual(evidence, ['Estimated ASR 97% (91-99%) with a 4-node trigger']);
    assert.match(advice, /purify it/);
    assert.match(remarks.join(), /^Scanned: .*9:05/);
    assert.deepEqual(commands(links), ['graphnad.showReport', 'graphnad.purifyModel', 'graphnad.scanModel']);
  });

  it('tells the worst findings, and how many more there are', () => {
    const { evidence } = modelTooltip(
      entry('dangerous'),
      {
        findings: [
          finding('GN905', 'information', 'Not assessed'),
          finding('GN102', 'warning', 'Imports c'),
          finding('GN202', 'warning', 'Attention'),
          finding('GN101', 'error', 'Runs os.system'),
        ],
      },
      at,
    );
    assert.deepEqual(evidence, ['Runs os.system', 'Imports c', 'And 1 more, in the report.']);
  });

  it('goes by what the scan judged, not by what the Problems pane lists', () => {
    const listed = { ...finding('GN201', 'information', 'Backdoored'), judged: 'error' } as const;
    assert.deepEqual(modelTooltip(entry('likely'), { findings: [listed] }, at).evidence, ['Backdoored']);
  });

  it('offers what can be done now', () => {
    const offered = (model: ModelEntry, trusted = true): string[] =>
      commands(modelTooltip(model, undefined, { ...at, trusted }).links);
    assert.deepEqual(offered(entry('likely'), false), ['graphnad.showReport', 'graphnad.scanModel']);
    assert.deepEqual(offered(entry('dangerous')), ['graphnad.showReport', 'graphnad.scanModel']);
    assert.deepEqual(offered(entry('not-scanned')), ['graphnad.scanModel']);
    assert.deepEqual(offered(entry('not-scanned', { activity: 'scanning' })), []);
    const { remarks } = modelTooltip(entry('not-scanned', { activity: 'scanning' }), undefined, at);
    assert.deepEqual(remarks, ['Scanning']);
  });

  it('has advice for every verdict, and calls none safe', () => {
    for (const verdict of modelVerdicts)
      assert.doesNotMatch(modelTooltip(entry(verdict), undefined, at).advice, /safe\b/);
  });
});
