import * as tf from '@tensorflow/tfjs-core';
import { hostLoop, valuesAreInReach } from './hostMemory';
import { sparseProductComposed } from './sparseProduct';
import type { SparseMatrix } from './sparseMatrix';
import { withGradient } from './withGradient';

/** Keeps the gradient of |x|^p and of the norm finite at zero; the values of the numeric fixtures. */
const tinyActivation = 1e-12;
const tinySquaredNorm = 1e-12;

/**
 * Attention of one layer over the nodes of each graph, of unit L2 norm per graph (Zagoruyko & Komodakis 2017, "Paying
 * more attention to attention"): a = M e with the energies e_r = sum_c (|F[r, c]| + 1e-12)^p, then a over its norm.
 *
 * One fused operation: it is evaluated at every step for every layer, and as separate tensor operations it would cost
 * more than the layers themselves.
 *
 * @param features F, outputs of a layer, `[rows, channels]`
 * @param weighting M, which rows a node's attention comes from, `[nodes, rows]`, constant
 * @param nodeOffsets start of each graph's nodes, `[graphs + 1]`
 * @param power p, at least 1
 * @returns `[nodes]`; the gradient flows to `features`
 */
export function attentionMap(
  features: tf.Tensor2D,
  weighting: SparseMatrix,
  nodeOffsets: Int32Array,
  power: number,
): tf.Tensor1D {
  if (!valuesAreInReach()) return attentionMapComposed(features, weighting, nodeOffsets, power);
  const channels = features.shape[1];
  const operation: AttentionOperation = { weighting, nodeOffsets, channels, power };
  return withGradient([features], () => {
    const shapes = [[weighting.shape[0]], [nodeOffsets.length - 1]];
    const [map, norms] = hostLoop([features], shapes, ([f], [a, n]) => attend(f, operation, a, n));
    return {
      value: map,
      saved: [features, map, norms],
      gradient: (dy, saved) =>
        hostLoop([dy, ...saved], [features.shape], ([da, f, a, n], [df]) => {
          attendGradient(da, f, a, n, operation, df);
        }),
    };
  });
}

/** The same operation composed of standard ones. */
export function attentionMapComposed(
  features: tf.Tensor2D,
  weighting: SparseMatrix,
  nodeOffsets: Int32Array,
  power: number,
): tf.Tensor1D {
  return tf.tidy(() => {
    const energies = tf.sum(tf.pow(tf.add(tf.abs(features), tinyActivation), power), 1, true);
    const map = tf.reshape(sparseProductComposed(weighting, energies as tf.Tensor2D), [weighting.shape[0]]);
    const graphs = nodeOffsets.length - 1;
    const graphOf = new Int32Array(map.shape[0]);
    for (let g = 0; g < graphs; g++) graphOf.fill(g, nodeOffsets[g], nodeOffsets[g + 1]);
    const indices = tf.tensor1d(graphOf, 'int32');
    const norms = tf.sqrt(tf.add(tf.unsortedSegmentSum(tf.square(map), indices, graphs), tinySquaredNorm));
    return tf.div(map, tf.gather(norms, indices));
  });
}

interface AttentionOperation {
  readonly weighting: SparseMatrix;
  readonly nodeOffsets: Int32Array;
  readonly channels: number;
  readonly power: number;
}

/**
 * The operation on plain arrays. Energies of a high power overflow float32, so they are kept in float64 until the
 * norm is taken off.
 *
 * @param map receives the attention, `[nodes]`
 * @param norms receives what each graph's was divided by, `[graphs]`
 */
function attend(
  features: Float32Array,
  { weighting, nodeOffsets, channels, power }: AttentionOperation,
  map: Float32Array,
  norms: Float32Array,
): void {
  const energies = rowEnergies(features, channels, power);
  const { rowOffsets, columnIndices, values } = weighting;
  const weighed = new Float64Array(map.length);
  for (let g = 0; g < norms.length; g++) {
    const [first, end] = [nodeOffsets[g], nodeOffsets[g + 1]];
    let squares = tinySquaredNorm;
    for (let v = first; v < end; v++) {
      let sum = 0;
      for (let k = rowOffsets[v]; k < rowOffsets[v + 1]; k++) sum += values[k] * energies[columnIndices[k]];
      weighed[v] = sum;
      squares += sum * sum;
    }
    const norm = Math.sqrt(squares);
    norms[g] = norm;
    for (let v = first; v < end; v++) map[v] = weighed[v] / norm;
  }
}

function rowEnergies(features: Float32Array, channels: number, power: number): Float64Array {
  const energies = new Float64Array(features.length / channels);
  for (let r = 0, i = 0; r < energies.length; r++) {
    let sum = 0;
    for (let c = 0; c < channels; c++, i++) {
      const x = Math.abs(features[i]) + tinyActivation;
      sum += power === 2 ? x * x : power === 1 ? x : x ** power;
    }
    energies[r] = sum;
  }
  return energies;
}

/**
 * The gradient of `attend` on plain arrays.
 *
 * @param upstream gradient of the map, `[nodes]`
 * @param result receives the gradient of the features, `[rows, channels]`
 */
function attendGradient(
  upstream: Float32Array,
  features: Float32Array,
  map: Float32Array,
  norms: Float32Array,
  { weighting, nodeOffsets, channels, power }: AttentionOperation,
  result: Float32Array,
): void {
  const { rowOffsets, columnIndices, values } = weighting;
  const toEnergies = new Float64Array(weighting.shape[1]);
  for (let g = 0; g < norms.length; g++) {
    const [first, end] = [nodeOffsets[g], nodeOffsets[g + 1]];
    let along = 0;
    for (let v = first; v < end; v++) along += upstream[v] * map[v];
    for (let v = first; v < end; v++) {
      const toWeighed = (upstream[v] - map[v] * along) / norms[g];
      for (let k = rowOffsets[v]; k < rowOffsets[v + 1]; k++) toEnergies[columnIndices[k]] += values[k] * toWeighed;
    }
  }
  for (let r = 0, i = 0; r < toEnergies.length; r++) {
    const scale = power * toEnergies[r];
    for (let c = 0; c < channels; c++, i++) {
      const x = Math.abs(features[i]) + tinyActivation;
      const slope = power === 2 ? x : power === 1 ? 1 : x ** (power - 1);
      result[i] = scale * slope * Math.sign(features[i]);
    }
  }
}
