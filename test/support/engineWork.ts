/** Work that goes through every kernel that threads may divide, and training of a whole model. */
import * as tf from '@tensorflow/tfjs-core';
import type { Dataset } from '../../server/src/dataset/dataset';
import { encodeDataset } from '../../server/src/dataset/features';
import { makeMolecules } from '../../server/src/dataset/synthetic';
import { GraphModel } from '../../server/src/gnn/graphModel';
import { trainClassifier } from '../../server/src/gnn/train';
import { Rng } from '../../server/src/graph/rng';
import { attentionMap } from '../../server/src/tensor/attentionMap';
import { batchNormRelu } from '../../server/src/tensor/batchNormRelu';
import { edgeAttention } from '../../server/src/tensor/edgeAttention';
import { edgeAttentionV2 } from '../../server/src/tensor/edgeAttentionV2';
import { graphGrams } from '../../server/src/tensor/graphGrams';
import { linear } from '../../server/src/tensor/linear';
import { linearRelu } from '../../server/src/tensor/linearRelu';
import { segmentMax } from '../../server/src/tensor/segmentMax';
import { slicedWasserstein } from '../../server/src/tensor/slicedWasserstein';
import { SparseMatrix } from '../../server/src/tensor/sparseMatrix';
import { sparseProduct } from '../../server/src/tensor/sparseProduct';
import { trainingLinearRelu } from '../../server/src/tensor/trainingLinearRelu';
import { unitRows } from '../../server/src/tensor/unitRows';
import { evaluateOn, randomValues } from './operations';
import { randomSparse } from './sparse';

/** Neither is a multiple of four. */
const nodes = 131;
const width = 37;
const graphs = 5;

/**
 * Values and gradients of all fused operations and of the usual ones of tfjs.
 *
 * @returns their bytes, by name
 */
export async function runOperations(): Promise<ReadonlyMap<string, Buffer>> {
  const results = new Map<string, Buffer>();
  for (const [name, { shapes, run }] of Object.entries(operations)) {
    const rng = new Rng(3, name);
    const inputs = shapes.map((shape) => randomValues(rng, ...shape));
    const { value, gradients } = await evaluateOn('graphnad', inputs, run);
    results.set(name, Buffer.concat([value, ...gradients].map((values) => Buffer.from(values.buffer))));
  }
  return results;
}

interface Operation {
  readonly shapes: readonly (readonly number[])[];
  readonly run: (...inputs: tf.Tensor[]) => tf.Tensor;
}

const matrix = [nodes, width];
const layer = [matrix, [width, 41], [41]];
const entries = positive(randomSparse(new Rng(1), nodes, nodes, 0.05));
const every = Int32Array.from({ length: nodes }, (_, node) => node);
const offsets = Int32Array.from({ length: graphs + 1 }, (_, graph) => Math.floor((graph * nodes) / graphs));
const terms = { offsets, leftRows: every, rightRows: every, weights: new Float32Array(nodes).fill(0.5) };
const upper = (columns: number): Float32Array => new Float32Array(columns).fill(0.7);

