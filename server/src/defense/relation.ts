import * as tf from '@tensorflow/tfjs-core';
import type { LayerOutput } from '../gnn/layerOutput';
import { readoutMatrix } from '../gnn/messagePassing';
import type { GraphBatch } from '../graph/batch';
import type { NodeClasses } from '../graph/fold';
import type { Rng } from '../graph/rng';
import { graphGrams, type GramTerms } from '../tensor/graphGrams';
import { slicedWasserstein } from '../tensor/slicedWasserstein';
import { unitRows } from '../tensor/unitRows';

/** Keeps the quotient finite where a layer is silent on a whole graph; the value of the numeric fixtures. */
const tinyNorm = 1e-8;
/** Keeps the slope of the norm finite there, too: without it the gradient is 0 / 0. */
const tinySquaredNorm = 1e-24;

/**
 * Relation matrices of each pair of layers i < j: G_ij = F_i^T F_j / n_g over its Frobenius norm.
 *
 * @param chosen graphs of the batch to compute them for
 * @returns one `[chosen.length, channels_i, channels_j]` a pair, in the order (0,1), (0,2), ..., (1,2), ...
 */
export function relationMatrices(layers: readonly LayerOutput[], batch: GraphBatch, chosen: Int32Array): tf.Tensor3D[] {
  const matrices: tf.Tensor3D[] = [];
  for (let i = 0; i < layers.length; i++) {
    for (let j = i + 1; j < layers.length; j++) {
      const terms = gramTerms(layers[i].classes, layers[j].classes, batch, chosen);
      matrices.push(tf.tidy(() => normalised(graphGrams(layers[i].rows, layers[j].rows, terms))));
    }
  }
  return matrices;
}

/** F_i^T F_j / n_g over classes of nodes: as many terms a graph as it has classes at the later layer, which are finer. */
export function gramTerms(left: NodeClasses, right: NodeClasses, batch: GraphBatch, chosen: Int32Array): GramTerms {
  const { rowOffsets, columnIndices, values } = readoutMatrix(batch, right, 'mean');
  const offsets = new Int32Array(chosen.length + 1);
  chosen.forEach((g, i) => (offsets[i + 1] = offsets[i] + rowOffsets[g + 1] - rowOffsets[g]));
  const rightRows = new Int32Array(offsets[chosen.length]);
  const weights = new Float32Array(offsets[chosen.length]);
  chosen.forEach((g, i) => {
    rightRows.set(columnIndices.subarray(rowOffsets[g], rowOffsets[g + 1]), offsets[i]);
    weights.set(values.subarray(rowOffsets[g], rowOffsets[g + 1]), offsets[i]);
  });
  const leftRows = rightRows.map((c) => left.classOf[right.representatives[c]]);
  return { offsets, leftRows, rightRows, weights };
}

function normalised(grams: tf.Tensor3D): tf.Tensor3D {
  const [count, rows, columns] = grams.shape;
  const flat: tf.Tensor2D = tf.reshape(grams, [count, rows * columns]);
  return tf.reshape(unitRows(flat, { norm: tinyNorm, squared: tinySquaredNorm }), grams.shape);
}

/**
 * L_RC: squared sliced Wasserstein-2 distance (Bonneel et al. 2015) between the rows of two models' relation matrices,
 * times the number of rows, mean over pairs of layers and graphs.
 *
 * @param student matrices that the gradient flows to
 * @param teacher matrices of the same pairs, constants
 * @param projections unit columns for rows of a width, `[width, directions]`; see `Projections`
 * @returns 0 for a model of one layer, which has no pairs
 */
export function relationLoss(
  student: readonly tf.Tensor3D[],
  teacher: readonly tf.Tensor3D[],
  projections: (width: number) => tf.Tensor2D,
): tf.Scalar {
  if (student.length === 0) return tf.scalar(0);
  return tf.tidy(() => {
    const distances = student.map((matrices, pair) =>
      slicedWasserstein(matrices, teacher[pair], projections(matrices.shape[2])),
    );
    return tf.div(tf.addN(distances), student.length);
  });
}

/** Random directions, drawn once for each width of rows; the widths of most models are all the same. */
export class Projections {
  private readonly drawn = new Map<number, tf.Tensor2D>();

  constructor(
    private readonly directions: number,
    private readonly rng: Rng,
  ) {}

  /** The directions for rows of a width, `[width, directions]`; whoever takes them within a tidy need not dispose them. */
  of(width: number): tf.Tensor2D {
    let own = this.drawn.get(width);
    if (own === undefined) this.drawn.set(width, (own = randomProjections(width, this.directions, this.rng)));
    return own;
  }
}

/** Directions drawn uniformly from the unit sphere, as columns `[width, directions]`. */
export function randomProjections(width: number, directions: number, rng: Rng): tf.Tensor2D {
  const values = new Float32Array(width * directions);
  for (let k = 0; k < directions; k++) {
    let squares = 0;
    for (let c = 0; c < width; c++) {
      const x = rng.normal();
      values[c * directions + k] = x;
      squares += x * x;
    }
    const norm = Math.sqrt(squares);
    for (let c = 0; c < width; c++) values[c * directions + k] /= norm;
  }
  return tf.tensor2d(values, [width, directions]);
}
