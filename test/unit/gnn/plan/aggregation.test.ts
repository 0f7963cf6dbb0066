import assert from 'node:assert/strict';
import { aggregation, type Weighing } from '../../../../server/src/gnn/plan/aggregation';
import { collate } from '../../../../server/src/graph/batch';
import { foldingOf, unfolded } from '../../../../server/src/graph/fold';
import { pytorchGraphs, pytorchLayout } from '../../../support/pytorchModels';
import { assertClose } from '../../defense/assertClose';

const weighings: readonly Weighing[] = [
  { selfLoop: 0 },
  { selfLoop: 1 },
  { selfLoop: 0, own: 1.5 },
  { selfLoop: 0, dividedBy: 'receiver' },
  { selfLoop: 1, dividedBy: 'receiver', own: 0.5 },
  { selfLoop: 0, dividedBy: 'both' },
  { selfLoop: 2, dividedBy: 'both' },
];

/** The definition on the dense adjacency matrix of all graphs, `[nodes, nodes]`. */
function dense({ selfLoop, dividedBy, own = 0 }: Weighing): number[][] {
  const { nodeCount, rowOffsets, columns } = collate(pytorchGraphs, pytorchLayout);
  const matrix = Array.from({ length: nodeCount }, () => new Array<number>(nodeCount).fill(0));
  matrix.forEach((row, v) => {
    for (let e = rowOffsets[v]; e < rowOffsets[v + 1]; e++) row[columns[e]] = 1;
    row[v] = selfLoop;
  });
  const degrees = matrix.map((row) => Math.max(1, row.reduce((sum, weight) => sum + weight, 0))); // prettier-ignore
  return matrix.map((row, v) =>
    row.map((weight, u) => {
      const divisors = { receiver: degrees[v], both: Math.sqrt(degrees[v] * degrees[u]) };
      return weight / (dividedBy === undefined ? 1 : divisors[dividedBy]) + (u === v ? own : 0);
    }),
  );
}

describe('aggregation', () => {
  for (const weighing of weighings) {
    it(`has the weights of ${JSON.stringify(weighing)}`, () => {
      const batch = collate(pytorchGraphs, pytorchLayout);
      const folding = unfolded(batch);
      const { shape, rowOffsets, columnIndices, values } = aggregation(batch, folding, 1, weighing);
      const expected = dense(weighing);
      assert.deepEqual(shape, [batch.nodeCount, batch.nodeCount]);
      for (let v = 0; v < batch.nodeCount; v++) {
        const row = new Array<number>(batch.nodeCount).fill(0);
        for (let k = rowOffsets[v]; k < rowOffsets[v + 1]; k++) row[columnIndices[k]] = values[k];
        assertClose(row, expected[v], `row ${v}`);
      }
    });
  }

  it('is made once for a folding, and apart for other weights', () => {
    const batch = collate(pytorchGraphs, pytorchLayout);
    const folding = foldingOf(batch);
    const first = aggregation(batch, folding, 1, { selfLoop: 1 });
    assert.equal(aggregation(batch, folding, 1, { selfLoop: 1 }), first);
    assert.notEqual(aggregation(batch, folding, 1, { selfLoop: 0 }), first);
    assert.notEqual(aggregation(batch, folding, 2, { selfLoop: 1 }), first);
  });
});
