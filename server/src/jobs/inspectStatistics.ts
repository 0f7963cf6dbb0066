import { setImmediate } from 'node:timers/promises';
import type {
  Histogram,
  TensorStatistics,
  TensorStatisticsRequest,
  UnreadStatistics,
} from '../../../protocol/inspector';
import { CheckpointError } from '../checkpoint/checkpoint';
import { openCheckpoint } from '../checkpoint/openCheckpoint';
import { elementCount, type ViewedTensor } from '../checkpoint/stridedView';
import { readBlocks, type ElementBlock } from '../checkpoint/tensorParts';
import { FileSource } from './fileSource';
import type { JobContext } from './tasks';

export interface StatisticsTask {
  readonly kind: 'tensor-statistics';
  /** Absolute path of the model file. */
  readonly model: string;
  /** Of the inspection that the names are from; see `FileSource`. */
  readonly version: string;
  readonly names: readonly string[];
}

/** Of a tensor with more values, so many are looked at. */
const mostSampled = 1 << 20;
/** In how many blocks, spread evenly. */
const blocks = 64;
const bins = 20;

/** The file is another one than was inspected. */
export class ModelChangedError extends Error {
  constructor(readonly file: string) {
    super(`${file}: it has changed since it was inspected`);
    this.name = 'ModelChangedError';
  }
}

/**
 * Figures of some tensors of a file, in the order of `names`.
 *
 * @throws ModelChangedError, CheckpointError, the signal's reason once aborted
 */
export function tensorStatistics(
  { model, version, names }: StatisticsTask,
  { signal }: Pick<JobContext, 'signal'>,
): Promise<TensorStatisticsRequest.Result> {
  return FileSource.with(model, async (file, openBeside) => {
    if (file.version !== version) throw new ModelChangedError(model);
    const { tensors } = openCheckpoint(file, model, openBeside);
    const results: (TensorStatistics | UnreadStatistics)[] = [];
    for (const name of names) {
      // Lets a cancellation through.
      await setImmediate();
      signal.throwIfAborted();
      const tensor = tensors.get(name);
      results.push(tensor ? statisticsOf(tensor, model) : { name, problem: 'there is no such tensor' });
    }
    return results;
  });
}

function statisticsOf(tensor: ViewedTensor, file: string): TensorStatistics | UnreadStatistics {
  const { name } = tensor;
  const elements = elementCount(tensor.shape);
  try {
    return { name, elements, ...summarise(readBlocks(tensor, sampleBlocks(elements), file), elements) };
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    return { name, problem: error.reason };
  }
}

/** Which of `elements` values are looked at: all, or blocks of equal length at equal distances. */
function sampleBlocks(elements: number): ElementBlock[] {
  if (elements <= mostSampled) return [{ from: 0, to: elements }];
  const length = mostSampled / blocks;
  return Array.from({ length: blocks }, (_, i) => {
    const from = Math.floor((i * (elements - length)) / (blocks - 1));
    return { from, to: from + length };
  });
}

/**
 * @param values those looked at
 * @param elements how many the tensor has
 */
function summarise(values: Float64Array, elements: number): Omit<TensorStatistics, 'name' | 'elements'> {
  let notANumber = 0;
  let infinite = 0;
  let [min, max, sum, squares] = [Infinity, -Infinity, 0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) notANumber++;
    else if (!Number.isFinite(value)) infinite++;
    else {
      if (value < min) min = value;
      if (value > max) max = value;
      sum += value;
      squares += value * value;
    }
  }
  const count = values.length - notANumber - infinite;
  const counts = { sampled: values.length, notANumber, infinite };
  if (count === 0) return counts;
  const mean = ifFinite(sum / count);
  const norm = ifFinite(Math.sqrt((squares / values.length) * elements));
  return { ...counts, finite: { min, max, mean, norm, histogram: histogramOf(values, min, max) } };
}

function ifFinite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function histogramOf(values: Float64Array, from: number, to: number): Histogram {
  // One value in all places is one bar.
  if (from === to) return { from, to, counts: [values.filter(Number.isFinite).length] };
  const counts = new Array<number>(bins).fill(0);
  // Halves, as the whole width of two doubles may overflow.
  const width = to / 2 - from / 2;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    counts[Math.min(bins - 1, Math.floor(((value / 2 - from / 2) / width) * bins))]++;
  }
  return { from, to, counts };
}
