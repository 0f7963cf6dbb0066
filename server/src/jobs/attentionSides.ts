import type { AttentionLayer, AttentionSide } from '../../../protocol/attention';
import type { Dataset } from '../dataset/dataset';
import type { FeatureLayout, Graph } from '../graph/graph';
import { attributeWidthOf } from '../graph/subgraph';
import { unevenness } from '../scan/attentionMeasures';
import type { GraphAttention } from '../scan/graphAttention';
import { mean } from '../scan/statistics';

/** One model on one graph, as it was computed. */
export interface SideParts {
  readonly model: number;
  readonly triggered: boolean;
  readonly dataset: Dataset;
  readonly layout: FeatureLayout;
  /** Data set id of the graph, or of the one that got a trigger. */
  readonly id: number;
  readonly graph: Graph;
  readonly attention: GraphAttention;
  readonly triggerNodes: readonly number[];
}

/** One side of a comparison in plain numbers, with labels as the data set writes them. */
export function attentionSide(parts: SideParts): AttentionSide {
  const { model, triggered, graph, attention, triggerNodes } = parts;
  return {
    ...{ model, triggered, triggerNodes, predicted: attention.predicted },
    labels: writtenLabels(parts),
    ...(graph.attributes.length > 0 && { attributes: attributeRows(graph) }),
    edges: Array.from({ length: graph.edges.length / 2 }, (_, i) => [graph.edges[2 * i], graph.edges[2 * i + 1]]),
    layers: attention.layers.map(attentionLayer),
  };
}

/** Four decimals tell apart what two can show, and keep what is sent and kept small. */
function attentionLayer(attention: Float32Array): AttentionLayer {
  return { attention: Array.from(attention, rounded), ...unevenness(attention) };
}

function rounded(value: number): number {
  return Math.round(1e4 * value) / 1e4;
}

/**
 * Half of the squared distance of two models' attention maps, mean over layers: half of the attention loss L_AD of one
 * graph (docs/method.md). Maps are of unit norm and not negative, so it lies in [0, 1]. A node that one graph has not got
 * has no attention there.
 *
 * @param before `[layers][nodes]`
 * @param after of the same number of layers
 */
export function attentionChange(before: readonly Float32Array[], after: readonly Float32Array[]): number {
  return mean(before.map((map, layer) => halfSquaredDistance(map, after[layer])));
}

function halfSquaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let node = 0; node < Math.max(a.length, b.length); node++) sum += ((a[node] ?? 0) - (b[node] ?? 0)) ** 2;
  return sum / 2;
}

/** Where features hold labels, those that the model sees, of rows that it embeds the first number; else those of the data set, which appended nodes have not got. */
function writtenLabels({ dataset, layout, id, graph }: SideParts): (number | null)[] {
  const { distinctNodeLabels } = dataset;
  if (graph.nodeLabels.length > 0) {
    const { rows, width } = layout;
    if (rows !== undefined) return Array.from(graph.nodeLabels, (label) => rows[label * width]);
    const dense = layout.kind === 'labels-dense';
    return Array.from(graph.nodeLabels, (column) =>
      dense ? (distinctNodeLabels[column] ?? null) : distinctNodeLabels[0] + column,
    );
  }
  const { nodeLabels } = dataset.rawGraphs[id];
  return Array.from({ length: graph.nodeCount }, (_, node) => nodeLabels[node] ?? null);
}

function attributeRows(graph: Graph): number[][] {
  const width = attributeWidthOf(graph);
  return Array.from({ length: graph.nodeCount }, (_, node) =>
    Array.from(graph.attributes.subarray(node * width, (node + 1) * width)),
  );
}
