import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import type { Trigger } from '../../../server/src/attack/trigger';
import { wilsonInterval } from '../../../server/src/attack/metrics';
import { estimateAsr, measureTrigger } from '../../../server/src/scan/estimatedAsr';
import { Rng } from '../../../server/src/graph/rng';
import { makePools } from '../../../server/src/scan/pools';
import { selectBackend } from '../../../server/src/tensor/backend';
import { cleanGraphs, countingModel, layout } from './handMade';

const planted: Trigger = { nodes: 3, edges: null, labels: [2, 2, 2], placement: 'degree', replace: true };

describe('estimated attack success rate', () => {
  before(() => selectBackend('cpu'));

  it('finds the planted label and measures it on graphs that were not fitted', async () => {
    const model = countingModel(50);
    const { byClass, pools } = await estimateAsr(model, cleanGraphs(20), layout, { seed: 3 });
    const toward1 = byClass[1];
    assert.ok(toward1 !== undefined);
    assert.equal(toward1.asr, 1);
    assert.ok(toward1.trigger.labels?.includes(2), 'it uses the label that never occurs in clean graphs');
    const outside = pools.heldOut.graphs.filter((graph) => graph.classLabel !== 1 && graph.nodeCount >= 8);
    assert.equal(toward1.count, outside.length);
    assert.deepEqual(toward1.interval, wilsonInterval(outside.length, outside.length));
    assert.equal(toward1.cleanTargetRate, measureTrigger(model, planted, 1, outside, layout, 3).cleanTargetRate);
    model.dispose();
  });

  it('never measures on the half that it fitted on, nor fits on the half that it measures on', async () => {
    const model = countingModel(2);
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 10, max: 24 }), async (seed, count) => {
        const { pools, byClass } = await estimateAsr(model, cleanGraphs(count, seed), layout, { seed });
        const fitted = new Set(pools.fit.graphs);
        assert.ok(pools.heldOut.graphs.every((graph) => !fitted.has(graph)));
        assert.equal(pools.fit.real + pools.heldOut.real, count);

        const other = makePools(model, cleanGraphs(count, seed + 1), layout, new Rng(seed));
        const measuredElsewhere = { ...pools, heldOut: other.heldOut };
        const again = await estimateAsr(model, cleanGraphs(1), layout, { seed, pools: measuredElsewhere });
        byClass.forEach((estimate, target) => {
          const found = again.byClass[target];
          assert.ok(estimate && found);
          assert.deepEqual(found.trigger, estimate.trigger, 'the trigger does not depend on what is held out');
          const own = other.heldOut.graphs.filter(({ nodeCount }) => nodeCount >= 8);
          const { interval } = measureTrigger(model, estimate.trigger, target, own, layout, seed);
          assert.deepEqual(found.interval, interval, 'and the figure depends on nothing else');
        });
      }),
      { numRuns: 4 },
    );
    model.dispose();
  });

  it('gives the same estimate for the same seed and leaves no tensor behind', async () => {
    const model = countingModel(2);
    const before = tf.memory().numTensors;
    const run = async (seed: number): Promise<unknown> =>
      (await estimateAsr(model, cleanGraphs(12), layout, { seed })).byClass;
    assert.deepEqual(await run(1), await run(1));
    assert.equal(tf.memory().numTensors, before);
    model.dispose();
  });

  it('measures several models on the same graphs when the pools are handed on', async () => {
    const suspect = countingModel(50);
    const purified = countingModel(0);
    const clean = cleanGraphs(16);
    const before = await estimateAsr(suspect, clean, layout, { seed: 4 });
    const after = await estimateAsr(purified, clean, layout, { seed: 4, pools: before.pools });
    assert.equal(after.pools, before.pools);
    assert.equal(after.byClass[1]?.count, before.byClass[1]?.count);
    const trigger = before.byClass[1]?.trigger;
    assert.ok(trigger !== undefined);
    const graphs = before.pools.heldOut.graphs;
    assert.equal(measureTrigger(suspect, trigger, 1, graphs, layout, 4).asr, 1);
    assert.ok(measureTrigger(purified, trigger, 1, graphs, layout, 4).asr < 1);
    suspect.dispose();
    purified.dispose();
  });

  it('says nothing toward a class that all graphs belong to', async () => {
    const model = countingModel(0);
    const clean = cleanGraphs(20).filter((graph) => graph.classLabel === 1);
    const { byClass } = await estimateAsr(model, clean, layout, { seed: 1 });
    assert.equal(byClass[1], undefined);
    assert.notEqual(byClass[0], undefined);
    model.dispose();
  });

  it('stops when told to', async () => {
    const model = countingModel(0);
    const run = estimateAsr(model, cleanGraphs(12), layout, { seed: 1, signal: AbortSignal.abort() });
    await assert.rejects(run, { name: 'AbortError' });
    model.dispose();
  });
});

describe('measureTrigger', () => {
  before(() => selectBackend('cpu'));

  it('leaves out graphs of the target class', () => {
    const model = countingModel(50);
    const measured = measureTrigger(model, planted, 1, cleanGraphs(10), layout, 0);
    assert.equal(measured.count, 5);
    assert.equal(measured.asr, 1);
    assert.equal(measured.flipAsr, 1);
    assert.equal(measured.cleanTargetRate, 0);
    assert.equal(measured.interval.count, 5);
    model.dispose();
  });

  it('refuses to measure on no graph at all', () => {
    const model = countingModel(50);
    const ofTarget = cleanGraphs(10).filter((graph) => graph.classLabel === 1);
    assert.throws(() => measureTrigger(model, planted, 1, ofTarget, layout, 0), RangeError);
    model.dispose();
  });
});
