import assert from 'node:assert/strict';
import fc from 'fast-check';
import { collate } from '../../../server/src/graph/batch';
import type { FeatureLayout } from '../../../server/src/graph/graph';
import { arbitraryGraph, edgePairs, graphOf } from '../../support/graphs';

const labels: FeatureLayout = { kind: 'labels', width: 5, attributeWidth: 0, labelColumns: 5 };

describe('collate', () => {
  const path = graphOf(3, {
    edges: [
      [0, 1],
      [1, 2],
    ],
    labels: [0, 1, 0],
    attributes: [0.5, 1.5, 2.5],
    classLabel: 1,
  });
  const pair = graphOf(2, { edges: [[0, 1]], labels: [1, 1], attributes: [3.5, 4.5] });

  it('joins graphs block by block', () => {
    const batch = collate([path, pair], { kind: 'labels', width: 2, attributeWidth: 0, labelColumns: 2 });
    assert.equal(batch.graphCount, 2);
    assert.equal(batch.nodeCount, 5);
    assert.deepEqual([...batch.nodeOffsets], [0, 3, 5]);
    assert.deepEqual([...batch.rowOffsets], [0, 1, 3, 4, 5, 6]);
    assert.deepEqual([...batch.columns], [1, 0, 2, 1, 4, 3]);
    assert.deepEqual([...batch.degrees], [1, 2, 1, 1, 1]);
    assert.deepEqual([...batch.classLabels], [1, 0]);
    assert.deepEqual([...batch.features], [1, 0, 0, 1, 1, 0, 0, 1, 0, 1]);
  });

  it('puts attributes before labels', () => {
    const layout: FeatureLayout = { kind: 'labels+attributes', width: 3, attributeWidth: 1, labelColumns: 2 };
    assert.deepEqual([...collate([pair], layout).features], [3.5, 0, 1, 4.5, 0, 1]);
  });

  it('takes attributes alone', () => {
    const layout: FeatureLayout = { kind: 'attributes', width: 1, attributeWidth: 1, labelColumns: 0 };
    assert.deepEqual([...collate([path], layout).features], [0.5, 1.5, 2.5]);
  });

  it('makes degrees one-hot, the last column for all above', () => {
    const star = graphOf(4, {
      edges: [
        [0, 1],
        [0, 2],
        [0, 3],
      ],
    });
    const layout: FeatureLayout = { kind: 'degree', width: 3, attributeWidth: 0, labelColumns: 0 };
    assert.deepEqual([...collate([star], layout).features], [0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0]);
  });

  it('makes constant features of ones', () => {
    const layout: FeatureLayout = { kind: 'constant', width: 2, attributeWidth: 0, labelColumns: 0 };
    assert.deepEqual([...collate([pair], layout).features], [1, 1, 1, 1]);
  });

  it('keeps every graph as it is alone, shifted by its offset', () => {
    fc.assert(
      fc.property(fc.array(arbitraryGraph, { minLength: 1, maxLength: 6 }), (graphs) => {
        const batch = collate(graphs, labels);
        graphs.forEach((graph, g) => {
          const alone = collate([graph], labels);
          const first = batch.nodeOffsets[g];
          for (let node = 0; node < graph.nodeCount; node++) {
            const row = batch.columns.subarray(batch.rowOffsets[first + node], batch.rowOffsets[first + node + 1]);
            const own = alone.columns.subarray(alone.rowOffsets[node], alone.rowOffsets[node + 1]);
            assert.deepEqual(
              [...row],
              Array.from(own, (other) => other + first),
            );
          }
          const span = batch.features.subarray(first * 5, (first + graph.nodeCount) * 5);
          assert.deepEqual([...span], [...alone.features]);
        });
        assert.equal(batch.columns.length, 2 * graphs.reduce((sum, graph) => sum + edgePairs(graph).length, 0));
      }),
      { seed: 5, numRuns: 100 },
    );
  });

  it('gives nodes the rows of their labels, and neighbours the labels of edges, where the layout has rows', () => {
    const layout: FeatureLayout = {
      ...{ kind: 'embedded', width: 2, attributeWidth: 0, labelColumns: 2 },
      rows: Float32Array.of(7, 0, 8, 3),
      edgeRows: { width: 1, values: Float32Array.of(0, 4) },
    };
    const batch = collate([{ ...path, edgeLabels: Int32Array.of(1, 0) }, pair], layout);
    assert.deepEqual([...batch.features], [7, 0, 8, 3, 7, 0, 8, 3, 8, 3]);
    assert.deepEqual([...batch.columns], [1, 0, 2, 1, 4, 3]);
    // What nobody gives a label has the most frequent one.
    assert.deepEqual([...(batch.edgeLabels ?? [])], [1, 1, 0, 0, 0, 0]);
    assert.equal(collate([path], labels).edgeLabels, undefined);
  });
});
