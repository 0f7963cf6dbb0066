import assert from 'node:assert/strict';
import { seedFindings } from '../../../server/src/scan/seedFindings';
import { seedReport } from '../../support/reports';

describe('seedFindings', () => {
  const [before, , purified] = seedReport.spread;

  it('has nothing to say where seeds agree', () => {
    assert.deepEqual(seedFindings(before, 3), []);
  });

  it('is GN303 where they do not, with the figures', () => {
    const [finding, ...others] = seedFindings(purified, 3);
    assert.equal(others.length, 0);
    assert.equal(finding.code, 'GN303');
    assert.equal(finding.severity, 'information');
    assert.match(
      finding.details[0],
      /Over 3 seeds.*accuracy 92\.5% ± 5\.0 points \(87\.5 to 97\.5%\), flip ASR 1% ± 1/,
    );
  });
});
