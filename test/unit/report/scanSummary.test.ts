import assert from 'node:assert/strict';
import { scanSummary } from '../../../server/src/report/scanSummary';
import { evidence, scanReport } from '../../support/reports';

const warned = { ...scanReport, findings: scanReport.findings.slice(1) };
const quiet = { ...scanReport, findings: [], backdoor: { kind: 'no-sign', evidence } } as const;
const open = { ...scanReport, findings: [], backdoor: { kind: 'not-assessed', reason: 'no data' } } as const;

describe('scanSummary', () => {
  it('counts each file once, by the worst that is known of it', () => {
    const unread = [{ file: 'a.pt', reason: 'locked' }];
    assert.equal(
      scanSummary([scanReport, warned, warned, open, quiet], unread),
      '6 model files: 1 with errors, 2 with warnings, 1 not assessed for backdoors, 1 with no sign of a backdoor, ' +
        '1 could not be read',
    );
    assert.equal(scanSummary([quiet], []), '1 model file: 1 with no sign of a backdoor');
  });

  it('never counts what was not assessed as free of signs', () => {
    assert.doesNotMatch(scanSummary([open, open], []), /no sign/);
  });

  it('says that there was nothing to scan', () => {
    assert.equal(scanSummary([], []), 'no model file found');
  });
});
