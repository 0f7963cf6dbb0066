import type { GraphModel } from '../gnn/graphModel';
import { argmaxRows, predictLogits } from '../gnn/predict';
import type { FeatureLayout, Graph } from '../graph/graph';
import { recombineGraphs } from '../graph/recombine';
import type { Rng } from '../graph/rng';

/** Graphs of one half of the clean set: unchanged copies first, then recombinations of them. */
export interface Pool {
  /** Real graphs keep their class; a pseudo-graph's class is the one that the suspect model gives it. */
  readonly graphs: readonly Graph[];
  /** How many of `graphs` are real; they come first. */
  readonly real: number;
}

/** Two disjoint halves of the clean set: triggers are fitted on one and measured on the other. */
export interface CleanPools {
  readonly fit: Pool;
  readonly heldOut: Pool;
}

/** Graphs of a pool. */
const poolSize = 90;
/** Smaller clean sets are not split: both pools are made from all of them. */
const fewestToSplit = 10;

/**
 * Splits the clean graphs into halves, each class evenly, and fills each half up to 90 graphs with recombinations
 * of its own graphs, so that nothing measured on the held-out half was seen while fitting. Fewer than ten graphs are
 * too few to halve; both pools then come from the same graphs, and what is measured is no longer held out.
 *
 * @param clean at least one graph with nodes
 * @param model labels the pseudo-graphs
 */
export function makePools(model: GraphModel, clean: readonly Graph[], layout: FeatureLayout, rng: Rng): CleanPools {
  const halves: [Graph[], Graph[]] = [[], []];
  const order = [...rng.permutation(clean.length)].sort((a, b) => clean[a].classLabel - clean[b].classLabel);
  order.forEach((index, position) => {
    if (clean.length < fewestToSplit) for (const half of halves) half.push(clean[index]);
    else halves[position % 2].push(clean[index]);
  });
  return { fit: fill(model, halves[0], layout, rng), heldOut: fill(model, halves[1], layout, rng) };
}

function fill(model: GraphModel, half: readonly Graph[], layout: FeatureLayout, rng: Rng): Pool {
  const { graphs, source } = recombineGraphs(half, { count: poolSize, copies: 1 }, rng);
  const predictions = argmaxRows(predictLogits(model, graphs, layout), model.architecture.classes);
  return {
    graphs: graphs.map((graph, i) => (source[i] >= 0 ? graph : { ...graph, classLabel: predictions[i] })),
    real: source.filter((index) => index >= 0).length,
  };
}

/** Smallest graphs that carry triggers of up to seven nodes without becoming nothing but the trigger. */
export const smallestHost = 8;
/** With fewer graphs of that size, smaller ones serve too. */
const fewestHosts = 4;

/** The graphs that can carry a trigger; all where fewer than four are large enough. */
export function hostsAmong(graphs: readonly Graph[]): Graph[] {
  const large = graphs.filter((graph) => graph.nodeCount >= smallestHost);
  return large.length >= fewestHosts ? large : [...graphs];
}
