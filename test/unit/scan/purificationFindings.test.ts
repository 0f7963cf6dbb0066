import assert from 'node:assert/strict';
import { purificationFindings } from '../../../server/src/scan/purificationFindings';

const figures = {
  before: { acc: 0.979, asr: 0.97, flipAsr: 0.96 },
  after: { acc: 0.9, asr: 0.4, flipAsr: 0.35 },
  cleanGraphs: 18,
  advice: ['Try more teacher rounds.'],
};

describe('purification findings', () => {
  it('say what stayed, what it cost and what varied', () => {
    const findings = purificationFindings(['GN301', 'GN302', 'GN303'], figures);
    assert.deepEqual(
      findings.map(({ code, severity }) => `${code} ${severity}`),
      ['GN301 warning', 'GN302 warning', 'GN303 information'],
    );
    assert.match(findings[0].message, /attack success 96% before, 35% now/);
    assert.match(findings[1].message, /97\.9% before, 90\.0% now/);
    assert.match(findings[2].message, /clean set of 18 graphs/);
    for (const finding of findings) assert.deepEqual(finding.details, figures.advice);
  });

  it('are none for a purification that worked', () => assert.deepEqual(purificationFindings([], figures), []));
});
