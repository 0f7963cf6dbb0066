import assert from 'node:assert/strict';
import { resolveAttackOptions } from '../../../server/src/attack/attackOptions';
import { drawPoisoned } from '../../../server/src/attack/drawPoisoned';
import { Rng } from '../../../server/src/graph/rng';
import { graphOf } from '../../support/graphs';

describe('drawPoisoned', () => {
  const train = Array.from({ length: 100 }, (_, i) => graphOf(i % 5 === 4 ? 4 : 9, { classLabel: i % 2 }));
  const draw = (kind: 'gta' | 'clean-label', poisoningRate?: number): number[] =>
    drawPoisoned({ train, options: resolveAttackOptions({ kind, target: 1, poisoningRate }) }, 4, new Rng(1));

  it('takes graphs larger than the trigger, of other classes or with clean labels of the target', () => {
    for (const kind of ['gta', 'clean-label'] as const) {
      const poisoned = draw(kind);
      assert.equal(poisoned.length, 10);
      for (const id of poisoned) {
        assert.equal(train[id].classLabel, kind === 'gta' ? 0 : 1);
        assert.equal(train[id].nodeCount, 9);
      }
      assert.equal(draw(kind, 1).length, 40);
    }
  });

  it('refuses a rate that poisons nothing', () => {
    assert.throws(() => draw('gta', 0.001), { name: 'AttackError' });
  });
});
