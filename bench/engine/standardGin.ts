import * as tf from '@tensorflow/tfjs-core';
import { collate, type GraphBatch } from '../../server/src/graph/batch';
import type { InitialTensor } from './initialWeights';
import type { OurModel, PreparedBatch } from './ourModel';
import { WeightVariables } from './weightVariables';
import type { ModelShape } from './workload';

interface StandardBatch extends PreparedBatch {
  /** Both ends of each directed edge and of a loop at each node. */
  readonly sources: tf.Tensor1D;
  readonly targets: tf.Tensor2D;
  readonly nodes: tf.Tensor1D;
  readonly graphOf: tf.Tensor2D;
}

/**
 * The GIN as a user of TensorFlow.js would write it, of standard operations only. Sums over neighbours scatter: the
 * WebAssembly backend has no `unsortedSegmentSum`, and the one of the cpu backend goes through all rows for each
 * segment. `scatterND` has no gradient there; the one given here is the sum over neighbours again.
 */
export function standardGin(shape: ModelShape, weights: ReadonlyMap<string, InitialTensor>): OurModel<StandardBatch> {
  const variables = new WeightVariables(weights);
  const convs = Array.from({ length: shape.layers }, (_, i) =>
    [0, 3].map((place) => ({
      weight: variables.transposed(`convs.${i}.nn.${place}.weight`),
      bias: variables.vector(`convs.${i}.nn.${place}.bias`),
      gamma: variables.vector(`convs.${i}.nn.${place + 1}.weight`),
      beta: variables.vector(`convs.${i}.nn.${place + 1}.bias`),
    })),
  );
  const output = { weight: variables.transposed('lin.weight'), bias: variables.vector('lin.bias') };
  return {
    variables: variables.all,
    loss: meanCrossEntropy,
    prepare: (graphs) => prepare(graphs, shape.inputs),
    logits: (prepared) => {
      const { batch, sources, targets, nodes, graphOf } = prepared;
      let h = tf.tensor2d(batch.features, [batch.nodeCount, shape.inputs]);
      for (const linears of convs) {
        h = scatteredSum(h, sources, targets, batch.nodeCount);
        for (const { weight, bias, gamma, beta } of linears) {
          const u: tf.Tensor2D = tf.add(tf.matMul(h, weight), bias);
          const { mean, variance } = tf.moments(u, 0);
          const normal = tf.mul(tf.sub(u, mean), tf.rsqrt(tf.add(variance, 1e-5)));
          h = tf.relu(tf.add(tf.mul(normal, gamma), beta));
        }
      }
      return tf.add(tf.matMul(scatteredSum(h, nodes, graphOf, batch.graphCount), output.weight), output.bias);
    },
  };
}

function meanCrossEntropy(logits: tf.Tensor2D, classLabels: Int32Array): tf.Scalar {
  // Not `oneHot` in float32: the WebAssembly backend fills it with whole numbers.
  const wanted = new Float32Array(logits.size);
  classLabels.forEach((label, row) => (wanted[row * logits.shape[1] + label] = 1));
  const picked = tf.mul(tf.tensor2d(wanted, logits.shape), tf.logSoftmax(logits));
  return tf.div<tf.Scalar>(tf.neg(tf.sum(picked)), classLabels.length);
}

function prepare(graphs: readonly Parameters<typeof collate>[0][number][], labelColumns: number): StandardBatch {
  const batch = collate(graphs, { kind: 'labels', width: labelColumns, attributeWidth: 0, labelColumns });
  const { graphCount, nodeCount, nodeOffsets, rowOffsets, columns } = batch;
  const ids = Int32Array.from({ length: nodeCount }, (_, v) => v);
  const asColumn = (values: Int32Array): tf.Tensor2D => tf.tensor2d(values, [values.length, 1], 'int32');
  return {
    batch,
    sources: tf.tensor1d([...columns, ...ids], 'int32'),
    targets: asColumn(Int32Array.of(...rowsOf(rowOffsets, nodeCount), ...ids)),
    nodes: tf.tensor1d(ids, 'int32'),
    graphOf: asColumn(rowsOf(nodeOffsets, graphCount)),
  };
}

/** Row of each entry of compressed rows. */
function rowsOf(offsets: GraphBatch['rowOffsets'], rows: number): Int32Array {
  const result = new Int32Array(offsets[rows]);
  for (let row = 0; row < rows; row++) result.fill(row, offsets[row], offsets[row + 1]);
  return result;
}

/** Row t of the result is the sum of the rows s of h over all pairs (s, t). */
function scatteredSum(h: tf.Tensor2D, sources: tf.Tensor1D, targets: tf.Tensor2D, rows: number): tf.Tensor2D {
  const width = h.shape[1];
  const operation = tf.customGrad((input) => ({
    value: tf.scatterND(targets, tf.gather(input as tf.Tensor2D, sources), [rows, width]),
    gradFunc: (dy: tf.Tensor) =>
      tf.scatterND(
        tf.expandDims(sources, 1),
        tf.gather(dy as tf.Tensor2D, tf.squeeze<tf.Tensor1D>(targets, [1])),
        (input as tf.Tensor2D).shape,
      ),
  }));
  return operation(h) as tf.Tensor2D;
}
