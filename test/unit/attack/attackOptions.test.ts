import assert from 'node:assert/strict';
import {
  attackKinds,
  attacksWith,
  optionsInForce,
  requireAttackOptions,
  resolveAttackOptions,
} from '../../../server/src/attack/attackOptions';

describe('options of attacks', () => {
  const gta = { kind: 'gta', target: 1 } as const;

  it('have defaults, also where they are given as undefined', () => {
    const resolved = resolveAttackOptions({ ...gta, poisoningRate: undefined, rounds: 2 });
    const expected = { ...gta, poisoningRate: 0.1, density: 0.8, rounds: 2, generatorEpochs: 15, flatness: 1 };
    assert.deepEqual(resolved, expected);
  });

  it('in force are those that the attack has', () => {
    assert.deepEqual(optionsInForce(gta), { ...gta, poisoningRate: 0.1, rounds: 4, generatorEpochs: 15 });
    const topology = { kind: 'topology', target: 0, triggerNodes: 3, poisoningRate: 0.1 } as const;
    assert.deepEqual(optionsInForce({ ...topology, flatness: 3, density: 0.1 }), topology);
    assert.deepEqual(attacksWith('flatness'), ['adaptive']);
    assert.deepEqual(attacksWith('target'), attackKinds);
  });

  it('are refused outside their ranges', () => {
    for (const [changed, reason] of [
      [{ target: 2 }, /there is no class 2: the model has 2/],
      [{ target: 0.5 }, /no class 0\.5/],
      [{ poisoningRate: 0 }, /the poisoning rate must lie above 0/],
      [{ density: NaN }, /the density must lie above 0/],
      [{ triggerNodes: 1 }, /at least 2 nodes, got 1/],
      [{ rounds: 0 }, /rounds must be a whole number/],
      [{ generatorEpochs: 1.5 }, /generatorEpochs must be a whole number/],
      [{ flatness: Infinity }, /flatness must be a number from 0 on/],
    ] as const) {
      const options = resolveAttackOptions({ ...gta, ...changed });
      assert.throws(() => requireAttackOptions(options, 2), { name: 'AttackError', kind: 'gta', reason });
    }
    assert.doesNotThrow(() => requireAttackOptions(resolveAttackOptions({ ...gta, flatness: 0 }), 2));
  });
});
