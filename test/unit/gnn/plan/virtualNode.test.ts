import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import type { StepsRun, StepValue } from '../../../../server/src/gnn/plan/steps';
import { VirtualNodes } from '../../../../server/src/gnn/plan/virtualNode';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { SparseRows } from '../../../../server/src/tensor/sparseRows';

/** Two graphs of two nodes and of one. */
function membership() {
  const rows = new SparseRows([2, 3], 3);
  rows.add(0, 1);
  rows.add(1, 1);
  rows.endRow();
  rows.add(2, 1);
  rows.endRow();
  return rows.build();
}

function stepsOf(x: tf.Tensor2D): StepsRun {
  const graphs = (): never => assert.fail('there are no nodes');
  return { training: false, activation: 'relu', multiplicity: Float32Array.of(1, 1), input: () => x, graphs };
}

describe('VirtualNodes', () => {
  const relu: StepValue[] = [{ step: 'activation', activation: 'relu' }];
  before(() => selectBackend('cpu'));

  function rowsAfter(residual: boolean): number[][] {
    const embedding = tf.variable(tf.tensor2d([1, -2], [1, 2]));
    try {
      return tf.tidy(() => {
        const virtual = new VirtualNodes({ embedding, updates: [relu] }, membership(), residual, stepsOf);
        const nodes = tf.tensor2d([1, 1, 2, -1, 5, 5], [3, 2]);
        const first = virtual.addedTo(nodes);
        virtual.update(0, first);
        const second = virtual.addedTo(nodes);
        // Behind the last layer nothing happens any more.
        virtual.update(1, second);
        return [first, second, virtual.addedTo(nodes)].map((rows) => [...rows.dataSync()]);
      });
    } finally {
      embedding.dispose();
    }
  }

  it('are added to the nodes of their graph, and made anew of the sum of what a layer took and themselves', () => {
    // Sums of what was taken: (5, -4) and (6, 3); with themselves (6, -6) and (7, 1).
    const [first, second, third] = rowsAfter(false);
    assert.deepEqual(first, [2, -1, 3, -3, 6, 3]);
    assert.deepEqual(second, [7, 1, 8, -1, 12, 6]);
    assert.deepEqual(third, second);
  });

  it('come on top of what they were where there are residual connections', () => {
    assert.deepEqual(rowsAfter(true)[1], [8, -1, 9, -3, 13, 4]);
  });
});
