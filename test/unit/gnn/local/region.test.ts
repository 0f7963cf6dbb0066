import assert from 'node:assert/strict';
import { RegionFinder } from '../../../../server/src/gnn/local/region';
import { collate } from '../../../../server/src/graph/batch';
import { noEdit, type GraphEdit } from '../../../../server/src/graph/edit';
import type { FeatureLayout } from '../../../../server/src/graph/graph';
import { graphOf } from '../../../support/graphs';

const layout: FeatureLayout = { kind: 'labels', width: 2, attributeWidth: 0, labelColumns: 2 };
/** A path of 20 nodes of label 0. */
const path = graphOf(20, {
  edges: Array.from({ length: 19 }, (_, i) => [i, i + 1] as const),
  labels: new Array<number>(20).fill(0),
});

/** Nodes by the layer that an edit reaches them in first. */
function byLayer(edit: Partial<GraphEdit>, graphLayout = layout, layers = 3): number[][] {
  const finder = new RegionFinder(collate([path], graphLayout), layers);
  const { nodes, reached } = finder.find(0, { ...noEdit, ...edit });
  assert.equal(reached.length, layers + 1);
  assert.equal(nodes.length, reached[layers]);
  return reached.map((end, layer) => nodes.slice(layer === 0 ? 0 : reached[layer - 1], end).sort((a, b) => a - b));
}

describe('RegionFinder', () => {
  it('reaches as many edges far from changed features as there are layers', () => {
    const relabelled = { nodes: Int32Array.of(10), nodeLabels: Int32Array.of(1) };
    assert.deepEqual(byLayer(relabelled), [[10], [9, 11], [8, 12], [7, 13]]);
  });

  it('reaches the ends of changed edges in the first layer', () => {
    assert.deepEqual(byLayer({ removedEdges: Int32Array.of(10, 11) }), [[], [10, 11], [9, 12], [8, 13]]);
    assert.deepEqual(byLayer({ addedEdges: Int32Array.of(3, 15) }, layout, 2), [[], [3, 15], [2, 4, 14, 16]]);
  });

  it('reaches the ends of changed edges in the features where these are degrees', () => {
    const degrees: FeatureLayout = { kind: 'degree', width: 3, attributeWidth: 0, labelColumns: 0 };
    // Nodes 0 and 19 become of degree 2; at nodes of degree 2 already, the last column stands for all above.
    assert.deepEqual(byLayer({ addedEdges: Int32Array.of(0, 19) }, degrees, 1), [
      [0, 19],
      [1, 18],
    ]);
    assert.deepEqual(byLayer({ addedEdges: Int32Array.of(5, 15) }, degrees, 1), [[], [5, 15]]);
  });

  it('reaches noEdit by giving nodes what they have', () => {
    const same = { nodes: Int32Array.of(4, 5), nodeLabels: Int32Array.of(0, 0) };
    assert.deepEqual(byLayer(same), [[], [], [], []]);
    assert.deepEqual(byLayer({}), [[], [], [], []]);
  });

  it('puts appended nodes first, numbered behind the batch', () => {
    const appended = {
      appended: 2,
      addedEdges: Int32Array.of(0, 20, 20, 21),
      nodes: Int32Array.of(20, 21),
      nodeLabels: Int32Array.of(0, 0),
    };
    assert.deepEqual(byLayer(appended, layout, 2), [[20, 21], [0], [1]]);
  });

  it('finds the same after any other search, also after one that failed', () => {
    const finder = new RegionFinder(collate([path], layout), 2);
    const edit = { ...noEdit, addedEdges: Int32Array.of(3, 15) };
    const first = finder.find(0, edit);
    finder.find(0, { ...noEdit, nodes: Int32Array.of(3), nodeLabels: Int32Array.of(1) });
    assert.throws(() => finder.find(0, { ...edit, removedEdges: Int32Array.of(0, 9) }), RangeError);
    assert.deepEqual(finder.find(0, edit), first);
  });
});
