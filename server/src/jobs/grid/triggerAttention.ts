import * as tf from '@tensorflow/tfjs-core';
import { attentionMaps } from '../../defense/attention';
import type { GraphModel } from '../../gnn/graphModel';
import { batches } from '../../gnn/predict';
import type { FeatureLayout, Graph } from '../../graph/graph';
import type { TriggerAttention } from '../../report/grid/record';

/**
 * How much of a graph's attention (p = 2, degree weighting `propagate`) lies on the nodes that a trigger touches, layer
 * by layer, mean over graphs: what Figure 6 of arXiv 2501.05835 shows for single graphs. Nodes that the trigger brings
 * along hold nothing without it.
 *
 * @param hosts at least one graph
 * @param triggered the same graphs with the trigger
 */
export function triggerAttention(
  model: GraphModel,
  hosts: readonly Graph[],
  triggered: readonly Graph[],
  layout: FeatureLayout,
): TriggerAttention {
  const touched = hosts.map((host, i) => touchedNodes(host, triggered[i]));
  return {
    clean: attentionOn(model, hosts, touched, layout),
    triggered: attentionOn(model, triggered, touched, layout),
  };
}

/** Nodes whose label, attributes or neighbours differ, and nodes that are new. */
export function touchedNodes(host: Graph, triggered: Graph): number[] {
  const before = neighbourTexts(host);
  const after = neighbourTexts(triggered);
  const width = host.attributes.length / host.nodeCount;
  const rowOf = (graph: Graph, node: number): string =>
    graph.attributes.subarray(node * width, (node + 1) * width).join();
  return [...after.keys()].filter(
    (node) =>
      node >= host.nodeCount ||
      before[node] !== after[node] ||
      host.nodeLabels[node] !== triggered.nodeLabels[node] ||
      rowOf(host, node) !== rowOf(triggered, node),
  );
}

function neighbourTexts({ nodeCount, edges }: Graph): string[] {
  const neighbours = Array.from({ length: nodeCount }, (): number[] => []);
  for (let i = 0; i < edges.length; i += 2) {
    neighbours[edges[i]].push(edges[i + 1]);
    neighbours[edges[i + 1]].push(edges[i]);
  }
  return neighbours.map((nodes) => nodes.sort((a, b) => a - b).join());
}

function attentionOn(
  model: GraphModel,
  graphs: readonly Graph[],
  nodes: readonly (readonly number[])[],
  layout: FeatureLayout,
): number[] {
  const sums: number[] = [];
  let graph = 0;
  for (const batch of batches(graphs, layout)) {
    const maps = tf.tidy(() =>
      attentionMaps(model.forward(batch).layers, batch, { power: 2, weighting: 'propagate' }).map((map) =>
        map.dataSync<'float32'>(),
      ),
    );
    for (let inBatch = 0; inBatch + 1 < batch.nodeOffsets.length; inBatch++, graph++) {
      maps.forEach((map, layer) => {
        const attention = map.subarray(batch.nodeOffsets[inBatch], batch.nodeOffsets[inBatch + 1]);
        sums[layer] = (sums[layer] ?? 0) + shareOn(attention, nodes[graph]);
      });
    }
  }
  return sums.map((sum) => sum / graphs.length);
}

function shareOn(attention: Float32Array, nodes: readonly number[]): number {
  const total = attention.reduce((sum, value) => sum + value, 0);
  const held = nodes.reduce((sum, node) => sum + (attention.at(node) ?? 0), 0);
  return total > 0 ? held / total : 0;
}
