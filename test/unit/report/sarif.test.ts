import assert from 'node:assert/strict';
import { sarifLog } from '../../../server/src/report/sarif';
import { scanReport } from '../../support/reports';

interface Log {
  version: string;
  runs: {
    tool: { driver: { rules: { id: string; helpUri: string }[] } };
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      message: { text: string };
      locations: { physicalLocation: { artifactLocation: { uri: string } }; logicalLocations?: { name: string }[] }[];
      fingerprints: Record<string, string>;
    }[];
  }[];
}

describe('sarifLog', () => {
  const log = sarifLog(
    [scanReport, { ...scanReport, file: '/models/b c.pt' }],
    '1.2.3',
    'https://example.org/graphnad',
  ) as Log;
  const [run] = log.runs;

  it('names each rule once, with its page', () => {
    assert.equal(log.version, '2.1.0');
    assert.deepEqual(
      run.tool.driver.rules.map((rule) => rule.id),
      ['GN101', 'GN201'],
    );
    assert.equal(run.tool.driver.rules[0].helpUri, 'https://example.org/graphnad/docs/findings/GN101.md');
  });

  it('points every result at its rule and file', () => {
    assert.equal(run.results.length, 4);
    for (const result of run.results) assert.equal(run.tool.driver.rules[result.ruleIndex].id, result.ruleId);
    assert.equal(run.results[0].level, 'error');
    assert.ok(run.results[2].locations[0].physicalLocation.artifactLocation.uri.endsWith('/models/b%20c.pt'));
    assert.deepEqual(run.results[0].locations[0].logicalLocations, [{ name: 'gin/data.pkl' }]);
  });

  it('gives the same finding of the same bytes the same fingerprint', () => {
    assert.deepEqual(run.results[0].fingerprints, run.results[2].fingerprints);
    assert.notDeepEqual(run.results[0].fingerprints, run.results[1].fingerprints);
  });
});
