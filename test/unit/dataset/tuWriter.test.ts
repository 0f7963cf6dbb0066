import assert from 'node:assert/strict';
import { makeMolecules } from '../../../server/src/dataset/synthetic';
import { parseTu } from '../../../server/src/dataset/tu';
import { formatTu } from '../../../server/src/dataset/tuWriter';
import { edgePairs } from '../../support/graphs';

function encode(files: Iterable<readonly [string, string]>): Map<string, Uint8Array> {
  return new Map([...files].map(([file, text]) => [file, new TextEncoder().encode(text)]));
}

describe('formatTu', () => {
  it('writes what parseTu reads back', () => {
    const dataset = makeMolecules('MADE', { seed: 3, graphs: 30 });
    const { hash, ...read } = parseTu('MADE', encode(formatTu(dataset)));
    assert.match(hash, /^[0-9a-f]{64}$/);
    assert.deepEqual(read, dataset);
  });

  it('writes classes by name, attributes as numbers, and edges in both directions', () => {
    const files = formatTu({
      name: 'X',
      rawGraphs: [
        {
          nodeCount: 2,
          edges: Int32Array.of(0, 1),
          nodeLabels: new Int32Array(0),
          attributes: Float32Array.of(0.5, 1, -2, 0.25),
          classLabel: 1,
        },
      ],
      classNames: ['-1', '1'],
      distinctNodeLabels: [],
      attributeWidth: 2,
    });
    assert.deepEqual(
      [...files],
      [
        ['X_A.txt', '1, 2\n2, 1\n'],
        ['X_graph_indicator.txt', '1\n1\n'],
        ['X_graph_labels.txt', '1\n'],
        ['X_node_attributes.txt', '0.5, 1\n-2, 0.25\n'],
      ],
    );
    assert.deepEqual(edgePairs(parseTu('X', encode(files)).rawGraphs[0]), [[0, 1]]);
  });

  it('writes the attributes of edges once for each direction', () => {
    const graph = {
      ...{ nodeCount: 3, edges: Int32Array.of(0, 1, 1, 2), nodeLabels: new Int32Array(0), classLabel: 0 },
      ...{ attributes: Float32Array.of(4, 5, 4), edgeAttributes: Float32Array.of(1, 0, 2, 1) },
    };
    const dataset = {
      ...{ name: 'X', rawGraphs: [graph], classNames: ['0'], distinctNodeLabels: [] },
      ...{ attributeWidth: 1, edgeAttributeWidth: 2 },
    };
    const files = formatTu(dataset);
    assert.equal(files.get('X_edge_attributes.txt'), '1, 0\n1, 0\n2, 1\n2, 1\n');
    const { hash, ...read } = parseTu('X', encode(files));
    assert.match(hash, /^[0-9a-f]{64}$/);
    assert.deepEqual(read, dataset);
  });
});
