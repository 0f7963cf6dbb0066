import assert from 'node:assert/strict';
import type { Dataset } from '../../../server/src/dataset/dataset';
import { encodeEmbedded } from '../../../server/src/dataset/embedded';
import { wholeColumns } from '../../../server/src/dataset/wholeColumns';
import { collate } from '../../../server/src/graph/batch';

/** A path of three nodes with two numbers each, and three numbers for each of its edges. */
function datasetOf(attributes: readonly number[], edgeAttributes: readonly number[]): Dataset {
  const graph = {
    ...{ nodeCount: 3, edges: Int32Array.of(0, 1, 1, 2), nodeLabels: new Int32Array(0), classLabel: 0 },
    ...{ attributes: Float32Array.from(attributes), edgeAttributes: Float32Array.from(edgeAttributes) },
  };
  return {
    ...{ name: 'X', rawGraphs: [graph, graph], classNames: ['0'], distinctNodeLabels: [], hash: '' },
    ...{ attributeWidth: 2, edgeAttributeWidth: 3 },
  };
}

describe('encodeEmbedded', () => {
  it('makes labels of distinct rows: of nodes in ascending order, of edges the most frequent first', () => {
    const common = datasetOf([5, 1, 5, 0, 5, 1], [1, 0, 1, 0, 0, 0]);
    const rare = datasetOf([5, 1, 5, 1, 5, 1], [1, 0, 1, 1, 0, 1]);
    const dataset = { ...common, rawGraphs: [...common.rawGraphs, ...rare.rawGraphs] };
    const { graphs, layout } = encodeEmbedded(dataset, wholeColumns(dataset));
    assert.deepEqual(layout, {
      ...{ kind: 'embedded', width: 2, attributeWidth: 0, labelColumns: 2 },
      rows: Float32Array.of(5, 0, 5, 1),
      edgeRows: { width: 3, values: Float32Array.of(1, 0, 1, 0, 0, 0) },
    });
    assert.deepEqual([...graphs[0].nodeLabels], [1, 0, 1]);
    assert.deepEqual([...(graphs[0].edgeLabels ?? [])], [0, 1]);
    assert.deepEqual([...collate(graphs, layout).features.subarray(0, 6)], [5, 1, 5, 0, 5, 1]);
  });

  it('tells rows apart whose numbers are too large for one number', () => {
    const large = datasetOf([999_999, 1, 999_999, 0, 7, 1], [999_999, 999_999, 999_998, 999_999, 999_999, 999_999]);
    const { graphs, layout } = encodeEmbedded(large, wholeColumns(large));
    assert.deepEqual([...graphs[0].nodeLabels], [2, 1, 0]);
    assert.deepEqual([...(graphs[0].edgeLabels ?? [])], [0, 1]);
    assert.deepEqual([...(layout.edgeRows?.values ?? [])].slice(3), [999_999, 999_999, 999_999]);
  });

  it('leaves edges without labels where their attributes are no whole numbers', () => {
    const dataset = datasetOf([1, 1, 1, 1, 1, 1], [0.5, 0, 0, 0, 0, 0]);
    const { graphs, layout } = encodeEmbedded(dataset, wholeColumns(dataset));
    assert.equal(layout.edgeRows, undefined);
    assert.equal(graphs[0].edgeLabels, undefined);
  });
});
