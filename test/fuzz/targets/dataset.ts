import assert from 'node:assert/strict';
import { DatasetError } from '../../../server/src/dataset/dataset';
import { parseTu } from '../../../server/src/dataset/tu';
import { formatTu } from '../../../server/src/dataset/tuWriter';
import { readOrRefused } from '../checks/refusal';
import { bytesMutator } from '../mutators/bytes';
import { folderMutator, packFolder, unpackFolder } from '../mutators/folder';
import type { FuzzTarget } from '../target';

const contents: readonly (readonly [adjacency: string, indicator: string, ...others: string[]])[] = [
  ['1, 2\n2, 1\n3, 4\n4, 3\n', '1\n1\n2\n2\n', '1\n-1\n', '0.5, 1\n1e3, -2\n.5, 0\n0, 0\n', '0\n3\n3\n1\n'],
  ['', '1\n', '7\n'],
  ['1 2\r\n2 1\r\n', '1\r\n1\r\n', '# classes\n3\n', '1\n2\n'],
  ['1, 2\n2, 1\n', '1\n1\n', '3\n', '1, 7\n2, 0\n', '0\n0\n', '4, 0\n4, 0\n'],
];

export const target: FuzzTarget = {
  title: 'TU data sets',
  code: /^server\/src\/dataset\/tu/,
  seeds: () =>
    contents.map((texts) =>
      packFolder(
        ['A', 'graph_indicator', 'graph_labels', 'node_attributes', 'node_labels', 'edge_attributes'].flatMap(
          (part, i) => (texts[i] === undefined ? [] : [{ name: `X_${part}.txt`, data: Buffer.from(texts[i]) }]),
        ),
      ),
    ),
  mutate: folderMutator(() =>
    bytesMutator(['\n', '\r\n', ', ', ';', '#', '%', '-', '1e999', '0x1', '2147483648', '1_0', 'nan']),
  ),
  run(input) {
    const files = new Map(unpackFolder(input).map(({ name, data }) => [name, data]));
    const { value: dataset, refusal } = readOrRefused([DatasetError], () => parseTu('X', files));
    if (dataset === undefined) return refusal;
    for (const { nodeCount, edges, nodeLabels, attributes, classLabel } of dataset.rawGraphs) {
      assert.ok(
        edges.every((node) => node >= 0 && node < nodeCount),
        'edges join nodes of the graph',
      );
      assert.ok(nodeLabels.length === 0 || nodeLabels.length === nodeCount, 'each node has a label');
      assert.equal(attributes.length, nodeCount * dataset.attributeWidth, 'each node has attributes');
      assert.ok(classLabel < dataset.classNames.length, 'each graph has a class');
    }
    const written = new Map([...formatTu(dataset)].map(([name, text]) => [name, Buffer.from(text)]));
    assert.deepEqual(parseTu('X', written).rawGraphs, dataset.rawGraphs, 'written and read again, it is the same');
    return `read ${dataset.attributeWidth > 0 ? 'attributes' : ''} ${dataset.distinctNodeLabels.length > 0 ? 'labels' : ''}`;
  },
};
