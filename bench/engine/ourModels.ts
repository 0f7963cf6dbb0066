import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy } from '../../server/src/defense/losses';
import { GraphModel } from '../../server/src/gnn/graphModel';
import { readoutMatrix } from '../../server/src/gnn/messagePassing';
import { recogniseArchitecture } from '../../server/src/gnn/recognise';
import { collate, type GraphBatch } from '../../server/src/graph/batch';
import { foldingOf, unfolded, type Folding, type NodeClasses } from '../../server/src/graph/fold';
import type { Graph } from '../../server/src/graph/graph';
import { batchNormRelu } from '../../server/src/tensor/batchNormRelu';
import { edgeAttention } from '../../server/src/tensor/edgeAttention';
import type { SparseMatrix } from '../../server/src/tensor/sparseMatrix';
import { multiplyRows, sparseProduct } from '../../server/src/tensor/sparseProduct';
import { SparseRows } from '../../server/src/tensor/sparseRows';
import { trainingLinearRelu } from '../../server/src/tensor/trainingLinearRelu';
import type { InitialTensor } from './initialWeights';
import { attentionHeads, type ModelShape } from './workload';

/** Collated graphs with what depends on them alone. */
export interface PreparedBatch {
  readonly batch: GraphBatch;
}

/** A model in training mode. */
export interface OurModel<Prepared extends PreparedBatch = PreparedBatch> {
  readonly variables: tf.Variable[];
  readonly prepare: (graphs: readonly Graph[]) => Prepared;
  /** `[graphs, classes]`, with BatchNorm by the statistics of the batch. */
  readonly logits: (prepared: Prepared) => tf.Tensor2D;
  /** Mean cross-entropy of classes. */
  readonly loss: (logits: tf.Tensor2D, classLabels: Int32Array) => tf.Scalar;
}

type Weights = ReadonlyMap<string, InitialTensor>;

interface GinBatch extends PreparedBatch {
  readonly folding: Folding;
}

/**
 * The product's own model.
 *
 * @param fold whether nodes that must come out equal are computed once, as in the product
 */
export function ourGin(shape: ModelShape, weights: Weights, fold: boolean): OurModel<GinBatch> {
  const tensors = new Map(
    [...weights].map(([name, tensor]) => [
      name,
      { name, dtype: 'float32' as const, shape: tensor.shape, values: () => Float64Array.from(tensor.values) },
    ]),
  );
  const model = GraphModel.fromCheckpoint(tensors, recogniseArchitecture(tensors, { readout: 'sum' }));
  return {
    variables: model.trainable(),
    loss: crossEntropy,
    prepare: (graphs) => {
      const batch = collateLabels(graphs, shape.inputs);
      return { batch, folding: fold ? foldingOf(batch) : unfolded(batch) };
    },
    logits: ({ batch, folding }) => model.forward(batch, { training: true, folding }).logits,
  };
}

interface GcnBatch extends PreparedBatch {
  /** Classes of nodes that must come out of each layer equal; a node's degree is part of its class. */
  readonly classes: readonly NodeClasses[];
  /** (D + I)^-1/2 (A + I) (D + I)^-1/2 of each layer, on classes. */
  readonly propagations: readonly SparseMatrix[];
  /** Product of the first with the features. */
  readonly first: Float32Array;
  readonly readout: SparseMatrix;
}

/** GCN (Kipf & Welling 2017) with BatchNorm and ReLU, of the product's operations. */
export function ourGcn({ inputs, layers }: ModelShape, weights: Weights): OurModel<GcnBatch> {
  const variables = new WeightVariables(weights);
  const convs = Array.from({ length: layers }, (_, i) => ({
    linear: { weight: variables.transposed(`convs.${i}.lin.weight`), bias: variables.vector(`convs.${i}.bias`) },
    norm: { gamma: variables.vector(`norms.${i}.weight`), beta: variables.vector(`norms.${i}.bias`) },
  }));
  const output = { weight: variables.transposed('lin.weight'), bias: variables.vector('lin.bias') };
  return {
    variables: variables.all,
    loss: crossEntropy,
    prepare: (graphs) => {
      const batch = collateLabels(graphs, inputs);
      const folding = foldingOf(batch, { byDegree: true });
      const classes = convs.map((_, i) => folding.level(i + 1));
      const propagations = convs.map((_, i) => normalisedAggregation(batch, folding, i + 1));
      const { representatives } = folding.level(0);
      const features = new Float32Array(representatives.length * inputs);
      representatives.forEach((v, c) =>
        features.set(batch.features.subarray(v * inputs, (v + 1) * inputs), c * inputs),
      );
      const first = new Float32Array(classes[0].count * inputs);
      multiplyRows(propagations[0], features, inputs, first);
      return { batch, classes, propagations, first, readout: readoutMatrix(batch, classes[layers - 1], 'sum') };
    },
    logits: ({ classes, propagations, first, readout }) => {
      let h = tf.tensor2d(first, [classes[0].count, inputs]);
      convs.forEach(({ linear, norm }, i) => {
        const { multiplicity } = classes[i];
        const messages = i === 0 ? { inputGradient: false } : { propagation: propagations[i] };
        h = trainingLinearRelu(h, linear, norm, { ...messages, multiplicity }).output;
      });
      return tf.add(tf.matMul(sparseProduct(readout, h), output.weight), output.bias);
    },
  };
}

