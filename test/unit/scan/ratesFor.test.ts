import assert from 'node:assert/strict';
import { manyCleanGraphs } from '../../../server/src/scan/calibrationFor';
import { kindRates } from '../../../server/src/scan/kindRates';
import { kindRatesFor, ratesFor, worthlessReason } from '../../../server/src/scan/ratesFor';
import { behaviourRates, traceRates } from '../../../server/src/scan/referenceRates';

describe('ratesFor', () => {
  it('gives what was measured with the same signals and no more graphs', () => {
    assert.equal(ratesFor('gin', { trace: 1 }, manyCleanGraphs), traceRates.many);
    assert.equal(ratesFor('gin', { trace: 1 }, manyCleanGraphs - 1), traceRates.few);
    assert.equal(ratesFor('gin', {}, manyCleanGraphs), behaviourRates);
    assert.equal(kindRatesFor('gin', { trace: 1 }, manyCleanGraphs), undefined);
  });

  it('claims nothing of another kind by its behaviour', () => {
    assert.equal(ratesFor('gcn', {}, manyCleanGraphs), undefined);
  });

  it('gives a reason where scans of a kind were found to be worth nothing, and only there', () => {
    const counts = { models: 20, errors: 4, findings: 6 };
    const rates = { scans: 'GAT with 128 clean graphs', backdoored: counts, clean: counts };
    const known = { rates, auroc: 0.56, interval: [0.41, 0.7], isWorthless: true } as const;
    assert.match(
      worthlessReason('gat', known) ?? '',
      /^backdoored GAT models .*AUROC 0\.56, 95% interval 0\.41 to 0\.70/,
    );
    assert.equal(worthlessReason('gat', { ...known, isWorthless: false }), undefined);
    assert.equal(worthlessReason('gat', undefined), undefined);
  });

  it('counts among the models with findings those with errors', () => {
    const kinds = Object.values(kindRates).flatMap((sizes) => Object.values(sizes).map(({ rates }) => rates));
    for (const { backdoored, clean } of [...Object.values(traceRates), behaviourRates, ...kinds]) {
      for (const { models, errors, findings } of [backdoored, clean]) {
        assert.ok(0 <= errors && errors <= findings && findings <= models && models >= 10);
      }
    }
  });
});
