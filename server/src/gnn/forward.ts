import * as tf from '@tensorflow/tfjs-core';
import type { Readout } from '../../../protocol/model';
import type { GraphBatch } from '../graph/batch';
import { foldingOf, type Folding, type NodeClasses } from '../graph/fold';
import { linearRelu } from '../tensor/linearRelu';
import type { SparseMatrix } from '../tensor/sparseMatrix';
import { sparseProduct } from '../tensor/sparseProduct';
import { trainingLinearRelu } from '../tensor/trainingLinearRelu';
import type { LayerOutput } from './layerOutput';
import { aggregatedFeatures, readoutMatrix, sumAggregation } from './messagePassing';
import type { GinParameters, LinearVariables } from './parameters';

/** Where activations can be looked at, in the order they are computed within a layer. */
export type Site = 'aggregated' | 'hidden' | 'output';

/** Upper bounds of a layer's activations per channel; no bound where absent. */
export type LayerBounds = { readonly [site in Site]?: Float32Array };

/** Bounds that hold activations to what clean graphs need. */
export interface Bounds {
  /** One entry a layer. */
  readonly layers: readonly LayerBounds[];
  /** Bounds of each node's contribution to the logits, centred over classes, `[classes]` each. */
  readonly contributions?: { readonly low: Float32Array; readonly high: Float32Array };
}

export interface ForwardOptions {
  /** Normalise by the statistics of the batch and update the running ones. Default false: statistics stay frozen. */
  readonly training?: boolean;
  /** Not together with `training`. */
  readonly bounds?: Bounds;
  /**
   * Called with the activations of every site and layer (counted from 0) as the next step sees them, within bounds:
   * one row a class of nodes, `[classes.count, width]`. The tensor is disposed afterwards, unless it is kept.
   */
  readonly record?: (site: Site, layer: number, activations: tf.Tensor2D, classes: NodeClasses) => void;
  /** Which nodes are computed together. Default: all that must come out equal (`foldingOf`). */
  readonly folding?: Folding;
}

export interface ForwardResult {
  /** `[graphs, classes]` */
  readonly logits: tf.Tensor2D;
  readonly layers: LayerOutput[];
}

/** As in PyTorch: running <- 0.9 running + 0.1 batch. */
const runningMomentum = 0.1;

/**
 * Runs a GIN (Xu et al. 2019) on a batch. The caller disposes what is returned.
 *
 * @throws RangeError when the batch's features are not as wide as the first layer
 */
export function forward(
  parameters: GinParameters,
  readout: Readout,
  batch: GraphBatch,
  options: ForwardOptions = {},
): ForwardResult {
  const { training = false, bounds, record, folding = foldingOf(batch) } = options;
  if (training && bounds !== undefined) throw new RangeError('bounds need frozen BatchNorm statistics');
  const { width } = batch.layout;
  const inputs = parameters.layers[0].first.weight.shape[0];
  if (width !== inputs) {
    throw new RangeError(`the model takes ${inputs} features a node, the graphs have ${width}`);
  }
  const classes = parameters.layers.map((_, index) => folding.level(index + 1));
  // Only tensors leave the tidy: it looks for them in all that is returned, and would go through every class.
  const { logits, outputs } = tf.tidy(() => {
    const outputs: tf.Tensor2D[] = [];
    parameters.layers.forEach(({ eps, first, second }, index) => {
      const limits = bounds?.layers[index] ?? {};
      const ofLayer = classes[index];
      const shared = { training, classes: ofLayer };
      const sums = (): tf.Tensor2D => {
        const aggregated =
          index === 0
            ? within(
                tf.tensor2d(aggregatedFeatures(batch, folding, 1 + eps), [ofLayer.count, width]),
                limits.aggregated,
              )
            : sparseProduct(sumAggregation(batch, folding, index + 1, 1 + eps), outputs[index - 1], limits.aggregated);
        record?.('aggregated', index, aggregated, ofLayer);
        return aggregated;
      };
      // The first layer's sums are constant; bounds and onlookers need those of all layers. Else weights come first.
      const needsSums = index === 0 || limits.aggregated !== undefined || record !== undefined;
      const hidden = needsSums
        ? block(sums(), first, { ...shared, upper: limits.hidden, inputGradient: index > 0 })
        : block(outputs[index - 1], first, {
            ...shared,
            upper: limits.hidden,
            propagation: sumAggregation(batch, folding, index + 1, 1 + eps),
          });
      record?.('hidden', index, hidden, ofLayer);
      const output = block(hidden, second, { ...shared, upper: limits.output });
      record?.('output', index, output, ofLayer);
      outputs.push(output);
    });
    const last = { rows: outputs[outputs.length - 1], classes: classes[classes.length - 1] };
    return { logits: readLogits(last, parameters.output, readout, batch, bounds?.contributions), outputs };
  });
  return { logits, layers: outputs.map((rows, index) => ({ rows, classes: classes[index] })) };
}

function within(x: tf.Tensor2D, upper?: Float32Array): tf.Tensor2D {
  return upper === undefined ? x : tf.minimum(x, tf.tensor1d(upper));
}

interface BlockOptions {
  readonly training: boolean;
  readonly upper?: Float32Array;
  readonly inputGradient?: boolean;
  readonly propagation?: SparseMatrix;
  /** What the rows of the output stand for. */
  readonly classes: NodeClasses;
}

function block(x: tf.Tensor2D, layer: LinearVariables, options: BlockOptions): tf.Tensor2D {
  const { training, upper, inputGradient, propagation, classes } = options;
  if (!training || layer.norm === undefined) return linearRelu(x, layer, { propagation, upper, inputGradient });
  const { multiplicity, classOf } = classes;
  const { output, batch } = trainingLinearRelu(x, layer, layer.norm, { propagation, multiplicity, inputGradient });
  const { mean, variance } = layer.norm.running;
  const unbiased = classOf.length / (classOf.length - 1);
  for (let j = 0; j < mean.length; j++) {
    mean[j] += runningMomentum * (batch.mean[j] - mean[j]);
    variance[j] += runningMomentum * (unbiased * batch.variance[j] - variance[j]);
  }
  return output;
}

function readLogits(
  { rows, classes }: LayerOutput,
  { weight, bias }: LinearVariables,
  readout: Readout,
  batch: GraphBatch,
  contributions: Bounds['contributions'],
): tf.Tensor2D {
  const read = (values: tf.Tensor2D): tf.Tensor2D => sparseProduct(readoutMatrix(batch, classes, readout), values);
  if (contributions === undefined) return tf.add(tf.matMul(read(rows), weight), bias);
  const centred = nodeContributions(rows, weight);
  const { low, high } = contributions;
  return tf.add(read(tf.maximum(tf.minimum(centred, tf.tensor1d(high)), tf.tensor1d(low))), bias);
}

/**
 * What each node adds to the logits, less its mean over classes (which no class gains by).
 *
 * @param nodes output of the last layer, `[nodes, hidden]`
 * @param weight of the output layer, `[hidden, classes]`
 * @returns `[nodes, classes]`
 */
export function nodeContributions(nodes: tf.Tensor2D, weight: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    const contributions = tf.matMul(nodes, weight);
    return tf.sub(contributions, tf.mean(contributions, 1, true));
  });
}
