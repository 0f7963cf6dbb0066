import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { GraphModel } from '../../../../server/src/gnn/graphModel';
import { collate } from '../../../../server/src/graph/batch';
import { canonicalEdges } from '../../../../server/src/graph/edges';
import { Rng } from '../../../../server/src/graph/rng';
import { Adam } from '../../../../server/src/tensor/adam';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { softmaxCrossEntropy } from '../../../../server/src/tensor/crossEntropy';
import { engineInUse } from '../../../../server/src/tensor/engine/graphnadBackend';

const steps = 10_000;

describe('the engine in the long run', () => {
  it(`holds no more tensors and no more memory after ${steps} training steps than after a few`, async function () {
    this.timeout(60_000);
    await selectBackend('graphnad');
    const rng = new Rng(1);
    const model = GraphModel.random(
      { kind: 'gin', layers: 1, hidden: 4, inputs: 2, classes: 2, readout: 'sum', batchNorm: true, eps: [0] },
      rng,
    );
    // Two graphs of different sizes, so that places of several sizes come and go.
    const batches = [3, 40].map((nodeCount) =>
      collate(
        [0, 1].map((classLabel) => ({
          nodeCount,
          edges: canonicalEdges(nodeCount, [0, 1, 1, 2]),
          nodeLabels: Int32Array.from({ length: nodeCount }, () => rng.integer(2)),
          attributes: new Float32Array(0),
          classLabel,
        })),
        { kind: 'labels', width: 2, attributeWidth: 0, labelColumns: 2 },
      ),
    );
    const variables = model.trainable();
    const adam = new Adam(variables);
    const step = (i: number): void => {
      const batch = batches[i % 2];
      const { value, grads } = tf.variableGrads(
        () => softmaxCrossEntropy(model.forward(batch, { training: true }).logits, batch.classLabels),
        variables,
      );
      const gradients = variables.map(({ name }) => grads[name]);
      adam.step(gradients, 1e-3, 1);
      tf.dispose([value, ...gradients]);
    };
    for (let i = 0; i < 10; i++) step(i);
    const before = held();
    for (let i = 0; i < steps; i++) step(i);
    assert.deepEqual(held(), before);
    adam.dispose();
    model.dispose();
  });
});

function held(): Record<string, number | undefined> {
  const { numTensors, numDataBuffers, numBytes } = tf.memory();
  const engine = engineInUse();
  const { bytesInUse, bytesReserved } = engine?.memoryPool ?? {};
  return { numTensors, numDataBuffers, numBytes, dataIds: engine?.numDataIds(), bytesInUse, bytesReserved };
}
