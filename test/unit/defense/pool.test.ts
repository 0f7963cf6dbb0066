import assert from 'node:assert/strict';
import { drawPool, pairedBatches, pairedRows } from '../../../server/src/defense/pool';
import { Rng } from '../../../server/src/graph/rng';
import { graphOf } from '../../support/graphs';

const layout = { kind: 'labels', width: 3, attributeWidth: 0, labelColumns: 3 } as const;

const path = (nodes: number, classLabel: number): ReturnType<typeof graphOf> =>
  graphOf(nodes, {
    classLabel,
    edges: Array.from({ length: nodes - 1 }, (_, v) => [v, v + 1] as const),
    labels: Array.from({ length: nodes }, (_, v) => v % 3),
  });

describe('pool', () => {
  it('repeats graphs of the rarer class only when asked to', () => {
    const clean = [path(8, 0), path(8, 0), path(8, 0), path(8, 0), path(9, 1)];
    const share = (oversample: boolean): number => {
      const { graphs } = drawPool(clean, { poolSize: 400, oversample }, new Rng(1));
      assert.equal(graphs.length, 400);
      return graphs.filter((graph) => graph.classLabel === 1).length / 400;
    };
    assert.ok(Math.abs(share(false) - 0.2) < 0.06);
    assert.ok(Math.abs(share(true) - 0.5) < 0.06);
  });

  it('pairs every graph with its own copy, each in exactly one batch', () => {
    const graphs = Array.from({ length: 7 }, (_, i) => path(3 + i, 0));
    const copies = graphs.map((graph) => path(graph.nodeCount + 10, 1));
    const batches = pairedBatches(graphs, copies, 3, layout, new Rng(2));
    assert.deepEqual(
      batches.map(({ members }) => members.length),
      [3, 3, 1],
    );
    assert.deepEqual(batches.flatMap(({ members }) => [...members]).sort(), [0, 1, 2, 3, 4, 5, 6]);
    for (const { batch, members } of batches) {
      const sizes = Array.from(members, (i) => graphs[i].nodeCount);
      const expected = [...sizes, ...sizes.map((size) => size + 10)];
      assert.deepEqual(
        expected.map((_, g) => batch.nodeOffsets[g + 1] - batch.nodeOffsets[g]),
        expected,
      );
    }
  });

  it('lays out rows for graphs and again for copies', () => {
    const rows = pairedRows(Float32Array.of(0, 1, 10, 11, 20, 21), 2, Int32Array.of(2, 0));
    assert.deepEqual([...rows], [20, 21, 0, 1, 20, 21, 0, 1]);
  });
});
