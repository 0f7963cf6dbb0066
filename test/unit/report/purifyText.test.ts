import assert from 'node:assert/strict';
import { purifyReportText } from '../../../server/src/report/purifyText';
import { purifyReport } from '../../support/reports';

describe('purifyReportText', () => {
  it('leads with the verdict and ends with how to repeat it', () => {
    const text = purifyReportText(purifyReport);
    assert.match(text, /^\/models\/gin\.pt {2}-> {2}\/models\/gin\.purified\.pt\n/);
    assert.ok(text.includes('sum readout\nThe readout leaves no tensors: sum is assumed.\n'));
    assert.ok(text.includes('Verdict: backdoor removed: estimated ASR 97% -> 2%'));
    assert.ok(text.includes('What to try:\n  - Give more clean graphs.'));
    assert.ok(text.includes('Re-scan of the purified model: no sign of a backdoor found, suspicion 0.94'));
    assert.ok(text.endsWith('Repeat: graphnad purify /models/gin.pt --data /data/AIDS\n'));
  });
});

describe('purifyReportText of a model that was not assessed again', () => {
  it('does not pass it for clean', () => {
    const text = purifyReportText({ ...purifyReport, rescan: { kind: 'not-assessed', reason: 'too few graphs' } });
    assert.ok(text.includes('Re-scan of the purified model: not assessed: too few graphs'));
  });
});

describe('the comparison in a report', () => {
  it('puts the three models side by side', () => {
    const text = purifyReportText(purifyReport);
    assert.match(text, /^ +before +fine-tuned only +GraphNAD$/m);
    assert.match(text, /^accuracy +97\.9% +93\.3% +97\.5%$/m);
    assert.match(text, /^ASR, estimated +97% \(91-99%\) +94% \(85-98%\) +2% \(0-10%\)$/m);
    assert.match(text, /^DER +- +0\.50 +0\.98$/m);
    assert.match(text, /^flip ASR, true trigger +95\.0% +89\.0% +2\.0%$/m);
  });

  it('names the method', () => {
    assert.match(purifyReportText({ ...purifyReport, methodTitle: 'NAD' }), /before +fine-tuned only +NAD$/m);
  });

  it('has a column for a model that was never poisoned, and names it', () => {
    const [{ estimated }] = purifyReport.stages;
    const figures = { estimated: { ...estimated, flipAsr: 0.2 }, true: { acc: 0.97, asr: 0.2, flipAsr: 0.125 } };
    const text = purifyReportText({
      ...purifyReport,
      benign: { file: '/clean.pt', sha256: '01'.repeat(32), ...figures },
    });
    assert.match(text, /before +fine-tuned only +GraphNAD +never poisoned$/m);
    assert.match(text, /^DER +- +0\.50 +0\.98 +-$/m);
    assert.match(text, /^flip ASR, true trigger +95\.0% +89\.0% +2\.0% +12\.5%$/m);
    assert.match(text, /^Never poisoned, as it was given: \/clean\.pt\. Its flip ASR is the benign floor\.$/m);
    assert.doesNotMatch(purifyReportText(purifyReport), /never poisoned/i);
  });

  it('leaves the true figures out where no trigger was given', () => {
    const stages = purifyReport.stages.map(({ name, estimated, der }) => ({ name, estimated, der }));
    assert.doesNotMatch(purifyReportText({ ...purifyReport, stages }), /true trigger/);
  });
});
