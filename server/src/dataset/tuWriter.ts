import type { Dataset } from './dataset';

/**
 * The text files of a TU data set: what `parseTu` reads back to the same graphs. Each undirected edge is written in
 * both directions, as published data sets do.
 *
 * @returns contents by file name
 */
export function formatTu(dataset: Omit<Dataset, 'hash'>): Map<string, string> {
  const adjacency: string[] = [];
  const indicator: string[] = [];
  const nodeLabels: string[] = [];
  const attributes: string[] = [];
  const edgeAttributes: string[] = [];
  const { edgeAttributeWidth = 0 } = dataset;
  let start = 1;
  dataset.rawGraphs.forEach((graph, id) => {
    for (let i = 0; i < graph.edges.length; i += 2) {
      const u = start + graph.edges[i];
      const v = start + graph.edges[i + 1];
      adjacency.push(`${u}, ${v}`, `${v}, ${u}`);
    }
    for (let node = 0; node < graph.nodeCount; node++) indicator.push(String(id + 1));
    for (const label of graph.nodeLabels) nodeLabels.push(String(label));
    for (let i = 0; i < graph.attributes.length; i += dataset.attributeWidth) {
      attributes.push(graph.attributes.subarray(i, i + dataset.attributeWidth).join(', '));
    }
    for (let i = 0; i < (graph.edgeAttributes?.length ?? 0); i += edgeAttributeWidth) {
      const row = (graph.edgeAttributes ?? new Float32Array(0)).subarray(i, i + edgeAttributeWidth).join(', ');
      edgeAttributes.push(row, row);
    }
    start += graph.nodeCount;
  });
  const classes = dataset.rawGraphs.map((graph) => dataset.classNames[graph.classLabel]);
  const files = new Map<string, string>();
  const add = (part: string, lines: readonly string[]): void => {
    files.set(`${dataset.name}_${part}`, lines.map((line) => `${line}\n`).join(''));
  };
  add('A.txt', adjacency);
  add('graph_indicator.txt', indicator);
  add('graph_labels.txt', classes);
  if (edgeAttributeWidth > 0) add('edge_attributes.txt', edgeAttributes);
  if (dataset.attributeWidth > 0) add('node_attributes.txt', attributes);
  if (dataset.distinctNodeLabels.length > 0) add('node_labels.txt', nodeLabels);
  return files;
}
