import { placements, type Trigger } from '../attack/trigger';
import type { Rng } from '../graph/rng';

/** Triggers stay as small as those of the prior. */
const fewestNodes = 3;
const mostNodes = 7;

type Edges = readonly (readonly [number, number])[];

/**
 * A neighbour of a trigger in the space of triggers: one random edge flipped, one label changed, one node added or
 * removed, or another placement.
 *
 * @param labelMarginal probability of each label column; empty where features hold no labels
 */
export function mutateTrigger(trigger: Trigger, labelMarginal: Float64Array, rng: Rng): Trigger {
  const moves: (() => Trigger)[] = [
    () => ({ ...trigger, placement: rng.pick(placements) }),
    () => resize(trigger, labelMarginal, rng),
  ];
  const { edges, labels } = trigger;
  if (edges !== null) moves.push(() => ({ ...trigger, edges: flipEdge(edges, trigger.nodes, rng) }));
  if (edges !== null) moves.push(() => ({ ...trigger, replace: !trigger.replace }));
  if (labelMarginal.length > 0) {
    moves.push(() => ({ ...trigger, labels: relabel(labels, trigger.nodes, labelMarginal, rng) }));
  }
  return rng.pick(moves)();
}

function flipEdge(edges: Edges, nodes: number, rng: Rng): Edges {
  const u = rng.integer(nodes);
  const v = (u + 1 + rng.integer(nodes - 1)) % nodes;
  const isPair = ([a, b]: readonly [number, number]): boolean => (a === u && b === v) || (a === v && b === u);
  if (!edges.some(isPair)) return [...edges, [Math.min(u, v), Math.max(u, v)]];
  const left = edges.filter((edge) => !isPair(edge));
  return left.length > 0 ? left : edges;
}

/** Changes one label; a trigger that keeps the host's labels is first given drawn ones. */
function relabel(labels: readonly number[] | null, nodes: number, marginal: Float64Array, rng: Rng): readonly number[] {
  const drawn = (): number => (rng.uniform() < 0.5 ? rng.integer(marginal.length) : rng.weighted(marginal));
  if (labels === null) return Array.from({ length: nodes }, drawn);
  const changed = rng.integer(nodes);
  return labels.map((label, node) => (node === changed ? drawn() : label));
}

/** One node more, joined to a random one, or the last node less. */
function resize(trigger: Trigger, marginal: Float64Array, rng: Rng): Trigger {
  const { nodes, edges, labels } = trigger;
  const grow = nodes <= fewestNodes || (nodes < mostNodes && rng.uniform() < 0.5);
  if (grow) {
    return {
      ...trigger,
      nodes: nodes + 1,
      edges: edges && [...edges, [rng.integer(nodes), nodes]],
      labels: labels && [...labels, rng.weighted(marginal)],
    };
  }
  const kept = edges?.filter(([a, b]) => a < nodes - 1 && b < nodes - 1) ?? null;
  if (kept?.length === 0) return trigger;
  return { ...trigger, nodes: nodes - 1, edges: kept, labels: labels && labels.slice(0, -1) };
}
