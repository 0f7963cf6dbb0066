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
  /** R of every graph in each layer that a range is given of, `[range][graphs]`; see `ProbeRecording.reach`. */
  readonly reach: readonly Float64Array[];
}

/** What the clean graphs need of one layer. */
export interface LayerRange {
  /** Counted from 0. */
  readonly layer: number;
  /** Largest clean activation of each channel, `[hidden]`. */
  readonly largest: Float32Array;
}

/** Channels that the clean graphs hardly use would make any activation look far out of range. */
const smallestMaximum = 1e-3;

/**
 * The ranges of some layers on clean graphs.
 *
 * @param clean at least one graph
 * @param layers counted from 0
 * @throws the signal's reason once it is aborted
 */
export async function measureRanges(
  model: GraphModel,
  clean: readonly Graph[],
  layout: FeatureLayout,
  layers: readonly number[],
  signal?: AbortSignal,
): Promise<LayerRange[]> {
  const { hidden } = model.architecture;
  const ranges = layers.map((layer) => ({ layer, largest: new Float32Array(hidden).fill(smallestMaximum) }));
  await inBatches(clean, layout, { signal }, (batch) => {
    eachRange(model, batch, ranges, (values, { largest }, classes) => {
      const distinct = new DistinctClasses(classes);
      raiseMaxima(largest, values, distinct.found, distinct.among(0, batch.nodeCount));
    });
  });
  return ranges;
}

/**
 * Logits of many graphs, and how far each drives layers out of their clean ranges.
 *
 * @param ranges of the layers to look at, as `measureRanges` gives them
 * @throws the signal's reason once it is aborted
 */
export async function runWithReach(
  model: GraphModel,
  graphs: readonly Graph[],
  layout: FeatureLayout,
  ranges: readonly LayerRange[],
  options: RunOptions = {},
): Promise<ReachRun> {
  const { classes, hidden } = model.architecture;
  const logits = new Float32Array(graphs.length * classes);
  const reach = ranges.map(() => new Float64Array(graphs.length));
  const largest = new Float32Array(hidden);
  await inBatches(graphs, layout, options, (batch, first) => {
    const { graphCount, nodeOffsets } = batch;
    const own = eachRange(model, batch, ranges, (values, range, classes, index) => {
      const distinct = new DistinctClasses(classes);
      for (let g = 0; g < graphCount; g++) {
        const count = distinct.among(nodeOffsets[g], nodeOffsets[g + 1]);
        raiseMaxima(largest.fill(-Infinity), values, distinct.found, count);
        reach[index][first + g] = reachInPlace(largest, range.largest);
      }
    });
    logits.set(own, first * classes);
  });
  return { logits, reach };
}

/** Hands over the outputs of the ranges' layers, `[classes, hidden]`, to be read at once, and returns the logits. */
function eachRange(
  model: GraphModel,
  batch: GraphBatch,
  ranges: readonly LayerRange[],
  visit: (values: Float32Array, range: LayerRange, classes: NodeClasses, index: number) => void,
): Float32Array {
  const { logits, layers } = model.forward(batch);
  ranges.forEach((range, index) => {
    const { rows, classes } = layers[range.layer];
    visit(valuesOf(rows), range, classes, index);
  });
  for (const { rows } of layers) rows.dispose();
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
