import * as tf from '@tensorflow/tfjs-core';
import type { Readout } from '../../../protocol/model';
import type { GraphBatch } from '../graph/batch';
import { foldingOf, type Folding, type NodeClasses } from '../graph/fold';
import { linear } from '../tensor/linear';
import { segmentMax } from '../tensor/segmentMax';
import { sparseProduct } from '../tensor/sparseProduct';
import type { LayerKind } from './kinds/layerKind';
import type { LayerOutput } from './layerOutput';
import { LayerRun } from './layerRun';
import { readoutMatrix } from './messagePassing';
import type { LinearVariables } from './parameters';
import type { Bounds, Site } from './sites';

export type { Bounds, LayerBounds, Site } from './sites';

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

/** A model as far as running it needs to know it. */
export interface RunnableLayers {
  readonly kind: LayerKind;
  /** The parameters of each layer. */
  readonly layers: readonly object[];
  readonly output: LinearVariables;
  readonly inputs: number;
  readonly readout: Readout;
}

/**
 * Runs a model on a batch. The caller disposes what is returned.
 *
 * @throws RangeError when the batch's features are not as wide as the first layer, or for bounds of contributions with
 *   readout max, which nodes do not contribute to one by one
 */
export function forward(model: RunnableLayers, batch: GraphBatch, options: ForwardOptions = {}): ForwardResult {
  const { kind, layers } = model;
  const { training = false, bounds, record, folding = foldingOf(batch, { byDegree: kind.byDegree }) } = options;
  requireFitting(model, batch, options);
  const classes = layers.map((_, index) => folding.level(index + 1));
  // Only tensors leave the tidy: it looks for them in all that is returned, and would go through every class.
  const { logits, outputs } = tf.tidy(() => {
    const outputs: tf.Tensor2D[] = [];
    layers.forEach((layer, index) => {
      const run = new LayerRun(batch, folding, index + 1, outputs.at(-1), {
        training,
        limits: bounds?.layers[index] ?? {},
        record: record && ((site, activations) => record(site, index, activations, classes[index])),
      });
      outputs.push(kind.forward(layer, run));
    });
    const last = { rows: outputs[outputs.length - 1], classes: classes[classes.length - 1] };
    return { logits: readLogits(last, model, batch, bounds?.contributions), outputs };
  });
  return { logits, layers: outputs.map((rows, index) => ({ rows, classes: classes[index] })) };
}

/** @throws RangeError when the batch's features are not as wide as the first layer, or for options that exclude each other */
export function requireFitting(
  { inputs }: { readonly inputs: number },
  { layout: { width } }: GraphBatch,
  { training, bounds }: ForwardOptions,
): void {
  if (training && bounds !== undefined) throw new RangeError('bounds need frozen BatchNorm statistics');
  if (width !== inputs) {
    throw new RangeError(`the model takes ${inputs} features a node, the graphs have ${width}`);
  }
}

function readLogits(
  { rows, classes }: LayerOutput,
  { output: { weight, bias }, readout }: RunnableLayers,
  batch: GraphBatch,
  contributions: Bounds['contributions'],
): tf.Tensor2D {
  const read = (values: tf.Tensor2D): tf.Tensor2D => readNodes({ rows: values, classes }, readout, batch);
  if (contributions === undefined) return linear(read(rows), { weight, bias });
  if (readout === 'max') throw new RangeError('contributions cannot be bounded with readout max');
  return tf.add(read(boundedContributions(rows, weight, contributions)), bias);
}

/** What the readout makes of the nodes of each graph, `[graphs, width]`. */
export function readNodes({ rows, classes }: LayerOutput, readout: Readout, batch: GraphBatch): tf.Tensor2D {
  return readout === 'max'
    ? segmentMax(readoutMatrix(batch, classes, 'sum'), rows)
    : sparseProduct(readoutMatrix(batch, classes, readout), rows);
}

/** `nodeContributions` within bounds. */
export function boundedContributions(
  rows: tf.Tensor2D,
  weight: tf.Tensor2D,
  { low, high }: NonNullable<Bounds['contributions']>,
): tf.Tensor2D {
  return tf.maximum(tf.minimum(nodeContributions(rows, weight), tf.tensor1d(high)), tf.tensor1d(low));
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
