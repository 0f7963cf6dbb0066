import assert from 'node:assert/strict';
import { scanReportText, triggerText } from '../../../server/src/report/scanText';
import { evidence, scanReport } from '../../support/reports';

describe('scanReportText', () => {
  it('says what was read, found and measured', () => {
    const text = scanReportText(scanReport);
    for (const part of [
      '/models/gin.pt\npytorch-zip, 12,345 bytes, sha256 abab',
      'Recognised as GIN, 3 layers',
      '(x) Loading this file runs os.system("id")  GN101\n    It is called with 1 argument.',
      '(!) Likely backdoored toward class 1  GN201',
      'Verdict: possibly backdoored toward class 1.',
      '97% (91-99%), 45 graphs that were not used to find the trigger',
      'rho 1.250, gain 2.500, excess -0.750',
      'Settings: seed 3, data /data/AIDS, features labels, data sha256 cdcd',
    ]) {
      assert.ok(text.includes(part), `${part}\nis missing from\n${text}`);
    }
  });

  it('is as sure as the finding', () => {
    const findings = scanReport.findings.map((finding) => ({ ...finding, severity: 'error' as const }));
    assert.match(scanReportText({ ...scanReport, findings }), /Verdict: likely backdoored toward class 1\./);
  });

  it('never calls a model clean that was not assessed', () => {
    const text = scanReportText({
      ...scanReport,
      findings: [],
      backdoor: { kind: 'not-assessed', reason: 'only 6 clean graphs, and at least 10 are needed' },
    });
    assert.ok(text.includes('Verdict: not assessed for backdoors: only 6 clean graphs'));
    assert.doesNotMatch(text, /no sign|safe|clean model/i);
  });

  it('says that finding nothing is no proof', () => {
    const text = scanReportText({ ...scanReport, findings: [], backdoor: { kind: 'no-sign', evidence } });
    assert.ok(text.includes('no sign of a backdoor found (scan of 45 clean graphs). This is not a proof'));
  });
});

describe('triggerText', () => {
  it('describes structure, labels and placement', () => {
    assert.equal(
      triggerText(evidence.trigger),
      '3-node path with its own labels put on hub nodes, replacing their edges; edges 0-1 1-2; labels 4 4 2',
    );
    assert.equal(
      triggerText({ ...evidence.trigger, labels: null, replace: false }),
      '3-node path put on hub nodes, added to their edges; edges 0-1 1-2; labels kept',
    );
  });

  it('leaves out edges where there are none to put', () => {
    assert.equal(
      triggerText({ ...evidence.trigger, edges: null, placement: 'random' }),
      '3-node set of labels put on random nodes; labels 4 4 2',
    );
    assert.match(triggerText({ ...evidence.trigger, attach: 'new-nodes' }), /appended to one node; edges 0-1 1-2/);
  });
});
