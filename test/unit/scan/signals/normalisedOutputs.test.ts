import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { collate } from '../../../../server/src/graph/batch';
import { unfolded } from '../../../../server/src/graph/fold';
import { NormalisedOutputs } from '../../../../server/src/scan/signals/normalisedOutputs';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { batchNormEpsilon } from '../../../../server/src/tensor/linearRelu';
import { layout, molecules, trainedModel } from '../synthetic/trained';

describe('NormalisedOutputs', () => {
  before(() => selectBackend('graphnad'));

  it('gives the sums of what the last BatchNorm normalises, and of its squares', async () => {
    const model = await trainedModel();
    const graphs = molecules.slice(0, 3);
    const outputs = NormalisedOutputs.of(model)!;
    const { nodes, sums, width } = await outputs.moments(graphs, layout);
    assert.deepEqual(
      [...nodes],
      graphs.map(({ nodeCount }) => nodeCount),
    );
    assert.equal(width, 2 * model.architecture.hidden);

    // The same from the activations before the last linear map.
    const { weight, bias, norm } = model.linearLayers().at(-2)!;
    const { mean, variance } = norm!.running;
    const batch = collate(graphs, layout);
    const values: number[][] = [];
    const record = (site: string, layer: number, rows: tf.Tensor2D): void => {
      if (site !== 'hidden' || layer !== model.architecture.layers - 1) return;
      values.push(...(tf.tidy(() => tf.add(tf.matMul(rows, weight), bias).arraySync()) as number[][]));
    };
    const { logits, layers } = model.forward(batch, { record, folding: unfolded(batch) });
    tf.dispose([logits, ...layers.map(({ rows }) => rows)]);
    const hidden = width / 2;
    for (let g = 0; g < graphs.length; g++) {
      for (let j = 0; j < hidden; j++) {
        const own = values
          .slice(batch.nodeOffsets[g], batch.nodeOffsets[g + 1])
          .map((row) => (row[j] - mean[j]) / Math.sqrt(variance[j] + batchNormEpsilon));
        const sum = own.reduce((total, value) => total + value, 0);
        const squares = own.reduce((total, value) => total + value * value, 0);
        assert.ok(Math.abs(sums[g * width + j] - sum) < 0.01 * (1 + Math.abs(sum)));
        assert.ok(Math.abs(sums[g * width + hidden + j] - squares) < 0.01 * (1 + squares));
      }
    }
    outputs.dispose();
    model.dispose();
  });

  it('tells of every node once, however many are computed together', async () => {
    const model = await trainedModel();
    const outputs = NormalisedOutputs.of(model)!;
    let counted = 0;
    const total = new Float64Array(2 * model.architecture.hidden);
    const { nodes, sums, width } = await outputs.moments(molecules.slice(0, 8), layout, {
      node: (moments, count) => {
        counted += count;
        moments.forEach((value, j) => (total[j] += count * value));
      },
    });
    assert.equal(
      counted,
      nodes.reduce((sum, count) => sum + count, 0),
    );
    for (let j = 0; j < width; j++) {
      let sum = 0;
      for (let g = 0; g < nodes.length; g++) sum += sums[g * width + j];
      assert.ok(Math.abs(total[j] - sum) < 1e-6 * (1 + Math.abs(sum)));
    }
    outputs.dispose();
    model.dispose();
  });

  it('needs a BatchNorm, leaves the model as it was, and no tensor behind', async () => {
    const plain = await trainedModel({ batchNorm: false });
    assert.equal(NormalisedOutputs.of(plain), undefined);
    plain.dispose();
    const model = await trainedModel();
    const [before, state] = [tf.memory().numTensors, model.exportTensors()];
    const outputs = NormalisedOutputs.of(model)!;
    await outputs.moments(molecules.slice(0, 2), layout);
    outputs.dispose();
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(model.exportTensors(), state);
    model.dispose();
  });
});
