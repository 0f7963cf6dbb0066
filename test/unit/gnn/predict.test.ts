import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { Rng } from '../../../server/src/graph/rng';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { argmaxRows, batches, predictLogits } from '../../../server/src/gnn/predict';
import { recogniseArchitecture } from '../../../server/src/gnn/recognise';
import { selectBackend } from '../../../server/src/tensor/backend';
import { graphOf } from '../../support/graphs';
import { numeric, numericGraphs, numericLayout, numericTensors } from '../../support/numericFixture';
import { assertClose } from '../defense/assertClose';

describe('predictLogits', () => {
  before(() => selectBackend('graphnad'));

  it('gives the rows of many batches in the order of the graphs, and leaks nothing', () => {
    const tensors = numericTensors('student');
    const model = GraphModel.fromCheckpoint(tensors, recogniseArchitecture(tensors));
    const rng = new Rng(1);
    const picks = Array.from({ length: 600 }, () => rng.integer(3));
    const before = tf.memory().numTensors;
    const logits = predictLogits(
      model,
      picks.map((pick) => numericGraphs[pick]),
      numericLayout,
    );
    assert.equal(tf.memory().numTensors, before);
    assertClose(
      logits,
      picks.flatMap((pick) => numeric.bn_eval.student_logits[pick]),
      'logits',
    );
    assert.equal(predictLogits(model, [], numericLayout).length, 0);
    model.dispose();
  });
});

describe('batches', () => {
  it('holds few graphs and few nodes each, and every graph once', () => {
    const large = graphOf(20_000, { labels: new Array<number>(20_000).fill(0) });
    const small = graphOf(10, { labels: new Array<number>(10).fill(0) });
    const graphs = [small, large, small, ...Array.from({ length: 300 }, () => small)];
    const sizes = [...batches(graphs, numericLayout)].map(({ graphCount }) => graphCount);
    assert.deepEqual(sizes, [1, 1, 256, 45]);
  });
});

describe('argmaxRows', () => {
  it('names the largest of each row, the first of equals', () => {
    assert.deepEqual([...argmaxRows([0, 1, -1, 5, 5, 2, -3, -2, -1], 3)], [1, 0, 2]);
  });
});
