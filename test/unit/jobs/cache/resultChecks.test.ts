import assert from 'node:assert/strict';
import type { DataFit } from '../../../../server/src/jobs/fitData';
import { isDataFit, isScanReport } from '../../../../server/src/jobs/cache/resultChecks';
import { scanReport } from '../../../support/reports';

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('checks of results', () => {
  it('accept reports with and without a verdict', () => {
    assert.equal(isScanReport(plain(scanReport)), true);
    const notAssessed = { ...scanReport, backdoor: { kind: 'not-assessed', reason: 'no data', code: 'GN904' } };
    assert.equal(isScanReport(plain(notAssessed)), true);
    assert.equal(isScanReport(plain({ ...scanReport, architecture: undefined })), true);
  });

  it('refuse a report that lacks anything or has it wrong, at any depth', () => {
    const report = plain(scanReport);
    const optional = new Set(['architecture', 'eps', 'place', 'entry', 'offset', 'features', 'data', 'dataHash']);
    let places = 0;
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      const fields = value as Record<string, unknown>;
      for (const [name, child] of Object.entries(fields)) {
        places++;
        fields[name] = Symbol('wrong');
        assert.equal(isScanReport(report), false, `${name} may be anything`);
        if (!Array.isArray(value) && !optional.has(name) && name !== 'cleanGraphs' && !(name in signals)) {
          delete fields[name];
          assert.equal(isScanReport(report), false, `${name} may be missing`);
        }
        fields[name] = child;
        walk(child);
      }
    };
    const signals = scanReport.backdoor.kind === 'not-assessed' ? {} : scanReport.backdoor.evidence.signals;
    walk(report);
    assert.ok(places > 50);
    assert.equal(isScanReport(report), true);
  });

  it('refuse a verdict of a kind that does not exist, and one without evidence', () => {
    for (const backdoor of [{ kind: 'clean' }, { kind: 'no-sign' }, { kind: 'likely', reason: 'x' }, undefined]) {
      assert.equal(isScanReport({ ...scanReport, backdoor }), false);
    }
  });

  it('know how a data set stands to a model', () => {
    const fit: DataFit = { name: 'AIDS', graphs: 2000, fitting: ['labels'] };
    assert.equal(isDataFit(plain(fit)), true);
    assert.equal(isDataFit(plain({ ...fit, fitting: [], reason: 'too narrow' })), true);
    assert.equal(isDataFit(plain({ ...fit, fitting: ['colour'] })), false);
  });
});
