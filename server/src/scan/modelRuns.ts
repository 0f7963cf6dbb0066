import type { Bounds } from '../gnn/forward';
import type { GraphModel } from '../gnn/graphModel';
import { batches } from '../gnn/predict';
import type { GraphBatch } from '../graph/batch';
import type { NodeClasses } from '../graph/fold';
import type { FeatureLayout, Graph } from '../graph/graph';
import { valuesOf } from '../tensor/valuesOf';
import { DistinctClasses, raiseMaxima, reachInPlace } from './reach';

export interface RunOptions {
  readonly bounds?: Bounds;
  readonly signal?: AbortSignal;
  /** Share of the graphs that are done, in [0, 1]. */
  readonly progress?: (fraction: number) => void;
}

/**
 * Logits of many graphs, batch by batch, with pauses in which the process can answer.
 *
 * @returns row-major `[graphs, classes]`
 * @throws the signal's reason once it is aborted
 */
export async function predictInSteps(
  model: GraphModel,
  graphs: readonly Graph[],
  layout: FeatureLayout,
  options: RunOptions = {},
): Promise<Float32Array> {
  const { classes } = model.architecture;
  const logits = new Float32Array(graphs.length * classes);
  await inBatches(graphs, layout, options, (batch, first) => {
    const result = model.forward(batch, { bounds: options.bounds });
    logits.set(result.logits.dataSync(), first * classes);
    result.logits.dispose();
    for (const { rows } of result.layers) rows.dispose();
  });
  return logits;
}

export interface ReachRun {
  /** Row-major `[graphs, classes]`. */
  readonly logits: Float32Array;
  /** R of every layer and graph, `[layer][graphs]`; see `ProbeRecording.reach`. */
  readonly reach: readonly Float64Array[];
}

/** Channels that the clean graphs hardly use would make any activation look far out of range. */
const smallestMaximum = 1e-3;

/**
 * The range of every layer on clean graphs: the largest activation of each channel, `[layer][hidden]`.
 *
 * @param clean at least one graph
 * @throws the signal's reason once it is aborted
 */
export async function measureRanges(
  model: GraphModel,
  clean: readonly Graph[],
  layout: FeatureLayout,
  signal?: AbortSignal,
): Promise<Float32Array[]> {
  const { layers, hidden } = model.architecture;
  const ranges = Array.from({ length: layers }, () => new Float32Array(hidden).fill(smallestMaximum));
  await inBatches(clean, layout, { signal }, (batch) => {
    eachLayer(model, batch, (values, layer, classes) => {
      const distinct = new DistinctClasses(classes);
      raiseMaxima(ranges[layer], values, distinct.found, distinct.among(0, batch.nodeCount));
    });
  });
  return ranges;
}

/**
 * Logits of many graphs, and how far each drives every layer out of its clean range.
 *
 * @param ranges as `measureRanges` gives them
 * @throws the signal's reason once it is aborted
 */
export async function runWithReach(
  model: GraphModel,
  graphs: readonly Graph[],
  layout: FeatureLayout,
  ranges: readonly Float32Array[],
  options: RunOptions = {},
): Promise<ReachRun> {
  const { classes, hidden } = model.architecture;
  const logits = new Float32Array(graphs.length * classes);
  const reach = ranges.map(() => new Float64Array(graphs.length));
  const largest = new Float32Array(hidden);
  await inBatches(graphs, layout, options, (batch, first) => {
    const { graphCount, nodeOffsets } = batch;
    const own = eachLayer(model, batch, (values, layer, classes) => {
      const distinct = new DistinctClasses(classes);
      for (let g = 0; g < graphCount; g++) {
        const count = distinct.among(nodeOffsets[g], nodeOffsets[g + 1]);
        raiseMaxima(largest.fill(-Infinity), values, distinct.found, count);
        reach[layer][first + g] = reachInPlace(largest, ranges[layer]);
      }
    });
    logits.set(own, first * classes);
  });
  return { logits, reach };
}

/** Hands over each layer's outputs, row-major `[classes, hidden]`, to be read at once, and returns the logits. */
function eachLayer(
  model: GraphModel,
  batch: GraphBatch,
  visit: (values: Float32Array, layer: number, classes: NodeClasses) => void,
): Float32Array {
  const { logits, layers } = model.forward(batch);
  layers.forEach(({ rows, classes }, layer) => {
    visit(valuesOf(rows), layer, classes);
    rows.dispose();
  });
  const values = logits.dataSync<'float32'>();
  logits.dispose();
  return values;
}

async function inBatches(
  graphs: readonly Graph[],
  layout: FeatureLayout,
  { signal, progress }: RunOptions,
  run: (batch: GraphBatch, first: number) => void,
): Promise<void> {
  let first = 0;
  for (const batch of batches(graphs, layout)) {
    await pause(signal);
    run(batch, first);
    first += batch.graphCount;
    progress?.(first / graphs.length);
  }
}

/**
 * Lets other work of this process run.
 *
 * @throws the signal's reason once it is aborted
 */
export async function pause(signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}
