import { collate, type GraphBatch } from '../graph/batch';
import type { FeatureLayout, Graph } from '../graph/graph';
import { recombineGraphs, type RecombinedGraphs } from '../graph/recombine';
import type { Rng } from '../graph/rng';
import type { GraphnadOptions } from './options';

/** Clean graphs and graphs recombined from them. */
export function drawPool(
  clean: readonly Graph[],
  options: Pick<GraphnadOptions, 'poolSize' | 'oversample'>,
  rng: Rng,
): RecombinedGraphs {
  const donors = options.oversample ? evenClasses(clean) : clean;
  return recombineGraphs(donors, { count: options.poolSize }, rng);
}

/** Repeats the graphs of rarer classes in turn until every class has as many as the largest. */
function evenClasses(graphs: readonly Graph[]): Graph[] {
  const byClass = new Map<number, Graph[]>();
  for (const graph of graphs) byClass.set(graph.classLabel, [...(byClass.get(graph.classLabel) ?? []), graph]);
  const largest = Math.max(...[...byClass.values()].map((members) => members.length));
  return [...byClass.values()].flatMap((members) =>
    Array.from({ length: largest }, (_, i) => members[i % members.length]),
  );
}

/** Graphs and a triggered copy of each, as one batch: copies follow in the order of the graphs. */
export interface PairedBatch {
  readonly batch: GraphBatch;
  /** Index of each graph in its pool, `[batch.graphCount / 2]`. */
  readonly members: Int32Array;
}

/** Cuts a pool, in random order, into batches of at most `size` graphs and their triggered copies. */
export function pairedBatches(
  graphs: readonly Graph[],
  triggered: readonly Graph[],
  size: number,
  layout: FeatureLayout,
  rng: Rng,
): PairedBatch[] {
  const order = rng.permutation(graphs.length);
  const result: PairedBatch[] = [];
  for (let start = 0; start < order.length; start += size) {
    const members = order.slice(start, start + size);
    const chosen = Array.from(members, (i) => graphs[i]);
    const copies = Array.from(members, (i) => triggered[i]);
    result.push({ batch: collate([...chosen, ...copies], layout), members });
  }
  return result;
}

/** Rows of `values` (`[pool, width]`) of the members, once for the graphs and once more for their copies. */
export function pairedRows(values: Float32Array, width: number, members: Int32Array): Float32Array {
  const result = new Float32Array(2 * members.length * width);
  members.forEach((member, i) => {
    const row = values.subarray(member * width, (member + 1) * width);
    result.set(row, i * width);
    result.set(row, (members.length + i) * width);
  });
  return result;
}
