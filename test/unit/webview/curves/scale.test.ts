import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { linearScale, logScale, lossScale } from '../../../../webview/curves/scale';

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true, noDefaultInfinity: true });
const positive = fc.double({ min: 1e-9, max: 1e9, noNaN: true, noDefaultInfinity: true });

describe('linearScale', () => {
  it('has round ticks that hold all values', () => {
    const scale = linearScale([0.93, 0.977]);
    assert.deepEqual(scale.ticks, [0.92, 0.94, 0.96, 0.98]);
    assert.equal(scale.position(0.92), 0);
    assert.equal(scale.position(0.98), 1);
  });

  it('puts a flat line in the middle', () => {
    const scale = linearScale([5, 5, 5]);
    assert.ok(Math.abs(scale.position(5) - 0.5) < 0.2);
  });

  it('has an axis where there is nothing to show', () => {
    assert.deepEqual([linearScale([]).low, linearScale([Number.NaN]).high], [0, 1]);
  });

  it('keeps every value on the axis and every tick in order', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1 }), (values) => {
        const { ticks, position } = linearScale(values);
        assert.ok(values.every((value) => position(value) >= -1e-6 && position(value) <= 1 + 1e-6));
        assert.ok(ticks.length >= 2 && ticks.length <= 8);
        assert.ok(ticks.every((tick, i) => i === 0 || tick > ticks[i - 1]));
      }),
      { seed: 1 },
    );
  });
});

describe('logScale', () => {
  it('runs over whole decades', () => {
    const scale = logScale([0.003, 0.7]);
    assert.deepEqual([scale.low, scale.high], [0.001, 1]);
    assert.ok(Math.abs(scale.position(0.01) - 1 / 3) < 1e-9);
  });

  it('draws what has no logarithm at the bottom', () => {
    assert.equal(logScale([0.1, 1]).position(0), 0);
    assert.equal(logScale([0.1, 1]).position(-3), 0);
  });

  it('keeps positive values on the axis with at most six labels', () => {
    fc.assert(
      fc.property(fc.array(positive, { minLength: 1 }), (values) => {
        const { ticks, position } = logScale(values);
        assert.ok(values.every((value) => position(value) >= 0 && position(value) <= 1 + 1e-9));
        assert.ok(ticks.length >= 2 && ticks.length <= 6);
      }),
      { seed: 2 },
    );
  });
});

describe('lossScale', () => {
  it('begins at zero while the values are of one size', () => {
    const scale = lossScale([0.2, 1.6]);
    assert.equal(scale.kind, 'linear');
    assert.equal(scale.low, 0);
  });

  it('is logarithmic where they differ more than a hundredfold', () => {
    assert.equal(lossScale([0.001, 0.5]).kind, 'log');
  });
});
