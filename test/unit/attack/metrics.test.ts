import assert from 'node:assert/strict';
import fc from 'fast-check';
import { accuracy, attackMetrics, defenseEffectiveness, wilsonInterval } from '../../../server/src/attack/metrics';

describe('accuracy', () => {
  it('is the share of equal values', () => {
    assert.equal(accuracy([0, 1, 1, 0], Int32Array.of(0, 1, 0, 0)), 0.75);
  });

  it('is not defined for nothing or unequal lengths', () => {
    assert.throws(() => accuracy([], []), RangeError);
    assert.throws(() => accuracy([1], [1, 0]), RangeError);
  });
});

describe('attackMetrics', () => {
  it('separates flips from graphs that were predicted as the target anyway', () => {
    // Target 1: clean predictions hold one hit, triggered ones three, two of them flips.
    assert.deepEqual(attackMetrics([1, 0, 0, 2, 0], [1, 1, 1, 2, 0], 1), {
      asr: 0.6,
      flipAsr: 0.5,
      cleanTargetRate: 0.2,
      count: 5,
      flipCount: 4,
    });
  });

  it('gives no flip ASR where every graph is predicted as the target when clean', () => {
    assert.deepEqual(attackMetrics([1, 1], [1, 0], 1), { asr: 0.5, cleanTargetRate: 1, count: 2, flipCount: 0 });
  });

  it('keeps its figures consistent', () => {
    const predictions = fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(predictions, (pairs) => {
        const metrics = attackMetrics(
          pairs.map(([clean]) => clean),
          pairs.map(([, triggered]) => triggered),
          2,
        );
        assert.ok(metrics.asr * metrics.count >= (metrics.flipAsr ?? 0) * metrics.flipCount - 1e-9);
        assert.equal(metrics.flipCount, Math.round(metrics.count * (1 - metrics.cleanTargetRate)));
      }),
      { seed: 3, numRuns: 100 },
    );
  });
});

describe('wilsonInterval', () => {
  const close = (actual: number, expected: number): void => assert.ok(Math.abs(actual - expected) < 5e-5, `${actual}`);

  it('matches published values', () => {
    // Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
    const cases: [number, number, number, number][] = [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ];
    for (const [successes, count, low, high] of cases) {
      const interval = wilsonInterval(successes, count);
      close(interval.low, low);
      close(interval.high, high);
      assert.equal(interval.value, successes / count);
      assert.equal(interval.count, count);
    }
  });

  it('stays within [0, 1] around its value', () => {
    for (let count = 1; count < 60; count++) {
      for (let successes = 0; successes <= count; successes++) {
        const { low, value, high } = wilsonInterval(successes, count);
        assert.ok(0 <= low && low <= value && value <= high && high <= 1);
      }
    }
  });

  it('knows nothing from no graphs', () => {
    assert.deepEqual(wilsonInterval(0, 0), { value: 0, low: 0, high: 1, count: 0 });
  });
});

describe('defenseEffectiveness', () => {
  it('weighs lost ASR against lost accuracy', () => {
    assert.equal(defenseEffectiveness({ acc: 0.9, asr: 1 }, { acc: 0.9, asr: 0 }), 1);
    assert.equal(defenseEffectiveness({ acc: 0.9, asr: 1 }, { acc: 0.9, asr: 1 }), 0.5);
    assert.ok(Math.abs(defenseEffectiveness({ acc: 0.9, asr: 0.9 }, { acc: 0.8, asr: 0.2 }) - 0.8) < 1e-12);
  });

  it('gives nothing for gained accuracy or gained ASR', () => {
    assert.equal(defenseEffectiveness({ acc: 0.5, asr: 0.1 }, { acc: 0.9, asr: 0.5 }), 0.5);
  });
});