interface GatBatch extends PreparedBatch {
  /** A + I */
  readonly edges: SparseMatrix;
  readonly readout: SparseMatrix;
}

/** GAT (Velickovic et al. 2018) with BatchNorm and ReLU, of the product's operations. */
export function ourGat({ inputs, layers }: ModelShape, weights: Weights): OurModel<GatBatch> {
  const variables = new WeightVariables(weights);
  const convs = Array.from({ length: layers }, (_, i) => ({
    weight: variables.transposed(`convs.${i}.lin.weight`),
    vectors: {
      source: variables.matrix(`convs.${i}.att_src`, attentionHeads),
      target: variables.matrix(`convs.${i}.att_dst`, attentionHeads),
    },
    bias: variables.vector(`convs.${i}.bias`),
    norm: { gamma: variables.vector(`norms.${i}.weight`), beta: variables.vector(`norms.${i}.bias`) },
  }));
  const output = { weight: variables.transposed('lin.weight'), bias: variables.vector('lin.bias') };
  return {
    variables: variables.all,
    loss: crossEntropy,
    prepare: (graphs) => {
      const batch = collateLabels(graphs, inputs);
      return { batch, edges: withLoops(batch), readout: sumReadout(batch) };
    },
    logits: ({ batch, edges, readout }) => {
      let h = tf.tensor2d(batch.features, [batch.nodeCount, inputs]);
      for (const { weight, vectors, bias, norm } of convs) {
        h = batchNormRelu(edgeAttention(edges, tf.matMul(h, weight), vectors), norm, { bias }).output;
      }
      return tf.add(tf.matMul(sparseProduct(readout, h), output.weight), output.bias);
    },
  };
}

function collateLabels(graphs: readonly Graph[], labelColumns: number): GraphBatch {
  return collate(graphs, { kind: 'labels', width: labelColumns, attributeWidth: 0, labelColumns });
}

/** Aggregation of GCN, `[classes at level layer, classes at level layer - 1]`, the layers counted from 1. */
function normalisedAggregation(
  { rowOffsets, columns, degrees }: GraphBatch,
  folding: Folding,
  layer: number,
): SparseMatrix {
  const { representatives } = folding.level(layer);
  const { classOf, count } = folding.level(layer - 1);
  const rows = new SparseRows([representatives.length, count], representatives.length + columns.length);
  for (const v of representatives) {
    rows.add(classOf[v], 1 / (degrees[v] + 1));
    for (let k = rowOffsets[v]; k < rowOffsets[v + 1]; k++) {
      const u = columns[k];
      rows.add(classOf[u], 1 / Math.sqrt((degrees[v] + 1) * (degrees[u] + 1)));
    }
    rows.endRow();
  }
  return rows.build();
}

/** The adjacency and the diagonal. */
function withLoops({ nodeCount, rowOffsets, columns }: GraphBatch): SparseMatrix {
  const rows = new SparseRows([nodeCount, nodeCount], columns.length + nodeCount);
  for (let v = 0; v < nodeCount; v++) {
    rows.add(v, 1);
    for (let k = rowOffsets[v]; k < rowOffsets[v + 1]; k++) rows.add(columns[k], 1);
    rows.endRow();
  }
  return rows.build();
}

function sumReadout(batch: GraphBatch): SparseMatrix {
  return readoutMatrix(batch, unfolded(batch).level(0), 'sum');
}

/** Variables made of initial weights, in the order in which they are asked for. */
export class WeightVariables {
  readonly all: tf.Variable[] = [];

  constructor(private readonly weights: Weights) {}

  vector(name: string): tf.Variable<tf.Rank.R1> {
    return this.keep(tf.tensor1d(this.find(name).values));
  }

  /** `[inputs, outputs]` of PyTorch's `[outputs, inputs]`. */
  transposed(name: string): tf.Variable<tf.Rank.R2> {
    const { values, shape } = this.find(name);
    return this.keep(tf.tidy(() => tf.transpose(tf.tensor2d(values, [shape[0], shape[1]]))));
  }

  /** A matrix of so many rows, with the elements in their order. */
  matrix(name: string, rows: number): tf.Variable<tf.Rank.R2> {
    const { values } = this.find(name);
    return this.keep(tf.tensor2d(values, [rows, values.length / rows]));
  }

  private keep<R extends tf.Rank>(initial: tf.Tensor<R>): tf.Variable<R> {
    const variable = tf.variable(initial);
    this.all.push(variable);
    return variable;
  }

  private find(name: string): InitialTensor {
    const tensor = this.weights.get(name);
    if (tensor === undefined) throw new Error(`no initial weights are named ${name}`);
    return tensor;
  }
}
