import type { AttentionConcentration, AttentionExample, CleanAndTriggered } from '../../../protocol/reports';
import type { GraphModel } from '../gnn/graphModel';
import type { FeatureLayout, Graph } from '../graph/graph';
import { topNodes, unevenness, type Unevenness } from './attentionMeasures';
import { riseOf } from './attentionRise';
import { graphAttention } from './graphAttention';
import { mean } from './statistics';

/** A graph as it is, and with a trigger. */
export interface TriggeredPair {
  /** What the graph is called in reports. */
  readonly id: number;
  readonly clean: Graph;
  readonly triggered: Graph;
}

const mostExamples = 3;

/**
 * How strongly attention (p = 2, degree weighting `propagate`) sits on few nodes of each layer, on graphs as they are
 * and on the same graphs with a trigger, and which graphs show it most.
 *
 * @param pairs at least one; graphs have nodes
 * @returns one entry a layer
 */
export function attentionConcentration(
  model: GraphModel,
  pairs: readonly TriggeredPair[],
  layout: FeatureLayout,
): AttentionConcentration[] {
  const measured = (which: 'clean' | 'triggered'): MeasuredGraph[][] =>
    measureLayers(
      model,
      pairs.map((pair) => pair[which]),
      layout,
    );
  const before = measured('clean');
  const after = measured('triggered');
  return before.map((clean, layer) => {
    const triggered = after[layer];
    const both = (measure: keyof Unevenness): CleanAndTriggered => ({
      clean: mean(clean.map((graph) => graph[measure])),
      triggered: mean(triggered.map((graph) => graph[measure])),
    });
    return {
      layer: layer + 1,
      ...both('share'),
      gini: both('gini'),
      entropy: both('entropy'),
      examples: strongest(pairs, clean, triggered),
    };
  });
}

/** The graphs whose share rises most, by how many times. */
function strongest(
  pairs: readonly TriggeredPair[],
  clean: readonly MeasuredGraph[],
  triggered: readonly MeasuredGraph[],
): AttentionExample[] {
  return pairs
    .map(({ id }, g) => ({
      graph: id,
      nodes: triggered[g].top,
      clean: clean[g].share,
      triggered: triggered[g].share,
    }))
    .sort((a, b) => riseOf(b) - riseOf(a))
    .slice(0, mostExamples);
}

interface MeasuredGraph extends Unevenness {
  /** The nodes that hold the most. */
  readonly top: readonly number[];
}

/** @returns `[layer][graph]` */
function measureLayers(model: GraphModel, graphs: readonly Graph[], layout: FeatureLayout): MeasuredGraph[][] {
  const measured: MeasuredGraph[][] = Array.from({ length: model.architecture.layers }, () => []);
  for (const { layers } of graphAttention(model, graphs, layout)) {
    layers.forEach((attention, layer) => {
      measured[layer].push({ ...unevenness(attention), top: topNodes(attention) });
    });
  }
  return measured;
}
