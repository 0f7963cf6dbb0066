import assert from 'node:assert/strict';
import { Rng } from '../../../../server/src/graph/rng';
import { makePools } from '../../../../server/src/scan/pools';
import { averagedSignals } from '../../../../server/src/scan/signals/averagedSignals';
import { measureSignals, type Signals } from '../../../../server/src/scan/signals/probe';
import { mean } from '../../../../server/src/scan/statistics';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { cleanGraphs, countingModel, layout } from '../handMade';

describe('averagedSignals', () => {
  before(() => selectBackend('cpu'));

  it('averages probes that differ in halves and triggers', async () => {
    const model = countingModel(3);
    const clean = cleanGraphs(20);
    const fractions: number[] = [];
    const averaged = await averagedSignals({
      model,
      clean,
      layout,
      seed: 8,
      progress: (fraction) => fractions.push(fraction),
    });
    const single: Signals[] = [];
    for (const probe of [0, 1, 2]) {
      const pools = makePools(model, clean, layout, new Rng(8, `pools ${probe}`));
      single.push(await measureSignals({ model, clean, pools, layout, rng: new Rng(8, `signals ${probe}`) }));
    }
    assert.equal(averaged.gain, mean(single.map(({ gain }) => gain)));
    assert.equal(averaged.rho[0], mean(single.map(({ rho }) => rho[0] ?? NaN)));
    assert.equal(new Set(single.map(({ gain }) => gain)).size, 3);
    assert.deepEqual(averaged.shortlist, single[0].shortlist);
    assert.equal(fractions.at(-1), 1);
    model.dispose();
  });
});
