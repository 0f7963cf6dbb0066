import assert from 'node:assert/strict';
import { DatasetError } from '../../../server/src/dataset/dataset';
import { encodeDataset } from '../../../server/src/dataset/features';
import { parseOgb } from '../../../server/src/dataset/ogb';
import { wholeColumns } from '../../../server/src/dataset/wholeColumns';
import { collate } from '../../../server/src/graph/batch';
import { readOrRefused } from '../checks/refusal';
import { bytesMutator } from '../mutators/bytes';
import { folderMutator, packFolder, unpackFolder } from '../mutators/folder';
import type { FuzzTarget } from '../target';

const parts = ['edge', 'graph-label', 'num-edge-list', 'num-node-list', 'node-feat', 'edge-feat'];
const contents: readonly (readonly string[])[] = [
  ['0,1\n2,1\n0,2\n1,0\n', '1\n0\n', '3\n1\n', '3\n2\n', '5,0\n6,1\n7,1\n5,2\n5,0\n', '0,1\n2,0\n0,0\n3,1\n'],
  ['0,1\n1,0\n', '1\n', '2\n', '2\n', '0.5\n1e3\n', '2\n2\n'],
  ['', '-1\n7\n', '0\n0\n', '1\n1\n'],
];

export const target: FuzzTarget = {
  title: 'Data sets of OGB',
  code: /^server\/src\/dataset\/(ogb|edgeAttributes|embedded|wholeColumns|tuText)/,
  seeds: () =>
    contents.map((texts) =>
      packFolder(texts.map((text, i) => ({ name: `${parts[i]}.csv.gz`, data: Buffer.from(text) }))),
    ),
  mutate: folderMutator(() => bytesMutator(['\n', '\r\n', ',', '-', '0', '1', '1e999', '2147483647', '999999', 'nan'])),
  run(input) {
    // What is compressed is decompressed before it comes here.
    const files = new Map(unpackFolder(input).map(({ name, data }) => [name, data]));
    const { value: dataset, refusal } = readOrRefused([DatasetError], () => parseOgb('made', files));
    if (dataset === undefined) return refusal;
    const { attributeWidth, edgeAttributeWidth = 0 } = dataset;
    for (const { nodeCount, edges, attributes, edgeAttributes = [] } of dataset.rawGraphs) {
      assert.ok(
        edges.every((node) => node >= 0 && node < nodeCount),
        'edges join nodes of the graph',
      );
      assert.equal(attributes.length, nodeCount * attributeWidth, 'each node has attributes');
      assert.equal(edgeAttributes.length, (edges.length / 2) * edgeAttributeWidth, 'each edge has attributes');
    }
    if (wholeColumns(dataset).nodes === undefined) return `read ${attributeWidth} ${edgeAttributeWidth}`;
    const { graphs, layout } = encodeDataset(dataset, 'embedded');
    const attributes = dataset.rawGraphs.flatMap((graph) => [...graph.attributes]);
    assert.deepEqual([...collate(graphs, layout).features], attributes, 'labels stand for what nodes have');
    return `embedded ${attributeWidth} ${edgeAttributeWidth}`;
  },
};
