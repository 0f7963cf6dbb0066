import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { predictLogits } from '../../../server/src/gnn/predict';
import { measureRanges, predictInSteps, runWithReach } from '../../../server/src/scan/modelRuns';
import { selectBackend } from '../../../server/src/tensor/backend';
import { cleanGraphs, countingModel, layout } from './handMade';

describe('model runs', () => {
  before(() => selectBackend('cpu'));

  it('predict the same as in one go, and report their progress', async () => {
    const model = countingModel(4);
    const graphs = cleanGraphs(300);
    const fractions: number[] = [];
    const logits = await predictInSteps(model, graphs, layout, { progress: (fraction) => fractions.push(fraction) });
    assert.deepEqual(logits, predictLogits(model, graphs, layout));
    assert.equal(fractions.at(-1), 1);
    assert.ok(fractions.length > 1, 'several batches');
    model.dispose();
  });

  it('reach 1 at most on the graphs that define the range, and more beyond it', async () => {
    const model = countingModel(4);
    const clean = cleanGraphs(10);
    const ranges = await measureRanges(model, clean, layout, [0, 1]);
    const inside = await runWithReach(model, clean, layout, ranges);
    for (const layer of inside.reach) for (const reach of layer) assert.ok(reach <= 1 + 1e-6);
    const [host] = clean;
    const foreign = { ...host, nodeLabels: host.nodeLabels.map(() => 2) };
    const outside = await runWithReach(model, [foreign], layout, ranges);
    // Label 2 never occurs in clean graphs, so its channel's range is the smallest there is.
    assert.ok(outside.reach.every(([reach]) => reach > 100));
    assert.deepEqual(outside.logits, predictLogits(model, [foreign], layout));
    model.dispose();
  });

  it('stop when told to, and leave no tensor behind', async () => {
    const model = countingModel(4);
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const run = predictInSteps(model, cleanGraphs(600), layout, {
      signal: controller.signal,
      progress: () => controller.abort(),
    });
    await assert.rejects(run, { name: 'AbortError' });
    await runWithReach(model, cleanGraphs(20), layout, await measureRanges(model, cleanGraphs(10), layout, [1]));
    assert.equal(tf.memory().numTensors, before);
    model.dispose();
  });
});
