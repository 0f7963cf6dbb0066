import assert from 'node:assert/strict';
import { NeighbourChanges } from '../../../../server/src/gnn/local/neighbourChanges';
import { collate } from '../../../../server/src/graph/batch';
import { noEdit, type GraphEdit } from '../../../../server/src/graph/edit';
import type { FeatureLayout } from '../../../../server/src/graph/graph';
import { graphOf } from '../../../support/graphs';

const layout: FeatureLayout = { kind: 'labels', width: 3, attributeWidth: 0, labelColumns: 3 };
/** An edge, and a path of three nodes behind it, which are nodes 2 to 4 of the batch. */
const batch = collate(
  [
    graphOf(2, { edges: [[0, 1]], labels: [0, 1] }),
    graphOf(3, {
      edges: [
        [0, 1],
        [1, 2],
      ],
      labels: [0, 1, 2],
    }),
  ],
  layout,
);
const changes = (edit: Partial<GraphEdit>, graph = 1): NeighbourChanges =>
  new NeighbourChanges(batch, graph, { ...noEdit, ...edit });
const neighbours = (changed: NeighbourChanges, node: number): number[] => {
  const list: number[] = [];
  changed.appendNeighbours(node, list);
  return list;
};

describe('NeighbourChanges', () => {
  it('tells the neighbours and degrees of changed, appended and other nodes', () => {
    const changed = changes({
      appended: 1,
      removedEdges: Int32Array.of(0, 1),
      addedEdges: Int32Array.of(0, 2, 2, 3),
      nodes: Int32Array.of(3),
      nodeLabels: Int32Array.of(0),
    });
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5].map((node) => neighbours(changed, node)),
      [[1], [0], [4], [4], [3, 2, 5], [4]],
    );
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5].map((node) => changed.degree(node)),
      [1, 1, 1, 1, 3, 1],
    );
    assert.deepEqual([...changed.ends()].sort(), [2, 3, 4, 5]);
    assert.deepEqual([changed.numberOf(0), changed.numberOf(3)], [2, 5]);
  });

  it('refuses edits that do not fit the graph', () => {
    const refused: [Partial<GraphEdit>, RegExp][] = [
      [{ removedEdges: Int32Array.of(0, 2) }, /an edge to remove is not in the graph/],
      [{ addedEdges: Int32Array.of(1, 2) }, /an edge to add is in the graph already/],
      [{ addedEdges: Int32Array.of(0, 3) }, /there is no node 3 among the 3 and 0 appended/],
      [{ addedEdges: Int32Array.of(-1, 2) }, /there is no node -1/],
      [{ nodes: Int32Array.of(0, 1), nodeLabels: Int32Array.of(1) }, /1 labels are given for 2 nodes/],
      [{ nodes: Int32Array.of(0), nodeLabels: Int32Array.of(3) }, /a label is given that is not among the 3 columns/],
      [{ nodes: Int32Array.of(0), attributes: Float32Array.of(3) }, /1 attributes are given for 1 nodes of 0/],
      [{ appended: 1 }, /appended nodes are given no features/],
    ];
    for (const [edit, message] of refused) assert.throws(() => changes(edit), { name: 'RangeError', message });
    assert.throws(() => changes({}, 2), /there is no graph 2, only 2/);
  });
});
