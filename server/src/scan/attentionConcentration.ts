import type { AttentionConcentration } from '../../../protocol/reports';
import { attentionMaps } from '../defense/attention';
import type { GraphModel } from '../gnn/graphModel';
import { collate } from '../graph/batch';
import type { FeatureLayout, Graph } from '../graph/graph';
import { mean } from './statistics';

/** Nodes of a graph that count as its top. */
const topShare = 0.05;

/**
 * Share of a graph's attention that lies on its top 5% of nodes, at least one node.
 *
 * @param attention non-negative, one value a node, at least one node
 * @returns in (0, 1]; 0 where there is no attention at all
 */
export function concentration(attention: ArrayLike<number>): number {
  const sorted = Float64Array.from(attention).sort().reverse();
  const top = Math.max(1, Math.floor(topShare * sorted.length));
  let total = 0;
  let held = 0;
  sorted.forEach((value, rank) => {
    total += value;
    if (rank < top) held += value;
  });
  return total > 0 ? held / total : 0;
}

/**
 * How strongly attention (p = 2, degree weighting `propagate`) sits on few nodes of each layer, on graphs as they are
 * and on the same graphs with a trigger.
 *
 * @param clean at least one graph
 * @param triggered the same graphs with the trigger
 */
export function attentionConcentration(
  model: GraphModel,
  clean: readonly Graph[],
  triggered: readonly Graph[],
  layout: FeatureLayout,
): AttentionConcentration[] {
  const before = concentrationByLayer(model, clean, layout);
  const after = concentrationByLayer(model, triggered, layout);
  return before.map((share, layer) => ({ layer: layer + 1, clean: share, triggered: after[layer] }));
}

/**
 * The layer whose concentration a trigger raises most, and how many times. Shares themselves depend on the size of the
 * graphs; their ratio on the same graphs does not.
 *
 * @param attention at least one layer
 */
export function largestRise(attention: readonly AttentionConcentration[]): {
  readonly layer: AttentionConcentration;
  readonly rise: number;
} {
  const rises = attention.map((layer) => ({ layer, rise: layer.clean > 0 ? layer.triggered / layer.clean : 0 }));
  return rises.reduce((a, b) => (b.rise > a.rise ? b : a));
}

function concentrationByLayer(model: GraphModel, graphs: readonly Graph[], layout: FeatureLayout): number[] {
  const batch = collate(graphs, layout);
  const { logits, layers } = model.forward(batch);
  const maps = attentionMaps(layers, batch, { power: 2, weighting: 'propagate' });
  const shares = maps.map((map) => {
    const attention = map.dataSync();
    const byGraph = graphs.map((_, g) =>
      concentration(attention.slice(batch.nodeOffsets[g], batch.nodeOffsets[g + 1])),
    );
    return mean(byGraph);
  });
  for (const tensor of [logits, ...layers.map(({ rows }) => rows), ...maps]) tensor.dispose();
  return shares;
}
