import type { Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';
import { cliqueEdges, erdosRenyiEdges, pathEdges, ringEdges, starEdges, type MotifEdges } from './motifs';
import { placements, type Trigger } from './trigger';

export interface TriggerPriorOptions {
  /** Share of triggers that append new nodes instead of taking over host nodes. Default 0. */
  readonly newNodesShare?: number;
  /** Share of triggers whose labels, where they set any, are drawn with the rare ones most likely. Default 0. */
  readonly rareLabelShare?: number;
}

/** Structures and their probabilities; `none` changes labels only. */
const structures = ['clique', 'random', 'ring', 'star', 'path', 'none'] as const;
const structureWeights = [0.2, 0.3, 0.08, 0.08, 0.06, 0.28];
const labelings = ['kept', 'random', 'constant', 'marginal'] as const;
const labelingWeights = [0.45, 0.2, 0.2, 0.15];
/** Without structure, a trigger that keeps the labels would change nothing. */
const labelingWeightsWithoutStructure = [0, 0.65, 0.2, 0.15];

/**
 * Draws a trigger from the prior of the robust preset (method, step 3): 3 to 7 nodes; structure clique 20%,
 * Erdős–Rényi 30%, ring 8%, star 8%, path 6%, none 28%; labels kept, random, constant or from the clean marginal;
 * any placement; 80% replace the induced edges.
 *
 * @param labelMarginal probability of each label column among clean nodes; empty where features hold no labels, and
 *   then every trigger has a structure and no labels
 */
export function drawTrigger(rng: Rng, labelMarginal: Float64Array, options: TriggerPriorOptions = {}): Trigger {
  const { newNodesShare = 0, rareLabelShare = 0 } = options;
  const nodes = 3 + rng.integer(5);
  const appended = newNodesShare > 0 && rng.uniform() < newNodesShare;
  const edges = drawStructure(nodes, labelMarginal.length > 0 && !appended, rng);
  const rare = rareLabelShare > 0 && rng.uniform() < rareLabelShare;
  return {
    nodes,
    edges,
    labels: labelMarginal.length > 0 ? drawLabels(nodes, edges !== null, labelMarginal, rare, rng) : null,
    placement: rng.pick(placements),
    replace: rng.uniform() < 0.8,
    ...(appended ? { attach: 'new-nodes' as const } : {}),
  };
}

/**
 * Share of each label column among the nodes of clean graphs, `[labelColumns]`, with half a node added to each so that
 * unseen labels stay possible.
 */
export function labelMarginal(graphs: readonly Graph[], labelColumns: number): Float64Array {
  const counts = new Float64Array(labelColumns).fill(0.5);
  let total = labelColumns / 2;
  for (const { nodeLabels } of graphs) {
    for (const label of nodeLabels) counts[label]++;
    total += nodeLabels.length;
  }
  return counts.map((count) => count / total);
}

function drawStructure(nodes: number, mayBeNone: boolean, rng: Rng): MotifEdges | null {
  const weights = mayBeNone ? structureWeights : structureWeights.slice(0, -1);
  switch (structures[rng.weighted(weights)]) {
    case 'clique':
      return cliqueEdges(nodes);
    case 'random':
      return erdosRenyiEdges(nodes, rng.between(0.5, 0.95), rng);
    case 'ring':
      return ringEdges(nodes);
    case 'star':
      return starEdges(nodes);
    case 'path':
      return pathEdges(nodes);
    case 'none':
      return null;
  }
}

function drawLabels(
  nodes: number,
  hasStructure: boolean,
  marginal: Float64Array,
  rare: boolean,
  rng: Rng,
): readonly number[] | null {
  const weights = rare ? marginal.map((share) => 1 / share) : undefined;
  const anyLabel = (): number => (weights ? rng.weighted(weights) : rng.integer(marginal.length));
  switch (labelings[rng.weighted(hasStructure ? labelingWeights : labelingWeightsWithoutStructure)]) {
    case 'kept':
      return null;
    case 'random':
      return Array.from({ length: nodes }, anyLabel);
    case 'constant':
      return new Array<number>(nodes).fill(anyLabel());
    case 'marginal':
      return Array.from({ length: nodes }, () => (weights ? rng.weighted(weights) : rng.weighted(marginal)));
  }
}
