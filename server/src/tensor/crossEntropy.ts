import * as tf from '@tensorflow/tfjs-core';
import { engineInUse, type GraphnadBackend } from './engine/graphnadBackend';
import { withGradient } from './withGradient';

export interface CrossEntropyOptions {
  /** Weight of each row, `[rows]`, constants. Default 1 / rows each, which makes the sum a mean. */
  readonly weights?: Float32Array | tf.Tensor1D;
  /**
   * Whether the targets' own entropy is taken off: what is left is the divergence KL(target || softmax(logits)).
   * Default false.
   */
  readonly divergence?: boolean;
}

/** Below this a probability of a target counts as zero information; keeps its logarithm finite. */
const tinyProbability = 1e-6;

/**
 * Weighted sum over rows of the cross-entropy -sum_c t_c log softmax(logits)_c, differentiable in the logits.
 *
 * @param logits `[rows, classes]`, at least two classes
 * @param targets t, constant: probabilities, `[rows, classes]`, or the class of each row, `[rows]`, whose probability
 *   is 1; a class that is none of the columns makes its row count nothing
 */
export function softmaxCrossEntropy(
  logits: tf.Tensor2D,
  targets: Int32Array | tf.Tensor2D,
  options: CrossEntropyOptions = {},
): tf.Scalar {
  const engine = engineInUse();
  if (engine === undefined) return softmaxCrossEntropyComposed(logits, targets, options);
  return withGradient<tf.Scalar>([logits], () => {
    const { value, slopes } = valueAndSlopes(engine, logits, targets, options);
    return { value, saved: [slopes], gradient: (dy, [slope]) => [tf.mul(slope, dy)] };
  });
}

/** The same operation composed of standard ones. */
export function softmaxCrossEntropyComposed(
  logits: tf.Tensor2D,
  targets: Int32Array | tf.Tensor2D,
  { weights, divergence = false }: CrossEntropyOptions = {},
): tf.Scalar {
  return tf.tidy(() => {
    const [rows, classes] = logits.shape;
    const t =
      targets instanceof tf.Tensor ? targets : tf.oneHot(tf.tensor1d(targets, 'int32'), classes, 1, 0, 'float32');
    let terms: tf.Tensor = tf.mul(t, tf.neg(tf.logSoftmax(logits)));
    if (divergence) terms = tf.add(terms, tf.mul(t, tf.log(tf.maximum(t, tinyProbability))));
    const losses = tf.sum(terms, 1);
    if (weights === undefined) return tf.div<tf.Scalar>(tf.sum(losses), rows);
    return tf.sum<tf.Scalar>(tf.mul(losses, weights instanceof tf.Tensor ? weights : tf.tensor1d(weights)));
  });
}

function valueAndSlopes(
  engine: GraphnadBackend,
  logits: tf.Tensor2D,
  targets: Int32Array | tf.Tensor2D,
  { weights, divergence = false }: CrossEntropyOptions,
): { value: tf.Scalar; slopes: tf.Tensor } {
  const [rows, classes] = logits.shape;
  const value = engine.output<tf.Scalar>([]);
  const slopes = engine.output([rows, classes]);
  engine.withWorkspace((workspace) => {
    const [probabilities, labels] =
      targets instanceof tf.Tensor ? [engine.address(targets), 0] : [0, workspace.copy(targets)];
    const factors = weights instanceof tf.Tensor ? engine.address(weights) : workspace.copy(weights);
    const values = workspace.doubles(rows);
    const settings = [weights === undefined ? 1 / rows : 1, divergence ? tinyProbability : 0];
    const places = [engine.address(logits), classes, probabilities, labels, factors];
    engine.launch('crossEntropyRows', rows, ...places, ...settings, values, slopes.address);
    engine.launch('totals', 1, values, rows, 1, value.address);
  });
  return { value: value.tensor, slopes: slopes.tensor };
}
