import * as tf from '@tensorflow/tfjs-core';
import { engineInUse, type GraphnadBackend } from './engine/graphnadBackend';
import { SparseMatrix } from './sparseMatrix';
import { sparseProduct } from './sparseProduct';
import { withGradient } from './withGradient';

/** Keeps the gradient of |x|^p and of the norm finite at zero; the values of the numeric fixtures, and of the kernels. */
const tinyActivation = 1e-12;
const tinySquaredNorm = 1e-12;
/** What float32 has room for beside it under the root. */
const smallestFloor = 1e-36;

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
  const engine = engineInUse();
  if (engine === undefined) return attentionMapComposed(features, weighting, nodeOffsets, power);
  const operation: AttentionOperation = { engine, weighting, nodeOffsets, power };
  return withGradient([features], () => {
    const [map, norms] = attend(operation, features);
    return {
      value: map,
      saved: [features, map, norms],
      gradient: (dy, saved) => [attendGradient(operation, dy, saved)],
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
  const [graphs, nodes] = [nodeOffsets.length - 1, weighting.shape[0]];
  const every = Int32Array.from({ length: nodes }, (_, v) => v);
  const membership = new SparseMatrix([graphs, nodes], nodeOffsets, every, new Float32Array(nodes).fill(1));
  return tf.tidy(() => {
    // |x| with a slope of zero at zero.
    const magnitudes = tf.add(tf.relu(features), tf.relu(tf.neg(features)));
    const energies = tf.sum<tf.Tensor2D>(tf.pow(tf.add(magnitudes, tinyActivation), power), 1, true);
    // High powers overflow in the square; the map does not depend on a common factor.
    const scale = withGradient<tf.Scalar>([], () => ({
      value: tf.maximum(tf.max(energies), 1),
      saved: [],
      gradient: () => [],
    }));
    const weighed = sparseProduct(weighting, tf.div(energies, scale));
    const floor = tf.maximum(tf.div(tf.div(tinySquaredNorm, scale), scale), smallestFloor);
    const norms = tf.sqrt<tf.Tensor2D>(tf.add(sparseProduct(membership, tf.square(weighed)), floor));
    return tf.reshape(tf.div(weighed, sparseProduct(membership.transposed, norms)), [nodes]);
  });
}

interface AttentionOperation {
  readonly engine: GraphnadBackend;
  readonly weighting: SparseMatrix;
  readonly nodeOffsets: Int32Array;
  readonly power: number;
}

/** The map, `[nodes]`, and what each graph's was divided by, `[graphs]`. */
function attend(
  { engine, weighting, nodeOffsets, power }: AttentionOperation,
  features: tf.Tensor2D,
): [map: tf.Tensor, norms: tf.Tensor] {
  const [rows, channels] = features.shape;
  const [graphs, nodes] = [nodeOffsets.length - 1, weighting.shape[0]];
  const [map, norms] = [engine.output([nodes]), engine.output([graphs])];
  engine.withWorkspace((workspace) => {
    const energies = workspace.doubles(rows);
    engine.launch('rowEnergies', rows, engine.address(features), channels, power, energies);
    const { rowOffsets, columnIndices, values } = weighting;
    const matrix = [rowOffsets, columnIndices, values].map((array) => workspace.copy(array));
    const places = [workspace.doubles(nodes), map.address, norms.address];
    engine.launch('attentionMap', graphs, workspace.copy(nodeOffsets), ...matrix, energies, ...places);
  });
  return [map.tensor, norms.tensor];
}

/** The gradient of the features, `[rows, channels]`. @param saved the features, the map and the norms */
function attendGradient(
  { engine, weighting, nodeOffsets, power }: AttentionOperation,
  dy: tf.Tensor,
  saved: readonly tf.Tensor[],
): tf.Tensor {
  const [rows, channels] = saved[0].shape;
  const { tensor, address } = engine.output([rows, channels]);
  engine.withWorkspace((workspace) => {
    const [upstream, features, map, norms] = [dy, ...saved].map((operand) => engine.address(operand));
    const toWeighed = workspace.doubles(weighting.shape[0]);
    const graphs = nodeOffsets.length - 1;
    engine.launch('attentionMapGradient', graphs, workspace.copy(nodeOffsets), upstream, map, norms, toWeighed);
    const { rowOffsets, columnIndices, values } = weighting.transposed;
    const matrix = [rowOffsets, columnIndices, values].map((array) => workspace.copy(array));
    engine.launch('rowEnergiesGradient', rows, ...matrix, toWeighed, features, channels, power, address);
  });
  return tensor;
}
