import * as tf from '@tensorflow/tfjs-core';
import type { Readout } from '../../../protocol/model';
import type { GraphBatch } from '../graph/batch';
import { aggregate, propagate } from '../tensor/aggregate';
import { trainingLinearRelu } from '../tensor/batchNormRelu';
import { linearRelu } from '../tensor/linearRelu';
import { matMul } from '../tensor/matMul';
import { segmentSizes, segmentSum } from '../tensor/segment';
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
   * Called with the activations of every site and layer (counted from 0) as the next step sees them, within bounds.
   * The tensor is disposed afterwards, unless it is kept.
   */
  readonly record?: (site: Site, layer: number, activations: tf.Tensor2D) => void;
}

export interface ForwardResult {
  /** `[graphs, classes]` */
  readonly logits: tf.Tensor2D;
  /** Output of each layer, `[nodes, hidden]`. */
  readonly layers: tf.Tensor2D[];
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
  const { training = false, bounds, record } = options;
  if (training && bounds !== undefined) throw new RangeError('bounds need frozen BatchNorm statistics');
  const inputs = parameters.layers[0].first.weight.shape[0];
  if (batch.layout.width !== inputs) {
    throw new RangeError(`the model takes ${inputs} features a node, the graphs have ${batch.layout.width}`);
  }
  return tf.tidy(() => {
    const layers: tf.Tensor2D[] = [];
    parameters.layers.forEach(({ eps, first, second }, index) => {
      const limits = bounds?.layers[index] ?? {};
      const isFirst = index === 0;
      const aggregated = isFirst
        ? aggregatedFeatures(batch, 1 + eps, limits.aggregated)
        : aggregate(layers[index - 1], batch, 1 + eps, limits.aggregated);
      record?.('aggregated', index, aggregated);
      const hidden = block(aggregated, first, { training, upper: limits.hidden, inputGradient: !isFirst });
      record?.('hidden', index, hidden);
      const output = block(hidden, second, { training, upper: limits.output });
      record?.('output', index, output);
      layers.push(output);
    });
    const logits = readLogits(layers[layers.length - 1], parameters.output, readout, batch, bounds?.contributions);
    return { logits, layers };
  });
}

interface BlockOptions {
  readonly training: boolean;
  readonly upper?: Float32Array;
  readonly inputGradient?: boolean;
}

function block(x: tf.Tensor2D, layer: LinearVariables, options: BlockOptions): tf.Tensor2D {
  const { training, upper, inputGradient } = options;
  if (!training || layer.norm === undefined) return linearRelu(x, layer, { upper, inputGradient });
  const { output, batch } = trainingLinearRelu(x, layer, layer.norm, { inputGradient });
  const { mean, variance } = layer.norm.running;
  const unbiased = x.shape[0] / (x.shape[0] - 1);
  for (let j = 0; j < mean.length; j++) {
    mean[j] += runningMomentum * (batch.mean[j] - mean[j]);
    variance[j] += runningMomentum * (unbiased * batch.variance[j] - variance[j]);
  }
  return output;
}

function readLogits(
  nodes: tf.Tensor2D,
  { weight, bias }: LinearVariables,
  readout: Readout,
  { nodeOffsets }: GraphBatch,
  contributions: Bounds['contributions'],
): tf.Tensor2D {
  const read = (values: tf.Tensor2D): tf.Tensor2D => {
    const sum = segmentSum(values, nodeOffsets);
    return readout === 'sum' ? sum : tf.div(sum, segmentSizes(nodeOffsets));
  };
  if (contributions === undefined) return tf.add(matMul(read(nodes), weight), bias);
  const centred = nodeContributions(nodes, weight);
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
    const contributions = matMul(nodes, weight);
    return tf.sub(contributions, tf.mean(contributions, 1, true));
  });
}

/** Aggregated input features by batch and weight of the own row: constant, so computed once a batch and kept as long as it. */
const aggregatedByBatch = new WeakMap<GraphBatch, Map<number, Float32Array>>();

function aggregatedFeatures(batch: GraphBatch, selfWeight: number, upper?: Float32Array): tf.Tensor2D {
  const shape: [number, number] = [batch.nodeCount, batch.layout.width];
  const known = aggregatedByBatch.get(batch) ?? new Map<number, Float32Array>();
  aggregatedByBatch.set(batch, known);
  let values = known.get(selfWeight);
  if (values === undefined) {
    values = new Float32Array(batch.features.length);
    propagate(batch.features, batch.layout.width, batch, { selfWeight }, values);
    known.set(selfWeight, values);
  }
  const aggregated = tf.tensor2d(values, shape);
  return upper === undefined ? aggregated : tf.minimum(aggregated, tf.tensor1d(upper));
}
