import * as tf from '@tensorflow/tfjs-core';

/** How a node's attention depends on its degree d; see `attentionMap`. */
export type AttentionWeighting = 'propagate' | 'none' | 'rsqrt' | 'inverse' | 'log' | 'max';

/** The parts of a block-diagonal batch of graphs that attention needs: compressed rows of a symmetric adjacency. */
export interface AttentionGraphs {
  /** Start of each graph's nodes, `[graphs + 1]`. */
  readonly nodeOffsets: Int32Array;
  /** Compressed rows of the adjacency, `[nodes + 1]`. */
  readonly rowOffsets: Int32Array;
  /** Neighbours by row. */
  readonly columns: Int32Array;
  /** Degrees, `[nodes]`. */
  readonly degrees: Float32Array;
}

/** Keeps the gradient of |x|^p and of the norm finite at zero; the values of the numeric fixtures. */
const tinyActivation = 1e-12;
const tinySquaredNorm = 1e-12;

/**
 * Attention of one layer over the nodes of each graph, of unit L2 norm per graph (Zagoruyko & Komodakis 2017, "Paying
 * more attention to attention", with the degree weightings of GraphNAD, arXiv 2501.05835):
 * a_v = sum_c (|F[v, c]| + 1e-12)^p, then `propagate` a <- (D+I)^-1/2 (A+I) (D+I)^-1/2 a, `none`, `rsqrt` a / sqrt(d+1),
 * `inverse` a / (d+1), `log` a log(1+d), `max` a d / (largest d of the graph).
 *
 * One fused operation: it is evaluated at every step for every layer, and as separate tensor operations it would cost
 * more than the layers themselves.
 *
 * @param features outputs of a layer, `[nodes, channels]`
 * @param power p, at least 1
 * @returns `[nodes]`; the gradient flows to `features`
 */
export function attentionMap(
  features: tf.Tensor2D,
  graphs: AttentionGraphs,
  power: number,
  weighting: AttentionWeighting,
): tf.Tensor1D {
  const [nodes, channels] = features.shape;
  const operation = tf.customGrad((input) => {
    const values = (input as tf.Tensor2D).dataSync<'float32'>();
    const map = weigh(energies(values, nodes, channels, power), graphs, weighting);
    const norms = normalise(map, graphs.nodeOffsets);
    const gradFunc = (upstream: tf.Tensor): tf.Tensor => {
      const toMap = normaliseGradient(upstream.dataSync<'float32'>(), map, norms, graphs.nodeOffsets);
      // Every weighting is a symmetric matrix, so it is its own adjoint.
      const toEnergy = weigh(toMap, graphs, weighting);
      return tf.tensor2d(energiesGradient(toEnergy, values, nodes, channels, power), [nodes, channels]);
    };
    return { value: tf.tensor1d(Float32Array.from(map)), gradFunc };
  });
  return operation(features);
}

function energies(values: Float32Array, nodes: number, channels: number, power: number): Float64Array {
  const result = new Float64Array(nodes);
  for (let v = 0, i = 0; v < nodes; v++) {
    let sum = 0;
    for (let c = 0; c < channels; c++, i++) {
      const x = Math.abs(values[i]) + tinyActivation;
      sum += power === 2 ? x * x : power === 1 ? x : x ** power;
    }
    result[v] = sum;
  }
  return result;
}

function energiesGradient(
  upstream: Float64Array,
  values: Float32Array,
  nodes: number,
  channels: number,
  power: number,
): Float32Array {
  const result = new Float32Array(nodes * channels);
  for (let v = 0, i = 0; v < nodes; v++) {
    const scale = power * upstream[v];
    for (let c = 0; c < channels; c++, i++) {
      const x = Math.abs(values[i]) + tinyActivation;
      const slope = power === 2 ? x : power === 1 ? 1 : x ** (power - 1);
      result[i] = scale * slope * Math.sign(values[i]);
    }
  }
  return result;
}

function weigh(map: Float64Array, graphs: AttentionGraphs, weighting: AttentionWeighting): Float64Array {
  const { degrees } = graphs;
  switch (weighting) {
    case 'none':
      return map;
    case 'propagate':
      return propagate(map, graphs);
    case 'rsqrt':
      return map.map((value, v) => value / Math.sqrt(degrees[v] + 1));
    case 'inverse':
      return map.map((value, v) => value / (degrees[v] + 1));
    case 'log':
      return map.map((value, v) => value * Math.log1p(degrees[v]));
    case 'max':
      return byLargestDegree(map, graphs);
  }
}

function propagate(map: Float64Array, graphs: AttentionGraphs): Float64Array {
  const { rowOffsets, columns, degrees } = graphs;
  const scaled = map.map((value, v) => value / Math.sqrt(degrees[v] + 1));
  const result = new Float64Array(map.length);
  for (let v = 0; v < map.length; v++) {
    let sum = scaled[v];
    for (let e = rowOffsets[v]; e < rowOffsets[v + 1]; e++) sum += scaled[columns[e]];
    result[v] = sum / Math.sqrt(degrees[v] + 1);
  }
  return result;
}

function byLargestDegree(map: Float64Array, graphs: AttentionGraphs): Float64Array {
  const { nodeOffsets, degrees } = graphs;
  const result = new Float64Array(map.length);
  for (let g = 0; g + 1 < nodeOffsets.length; g++) {
    let largest = 1;
    for (let v = nodeOffsets[g]; v < nodeOffsets[g + 1]; v++) largest = Math.max(largest, degrees[v]);
    for (let v = nodeOffsets[g]; v < nodeOffsets[g + 1]; v++) result[v] = (map[v] * degrees[v]) / largest;
  }
  return result;
}

/** Divides `map` by each graph's norm in place; returns the norms `[graphs]`. */
function normalise(map: Float64Array, nodeOffsets: Int32Array): Float64Array {
  const norms = new Float64Array(nodeOffsets.length - 1);
  for (let g = 0; g < norms.length; g++) {
    let squares = tinySquaredNorm;
    for (let v = nodeOffsets[g]; v < nodeOffsets[g + 1]; v++) squares += map[v] * map[v];
    norms[g] = Math.sqrt(squares);
    for (let v = nodeOffsets[g]; v < nodeOffsets[g + 1]; v++) map[v] /= norms[g];
  }
  return norms;
}

function normaliseGradient(
  upstream: Float32Array,
  map: Float64Array,
  norms: Float64Array,
  nodeOffsets: Int32Array,
): Float64Array {
  const result = new Float64Array(map.length);
  for (let g = 0; g < norms.length; g++) {
    let along = 0;
    for (let v = nodeOffsets[g]; v < nodeOffsets[g + 1]; v++) along += upstream[v] * map[v];
    for (let v = nodeOffsets[g]; v < nodeOffsets[g + 1]; v++) result[v] = (upstream[v] - map[v] * along) / norms[g];
  }
  return result;
}
