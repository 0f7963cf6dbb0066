import assert from 'node:assert/strict';
import * as setting from '../../../server/src/defense/settings';

describe('settings', () => {
  const cases: readonly [name: string, setting.Setting<unknown>, good: unknown[], bad: unknown[]][] = [
    ['count', setting.count(3), [1, 3, 1_000_000], [0, -1, 1.5, 1e7, '3', null, undefined, Number.NaN]],
    ['count from 2', setting.count(3, 2), [2], [1]],
    ['share', setting.share(0.5), [0, 0.5, 1], [-0.1, 1.1, true]],
    ['positiveShare', setting.positiveShare(0.5), [0.01, 1], [0, 1.1]],
    ['positive', setting.positive(1), [1e-9, 50], [0, -1, Infinity]],
    ['weight', setting.weight(1), [0, 7], [-1, Infinity]],
    ['within', setting.within(2, 1, 4), [1, 2.5, 4], [0.99, 4.01]],
    ['flag', setting.flag(false), [true, false], [0, 'true']],
    ['oneOf', setting.oneOf('a', ['a', 'b']), ['a', 'b'], ['c', 0]],
  ];
  for (const [name, one, good, bad] of cases) {
    it(`${name} accepts ${one.allowed}, its default among them`, () => {
      assert.ok(one.accepts(one.default));
      for (const value of good) assert.ok(one.accepts(value), String(value));
      for (const value of bad) assert.ok(!one.accepts(value), String(value));
    });
  }

  it('can be given other defaults, and keep their ranges', () => {
    const table = { rounds: setting.count(8), share: setting.share(0.4) };
    const changed = setting.withDefaults(table, { rounds: 2 });
    assert.deepEqual(setting.defaultsOf(changed), { rounds: 2, share: 0.4 });
    assert.deepEqual(setting.defaultsOf(table), { rounds: 8, share: 0.4 });
    assert.ok(!changed.rounds.accepts(0));
  });
});
