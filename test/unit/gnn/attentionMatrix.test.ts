import assert from 'node:assert/strict';
import { attentionMatrix, type AttentionWeighting } from '../../../server/src/gnn/attentionMatrix';
import { collate } from '../../../server/src/graph/batch';
import { foldingOf, unfolded } from '../../../server/src/graph/fold';
import type { FeatureLayout } from '../../../server/src/graph/graph';
import { graphOf } from '../../support/graphs';
import { denseOf } from '../../support/sparse';
import { assertClose } from '../defense/assertClose';

const layout: FeatureLayout = { kind: 'constant', width: 1, attributeWidth: 0, labelColumns: 0 };
/** A star of three leaves, and a node alone. */
const star = graphOf(4, {
  edges: [
    [0, 1],
    [0, 2],
    [0, 3],
  ],
});
const batch = collate([star, graphOf(1)], layout);
const [edge, log2] = [1 / Math.sqrt(8), Math.log(2)];

const expected: Record<AttentionWeighting, number[][]> = {
  propagate: [
    [1 / 4, edge, edge, edge, 0],
    [edge, 1 / 2, 0, 0, 0],
    [edge, 0, 1 / 2, 0, 0],
    [edge, 0, 0, 1 / 2, 0],
    [0, 0, 0, 0, 1],
  ],
  none: diagonal(1, 1, 1, 1, 1),
  rsqrt: diagonal(1 / 2, ...new Array<number>(3).fill(Math.SQRT1_2), 1),
  inverse: diagonal(1 / 4, 1 / 2, 1 / 2, 1 / 2, 1),
  log: diagonal(Math.log(4), log2, log2, log2, 0),
  max: diagonal(1, 1 / 3, 1 / 3, 1 / 3, 0),
};

function diagonal(...values: number[]): number[][] {
  return values.map((value, v) => values.map((_, u) => (u === v ? value : 0)));
}

describe('attentionMatrix', () => {
  for (const [weighting, rows] of Object.entries(expected) as [AttentionWeighting, number[][]][]) {
    it(`weighs nodes by their degree (${weighting})`, () => {
      const nodes = denseOf(attentionMatrix(batch, unfolded(batch).level(0), weighting));
      assertClose(nodes.flat(), rows.flat(), 'nodes', 1e-6);
      // Hub, leaves and the node alone: columns of equal nodes are added up.
      const classes = foldingOf(batch).level(1);
      const folded = rows.map((row) => [row[0], row[1] + row[2] + row[3], row[4]]);
      assertClose(denseOf(attentionMatrix(batch, classes, weighting)).flat(), folded.flat(), 'classes', 1e-6);
      assert.equal(attentionMatrix(batch, classes, weighting), attentionMatrix(batch, classes, weighting));
    });
  }
});
