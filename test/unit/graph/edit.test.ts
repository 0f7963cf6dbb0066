import assert from 'node:assert/strict';
import { applyEdit, noEdit, type GraphEdit } from '../../../server/src/graph/edit';
import { edgePairs, graphOf } from '../../support/graphs';

const path = graphOf(4, {
  edges: [
    [0, 1],
    [1, 2],
    [2, 3],
  ],
  labels: [0, 1, 2, 3],
  attributes: [0, 0, 1, 1, 2, 2, 3, 3],
  classLabel: 1,
});

describe('applyEdit', () => {
  it('leaves a graph alone where there is noEdit to change', () => {
    assert.deepEqual(applyEdit(path, noEdit), path);
  });

  it('removes and adds edges, in order', () => {
    const edited = applyEdit(path, {
      ...noEdit,
      removedEdges: Int32Array.of(0, 1, 2, 3),
      addedEdges: Int32Array.of(0, 2, 0, 3, 1, 3),
    });
    assert.deepEqual(edgePairs(edited), [
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
    ]);
    assert.equal(edited.classLabel, 1);
  });

  it('sets features of the named nodes, appended ones included', () => {
    const edited = applyEdit(path, {
      ...noEdit,
      appended: 1,
      addedEdges: Int32Array.of(2, 4),
      nodes: Int32Array.of(4, 1),
      nodeLabels: Int32Array.of(8, 9),
      attributes: Float32Array.of(80, 81, 90, 91),
    });
    assert.equal(edited.nodeCount, 5);
    assert.deepEqual([...edited.nodeLabels], [0, 9, 2, 3, 8]);
    assert.deepEqual([...edited.attributes], [0, 0, 90, 91, 2, 2, 3, 3, 80, 81]);
    assert.deepEqual([...path.nodeLabels], [0, 1, 2, 3]);
  });

  it('sets labels alone, or attributes alone', () => {
    const nodes = Int32Array.of(3);
    const relabelled = applyEdit(path, { ...noEdit, nodes, nodeLabels: Int32Array.of(7) });
    assert.deepEqual([...relabelled.nodeLabels], [0, 1, 2, 7]);
    assert.equal(relabelled.attributes, path.attributes);
    const moved = applyEdit(path, { ...noEdit, nodes, attributes: Float32Array.of(7, 8) });
    assert.deepEqual([...moved.attributes.subarray(6)], [7, 8]);
    assert.equal(moved.nodeLabels, path.nodeLabels);
  });

  it('refuses to remove what is not there, and to add what is', () => {
    const edit = (edges: Partial<GraphEdit>) => () => applyEdit(path, { ...noEdit, ...edges });
    assert.throws(edit({ removedEdges: Int32Array.of(0, 3) }), /there is no edge 0-3 to remove/);
    assert.throws(edit({ removedEdges: Int32Array.of(0, 3, 1, 2) }), RangeError);
    assert.throws(edit({ addedEdges: Int32Array.of(1, 2) }), /edge 1-2 is there already/);
  });

  it('keeps the labels of edges, and gives added ones label 0', () => {
    const labelled = { ...path, edgeLabels: Int32Array.of(3, 1, 2) };
    assert.deepEqual(applyEdit(labelled, noEdit), labelled);
    const edited = applyEdit(labelled, {
      ...noEdit,
      appended: 1,
      removedEdges: Int32Array.of(1, 2),
      addedEdges: Int32Array.of(0, 3, 1, 4),
    });
    assert.deepEqual(edgePairs(edited), [
      [0, 1],
      [0, 3],
      [1, 4],
      [2, 3],
    ]);
    assert.deepEqual([...(edited.edgeLabels ?? [])], [3, 0, 0, 2]);
  });
});
