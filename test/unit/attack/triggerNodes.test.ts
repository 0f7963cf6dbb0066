import assert from 'node:assert/strict';
import { attackKinds } from '../../../server/src/attack/attacks';
import { triggerNodes } from '../../../server/src/attack/triggerNodes';
import { graphOf } from '../../support/graphs';

const train = (nodes: number): ReturnType<typeof graphOf>[] => [graphOf(nodes - 5), graphOf(nodes + 5)];

describe('triggerNodes', () => {
  it('takes what is asked for', () => {
    for (const kind of attackKinds) assert.equal(triggerNodes({ kind, target: 0, triggerNodes: 3 }, train(30)), 3);
  });

  it('is a fifth of the mean size for random subgraphs, within limits', () => {
    const sizes = (kind: 'subgraph' | 'clean-label'): number[] =>
      [10, 30, 35, 300].map((nodes) => triggerNodes({ kind, target: 0 }, train(nodes)));
    assert.deepEqual(sizes('subgraph'), [4, 6, 7, 8]);
    assert.deepEqual(sizes('clean-label'), [6, 6, 7, 8]);
  });

  it('does not depend on the data otherwise', () => {
    for (const kind of ['gta', 'adaptive', 'motif', 'topology', 'feature', 'new-nodes'] as const) {
      const size = triggerNodes({ kind, target: 0 }, train(10));
      assert.ok(size >= 4 && size <= 5);
      assert.equal(triggerNodes({ kind, target: 0 }, train(300)), size);
    }
  });
});