const operations: Readonly<Record<string, Operation>> = {
  'matrix product': { shapes: [matrix, [width, 43]], run: (a, b) => tf.matMul(a, b) },
  'matrix product, transposed': { shapes: [matrix, [43, width]], run: (a, b) => tf.matMul(a, b, false, true) },
  transpose: { shapes: [matrix], run: (x) => tf.transpose(x) },
  elementwise: { shapes: [[3 * nodes, width]], run: (x) => tf.exp(tf.mul(x, tf.add(x, tf.sub(x, 0.5)))) },
  'with a row': { shapes: [matrix, [width]], run: (x, row) => tf.div(x, tf.add(tf.square(row), 1)) },
  'with a column': { shapes: [matrix, [nodes, 1]], run: (x, column) => tf.mul(x, column) },
  'sums of rows': { shapes: [matrix], run: (x) => tf.sum(x, 1) },
  'sums of columns': { shapes: [[nodes, 97]], run: (x) => tf.sum(x, 0) },
  'largest of columns': { shapes: [[nodes, 97]], run: (x) => tf.add(tf.max(x, 0), tf.sum(x)) },
  gather: { shapes: [matrix], run: (x) => tf.gather(x, [...every, ...every]) },
  'training layer': {
    shapes: [...layer, [41], [41]],
    run: (x, weight, bias, gamma, beta) =>
      trainingLinearRelu(
        x as tf.Tensor2D,
        { weight: weight as tf.Tensor2D, bias: bias as tf.Tensor1D },
        { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D },
      ).output,
  },
  'BatchNorm and ReLU': {
    shapes: [matrix, [width], [width]],
    run: (x, gamma, beta) =>
      batchNormRelu(x as tf.Tensor2D, { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D }).output,
  },
  'output layer': {
    shapes: layer,
    run: (x, weight, bias) => linear(x as tf.Tensor2D, { weight: weight as tf.Tensor2D, bias: bias as tf.Tensor1D }),
  },
  'bounded layer': {
    shapes: layer,
    run: (x, weight, bias) =>
      linearRelu(x as tf.Tensor2D, { weight: weight as tf.Tensor2D, bias: bias as tf.Tensor1D }, { upper: upper(41) }),
  },
  'message passing': { shapes: [matrix], run: (x) => sparseProduct(entries, x as tf.Tensor2D) },
  'bounded message passing': {
    shapes: [matrix],
    run: (x) => sparseProduct(entries, x as tf.Tensor2D, upper(width)),
  },
  'edge attention': {
    shapes: [
      [nodes, 24],
      [3, 8],
      [3, 8],
    ],
    run: (z, target, source) =>
      edgeAttention(entries, z as tf.Tensor2D, { target: target as tf.Tensor2D, source: source as tf.Tensor2D }),
  },
  'edge attention of sums': {
    shapes: [
      [nodes, 33],
      [nodes, 33],
      [3, 11],
    ],
    run: (target, source, vector) =>
      edgeAttentionV2(entries, { target: target as tf.Tensor2D, source: source as tf.Tensor2D }, vector as tf.Tensor2D),
  },
  'largest of segments': { shapes: [matrix], run: (x) => segmentMax(entries, x as tf.Tensor2D) },
  'attention map': { shapes: [matrix], run: (x) => attentionMap(x as tf.Tensor2D, entries, offsets, 2) },
  'matrices of graphs': {
    shapes: [matrix, [nodes, 11]],
    run: (left, right) => graphGrams(left as tf.Tensor2D, right as tf.Tensor2D, terms),
  },
  'unit rows': { shapes: [matrix], run: (x) => unitRows(x as tf.Tensor2D, { norm: 1e-8, squared: 1e-24 }) },
  'sliced Wasserstein distance': {
    shapes: [[graphs, 19, width]],
    run: (stack) => {
      const constant = (...shape: number[]): tf.Tensor => {
        const { values } = randomValues(new Rng(9), ...shape);
        return tf.tensor([...values], shape);
      };
      const others = constant(graphs, 19, width) as tf.Tensor3D;
      return slicedWasserstein(stack as tf.Tensor3D, others, constant(width, 7) as tf.Tensor2D);
    },
  },
};

/** The same entries with positive values, as edges have them. */
function positive({ shape, rowOffsets, columnIndices, values }: SparseMatrix): SparseMatrix {
  return new SparseMatrix(shape, rowOffsets, columnIndices, values.map(Math.abs));
}

/** Trains a GIN for 50 steps. @returns the bytes of its weights */
export async function trainFiftySteps(): Promise<Buffer> {
  const molecules: Omit<Dataset, 'hash'> = makeMolecules('THREADS', { graphs: 40, seed: 1 });
  const { graphs, layout } = encodeDataset({ ...molecules, hash: '' }, 'labels');
  const model = GraphModel.random(
    {
      kind: 'gin',
      layers: 2,
      hidden: 16,
      inputs: layout.width,
      classes: 2,
      readout: 'sum',
      batchNorm: true,
      eps: [0, 0],
    },
    new Rng(5),
  );
  await trainClassifier(model, graphs, layout, { seed: 2, epochs: 25, batchSize: 20 });
  const weights = [...model.exportTensors().values()].map((values) => Buffer.from(values.buffer));
  model.dispose();
  return Buffer.concat(weights);
}
