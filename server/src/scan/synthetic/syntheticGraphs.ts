import type { FeatureLayout, Graph } from '../../graph/graph';
import type { Rng } from '../../graph/rng';
import { growGraph } from './growGraph';
import type { RecordedLabels } from './recordedLabels';

/** Nodes of a graph: log-normal, since nothing in a checkpoint tells how large the training graphs were. */
const nodes = { median: 25, spread: 0.4, fewest: 10, most: 60 } as const;

/**
 * Graphs that give the first layer of a model what it saw in training, on average: its labels, its mean degree. Which
 * labels are neighbours, and how large graphs are, is made up.
 *
 * Labels are drawn independently, as often as they were seen in neighbourhoods: nodes of rare labels and of high degree
 * cannot be told apart by that, and either gives the same average.
 *
 * @returns all of class 0: nobody knows their classes
 */
export function syntheticGraphs({ neighbourhood, meanDegree }: RecordedLabels, count: number, rng: Rng): Graph[] {
  return Array.from({ length: count }, () => {
    const size = Math.round(nodes.median * Math.exp(nodes.spread * rng.normal()));
    const nodeCount = Math.max(nodes.fewest, Math.min(nodes.most, size));
    return {
      nodeCount,
      edges: growGraph(nodeCount, meanDegree, rng),
      nodeLabels: Int32Array.from({ length: nodeCount }, () => rng.weighted(neighbourhood)),
      attributes: new Float32Array(0),
      classLabel: 0,
    };
  });
}

/** How features are made of synthetic graphs: one-hot labels. @param inputs of the model */
export function syntheticLayout(inputs: number): FeatureLayout {
  return { kind: 'labels', width: inputs, attributeWidth: 0, labelColumns: inputs };
}
