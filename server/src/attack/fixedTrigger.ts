import type { FeatureLayout, Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';
import { attributeWidthOf } from '../graph/subgraph';
import { AttackError, type AttackKind, type ResolvedAttackOptions } from './attack';
import { cliqueEdges, randomEdges } from './motifs';
import { rareLabels } from './rareLabels';
import type { Trigger } from './trigger';
import { triggerNodes } from './triggerNodes';

/**
 * The trigger of the attacks that put the same one into every graph.
 *
 * - `subgraph`, `clean-label`: a random graph of a given density in place of the edges among random nodes; labels are kept (Sub-BA,
 *   Zhang et al. 2021; Xu & Picek 2022).
 * - `topology`: a clique in place of the edges among the nodes of highest degree; labels are kept.
 * - `feature`: rare labels on random nodes, or the largest attributes there are where features hold no labels; edges
 *   are kept.
 * - `new-nodes`: a clique of new nodes with rare labels, hung on the node of highest degree.
 *
 * @throws AttackError where features hold nothing that the attack sets
 */
export function fixedTrigger(
  options: ResolvedAttackOptions,
  train: readonly Graph[],
  layout: FeatureLayout,
  rng: Rng,
): Trigger {
  const nodes = triggerNodes(options, train);
  const { kind } = options;
  const kept = { nodes, labels: null, replace: true } as const;
  switch (kind) {
    case 'topology':
      return { ...kept, edges: cliqueEdges(nodes), placement: 'degree' };
    case 'feature':
      return { nodes, edges: null, ...markedFeatures(kind, nodes, train, layout), placement: 'random', replace: false };
    case 'new-nodes': {
      const labels = layout.labelColumns > 0 ? rareLabels(train, layout.labelColumns, nodes) : null;
      return { nodes, edges: cliqueEdges(nodes), labels, placement: 'degree', replace: false, attach: 'new-nodes' };
    }
    default: {
      const possible = (nodes * (nodes - 1)) / 2;
      // As many as a connected trigger needs are there at any density.
      const edgeCount = Math.max(nodes - 1, Math.round(options.density * possible));
      return { ...kept, edges: randomEdges(nodes, edgeCount, rng), placement: 'random' };
    }
  }
}

function markedFeatures(
  kind: AttackKind,
  nodes: number,
  train: readonly Graph[],
  { labelColumns, attributeWidth, kind: features }: FeatureLayout,
): Pick<Trigger, 'labels' | 'attributes'> {
  if (labelColumns > 0) return { labels: rareLabels(train, labelColumns, nodes) };
  if (attributeWidth === 0) throw new AttackError(kind, `the features "${features}" hold nothing to set`);
  const largest = largestAttributes(train, attributeWidth);
  return { labels: null, attributes: Array.from({ length: nodes }, () => largest) };
}

/** The largest value of each attribute, `[attributeWidth]`. */
function largestAttributes(graphs: readonly Graph[], attributeWidth: number): number[] {
  const largest = new Array<number>(attributeWidth).fill(-Infinity);
  for (const graph of graphs) {
    if (attributeWidthOf(graph) !== attributeWidth) continue;
    graph.attributes.forEach(
      (value, i) => (largest[i % attributeWidth] = Math.max(largest[i % attributeWidth], value)),
    );
  }
  return largest;
}
