import * as tf from '@tensorflow/tfjs-core';
import { collate, type GraphBatch } from '../graph/batch';
import type { FeatureLayout, Graph } from '../graph/graph';
import type { Bounds } from './forward';
import type { GraphModel } from './graphModel';

/** Graphs are run together up to these counts, so that memory stays small whatever the data. */
const maxGraphs = 256;
const maxNodes = 16_384;

export interface PredictOptions {
  readonly bounds?: Bounds;
}

/**
 * Logits of a model on graphs.
 *
 * @returns row-major `[graphs, classes]`
 * @throws RangeError when the features are not as wide as the model's first layer
 */
export function predictLogits(
  model: GraphModel,
  graphs: readonly Graph[],
  layout: FeatureLayout,
  options: PredictOptions = {},
): Float32Array {
  return predictBatches(model, batches(graphs, layout), graphs.length, options);
}

/**
 * Logits of a model on graphs that are batched already, as for graphs that are asked about again and again.
 *
 * @param count number of graphs in all batches
 * @returns row-major `[count, classes]`
 */
export function predictBatches(
  model: GraphModel,
  collated: Iterable<GraphBatch>,
  count: number,
  options: PredictOptions = {},
): Float32Array {
  const logits = new Float32Array(count * model.architecture.classes);
  let written = 0;
  for (const batch of collated) {
    const values = tf.tidy(() => model.forward(batch, options).logits.dataSync<'float32'>());
    logits.set(values, written);
    written += values.length;
  }
  return logits;
}

/** Index of the largest value of each row; the first of equals. */
export function argmaxRows(logits: ArrayLike<number>, classes: number): Int32Array {
  const result = new Int32Array(logits.length / classes);
  for (let row = 0; row < result.length; row++) {
    let best = 0;
    for (let c = 1; c < classes; c++) if (logits[row * classes + c] > logits[row * classes + best]) best = c;
    result[row] = best;
  }
  return result;
}

/** Graphs in batches of moderate size, in their order. */
export function* batches(graphs: readonly Graph[], layout: FeatureLayout): Generator<GraphBatch> {
  let start = 0;
  while (start < graphs.length) {
    let end = start + 1;
    let nodes = graphs[start].nodeCount;
    while (end < graphs.length && end - start < maxGraphs && nodes + graphs[end].nodeCount <= maxNodes) {
      nodes += graphs[end++].nodeCount;
    }
    yield collate(graphs.slice(start, end), layout);
    start = end;
  }
}
