import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { Rng } from '../../../../server/src/graph/rng';
import { makePools } from '../../../../server/src/scan/pools';
import { measureClean } from '../../../../server/src/scan/signals/cleanMeasurements';
import { measureSignals, type Signals } from '../../../../server/src/scan/signals/probe';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { cleanGraphs, countingModel, layout } from '../handMade';

async function measure(backdoor: number, seed: number, signal?: AbortSignal): Promise<Signals> {
  const model = countingModel(backdoor);
  const graphs = cleanGraphs(24);
  try {
    const clean = await measureClean(model, graphs, layout);
    const pools = makePools(model, graphs, layout, new Rng(seed, 'pools'));
    return await measureSignals({ model, clean, pools, layout, rng: new Rng(seed, 'signals'), signal });
  } finally {
    model.dispose();
  }
}

describe('measureSignals', () => {
  before(() => selectBackend('cpu'));

  it('points to the class that a planted label leads to', async () => {
    const { rho, excess, shortlist } = await measure(50, 1);
    const [away, toward] = rho;
    assert.ok(away !== undefined && toward !== undefined && toward > 0.5 && toward > away + 0.5);
    assert.ok((excess[1] ?? 0) > (excess[0] ?? 0) + 1);
    assert.equal(shortlist[1].length, 3);
    assert.ok(shortlist[1].every((trigger) => trigger.labels?.includes(2)));
  });

  it('grows with the strength of what is planted', async () => {
    const weak = await measure(0, 2);
    const strong = await measure(50, 2);
    assert.ok((strong.excess[1] ?? 0) > (weak.excess[1] ?? 0));
  });

  it('gives the same signals for the same seed, other ones for another, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const [first, again, other] = [await measure(3, 5), await measure(3, 5), await measure(3, 6)];
    assert.deepEqual(first, again);
    assert.notDeepEqual(first.rho, other.rho);
    assert.equal(tf.memory().numTensors, before);
  });

  it('stops when told to', async () => {
    await assert.rejects(measure(3, 5, AbortSignal.abort()), { name: 'AbortError' });
  });
});
