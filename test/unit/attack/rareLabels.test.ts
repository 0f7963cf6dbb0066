import assert from 'node:assert/strict';
import { rareLabels } from '../../../server/src/attack/rareLabels';
import { graphOf } from '../../support/graphs';

const graphs = [graphOf(1000, { labels: Array.from({ length: 1000 }, (_, i) => (i < 900 ? 2 : i < 990 ? 0 : 3)) })];

describe('rareLabels', () => {
  it('takes the rarest that occur, in turn, and never the most frequent', () => {
    // Label 1 does not occur.
    assert.deepEqual(rareLabels(graphs, 4, 1), [3]);
    assert.deepEqual(rareLabels(graphs, 4, 5), [3, 0, 3, 0, 3]);
  });

  it('takes the only one where there is no choice', () => {
    assert.deepEqual(rareLabels([graphOf(2, { labels: [0, 0] })], 1, 2), [0, 0]);
  });
});
