import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { linearAxis, logAxis, lossAxis, positionsOn } from '../../../../webview/curves/axis';

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true, noDefaultInfinity: true });
const positive = fc.double({ min: 1e-9, max: 1e9, noNaN: true, noDefaultInfinity: true });

describe('linearAxis', () => {
  it('has round ticks that hold all values', () => {
    const axis = linearAxis([0.93, 0.977]);
    assert.deepEqual(axis.ticks, [0.93, 0.94, 0.95, 0.96, 0.97, 0.98]);
    assert.deepEqual(axis.domain, [0.93, 0.98]);
  });

  it('puts a flat line in the middle', () => {
    assert.ok(Math.abs(positionsOn(linearAxis([5, 5, 5]), [0, 1])(5) - 0.5) < 0.2);
  });

  it('is there where there is nothing to show', () => {
    assert.deepEqual(linearAxis([]).domain, [0, 1]);
    assert.deepEqual(linearAxis([Number.NaN]).domain, [0, 1]);
  });

  it('keeps every value within it and every tick in order', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1 }), (values) => {
        const { domain, ticks } = linearAxis(values);
        const hair = 1e-9 * (domain[1] - domain[0]);
        assert.ok(values.every((value) => value >= domain[0] - hair && value <= domain[1] + hair));
        assert.ok(ticks.length >= 2 && ticks.length <= 10);
        assert.ok(ticks.every((tick, i) => i === 0 || tick > ticks[i - 1]));
      }),
      { seed: 1 },
    );
  });
});

describe('logAxis', () => {
  it('runs over whole decades', () => {
    const axis = logAxis([0.003, 0.7]);
    assert.deepEqual(axis.domain, [0.001, 1]);
    assert.ok(Math.abs(positionsOn(axis, [0, 1])(0.01) - 1 / 3) < 1e-9);
  });

  it('draws what has no logarithm at the bottom', () => {
    const position = positionsOn(logAxis([0.1, 1]), [0, 1]);
    assert.deepEqual([position(0), position(-3)], [0, 0]);
  });

  it('keeps positive values within it with at most six labels', () => {
    fc.assert(
      fc.property(fc.array(positive, { minLength: 1 }), (values) => {
        const { domain, ticks } = logAxis(values);
        assert.ok(values.every((value) => value >= domain[0] * (1 - 1e-9) && value <= domain[1] * (1 + 1e-9)));
        assert.ok(ticks.length >= 2 && ticks.length <= 6);
      }),
      { seed: 2 },
    );
  });
});

describe('lossAxis', () => {
  it('begins at zero while the values are of one size', () => {
    const axis = lossAxis([0.2, 1.6]);
    assert.equal(axis.kind, 'linear');
    assert.equal(axis.domain[0], 0);
  });

  it('is logarithmic where they differ more than a hundredfold', () => {
    assert.equal(lossAxis([0.001, 0.5]).kind, 'log');
  });
});
