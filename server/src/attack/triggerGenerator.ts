import * as tf from '@tensorflow/tfjs-core';
import type { Rng } from '../graph/rng';
import { linearRelu } from '../tensor/linearRelu';
import { valuesOf } from '../tensor/valuesOf';
import { withGradient } from '../tensor/withGradient';

/** What a generator makes and of what. */
export interface GeneratorShape {
  /** Trigger nodes k of each graph. */
  readonly nodes: number;
  /** Numbers that describe a host node. */
  readonly inputs: number;
  /** Labels to choose from; 0 where labels are kept. */
  readonly labelColumns: number;
}

/** Triggers of B graphs, all zeros and ones. */
export interface GeneratedTriggers {
  /** Edges between trigger nodes, symmetric, `[B, k, k]`. */
  readonly adjacency: tf.Tensor3D;
  /** One-hot labels, `[B * k, labelColumns]`; absent where labels are kept. */
  readonly labels?: tf.Tensor2D;
}

const hidden = 48;
/** Columns of the embeddings whose products make edges. */
const embedding = 16;
/** Trigger nodes are told apart by a learnt offset, at first of this deviation, beside what is under them. */
const offsetDeviation = 0.3;
/** Edges are a little more likely than not at first. */
const edgeBias = 0.5;

/**
 * The adaptive trigger generator of GTA (Xi et al. 2021, section 3.2): from what lies around the host nodes, one network
 * makes node embeddings, whose products say which edges there are, another the nodes' labels. Edges and labels are
 * rounded; gradients pass as if they were not (straight-through, Bengio et al. 2013).
 */
export class TriggerGenerator {
  private constructor(
    readonly shape: GeneratorShape,
    /** Trainable. */
    readonly variables: readonly tf.Variable[],
  ) {}

  static random(shape: GeneratorShape, rng: Rng): TriggerGenerator {
    const uniform = (rows: number, columns: number): tf.Tensor => {
      const limit = 1 / Math.sqrt(rows);
      return tf.tensor2d(
        Float32Array.from({ length: rows * columns }, () => rng.between(-limit, limit)),
        [rows, columns],
      );
    };
    const network = (outputs: number): tf.Tensor[] =>
      [[shape.inputs, hidden] as const, [hidden, hidden] as const, [hidden, outputs] as const].flatMap(([from, to]) => [
        uniform(from, to),
        tf.zeros([to]),
      ]);
    return new TriggerGenerator(
      shape,
      variablesOf(() => [
        tf.tensor2d(
          Float32Array.from({ length: shape.nodes * shape.inputs }, () => offsetDeviation * rng.normal()),
          [shape.nodes, shape.inputs],
        ),
        tf.scalar(edgeBias),
        ...network(embedding),
        ...(shape.labelColumns > 0 ? network(shape.labelColumns) : []),
      ]),
    );
  }

  /**
   * Keeps the generator as plain values.
   *
   * @returns makes it again; the caller disposes it
   */
  keep(): () => TriggerGenerator {
    const kept = this.variables.map((variable) => ({ shape: variable.shape, values: variable.dataSync().slice() }));
    return () =>
      new TriggerGenerator(
        this.shape,
        variablesOf(() => kept.map(({ shape, values }) => tf.tensor(values, shape))),
      );
  }

  /**
   * Triggers for host nodes.
   *
   * @param context describes the host nodes, those of a graph one after the other, `[B * k, inputs]`
   */
  generate(context: tf.Tensor2D): GeneratedTriggers {
    const { nodes, inputs, labelColumns } = this.shape;
    const [offsets, bias, ...networks]: readonly tf.Tensor[] = this.variables;
    const graphs = context.shape[0] / nodes;
    const placed = tf.add(tf.reshape(context, [graphs, nodes, inputs]), offsets);
    const x: tf.Tensor2D = tf.reshape(placed, [graphs * nodes, inputs]);
    const z: tf.Tensor3D = tf.reshape(run(networks.slice(0, 6), x), [graphs, nodes, embedding]);
    const scores: tf.Tensor3D = tf.add(tf.div(tf.matMul(z, z, false, true), Math.sqrt(embedding)), bias);
    const edges = rounded(tf.sigmoid(scores), (values) => values.map((value) => (value > 0.5 ? 1 : 0)));
    const adjacency: tf.Tensor3D = tf.mul(edges, withoutLoops(nodes));
    if (labelColumns === 0) return { adjacency };
    const labels = tf.softmax(run(networks.slice(6), x));
    return { adjacency, labels: rounded(labels, (values) => largestOfRows(values, labelColumns)) };
  }

  dispose(): void {
    for (const variable of this.variables) variable.dispose();
  }
}

function variablesOf(make: () => tf.Tensor[]): tf.Variable[] {
  return tf.tidy(() => make().map((tensor) => tf.variable(tensor)));
}

/** Two layers with ReLU and one without. */
function run(parameters: readonly tf.Tensor[], x: tf.Tensor2D): tf.Tensor2D {
  const [w1, b1, w2, b2, w3, b3] = parameters as [
    ...[tf.Tensor2D, tf.Tensor1D, tf.Tensor2D, tf.Tensor1D, tf.Tensor2D, tf.Tensor1D],
  ];
  const second = linearRelu(linearRelu(x, { weight: w1, bias: b1 }, { inputGradient: true }), { weight: w2, bias: b2 });
  return tf.add(tf.matMul(second, w3), b3);
}

/** Other values, with the gradient of the given ones. */
function rounded<T extends tf.Tensor>(soft: T, round: (values: Float32Array) => Float32Array): T {
  return withGradient<T>([soft], () => ({
    value: tf.tensor(round(valuesOf(soft)), soft.shape),
    saved: [],
    gradient: (dy) => [tf.clone(dy)],
  }));
}

function largestOfRows(values: Float32Array, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += columns) {
    let best = start;
    for (let i = start; i < start + columns; i++) if (values[i] > values[best]) best = i;
    result[best] = 1;
  }
  return result;
}

/** One minus the unit matrix, `[nodes, nodes]`. */
function withoutLoops(nodes: number): tf.Tensor2D {
  return tf.sub(1, tf.eye(nodes));
}
