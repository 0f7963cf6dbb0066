import assert from 'node:assert/strict';
import { checkOverride, checkValues } from '../../../../server/src/gnn/recognition/checks';
import { tensorOf } from '../../../support/numericFixture';

const architecture = {
  kind: 'gin',
  layers: 1,
  hidden: 4,
  inputs: 3,
  classes: 2,
  readout: 'sum',
  batchNorm: true,
  eps: [Math.fround(0.1)],
} as const;

describe('checkOverride', () => {
  it('passes what agrees: eps as far as float32 goes', () => {
    checkOverride(architecture, {});
    checkOverride(architecture, { ...architecture, eps: [0.1] });
  });

  it('names what does not', () => {
    assert.throws(() => checkOverride(architecture, { inputs: 7 }), /inputs was given as 7, but the tensors show 3/);
    assert.throws(() => checkOverride(architecture, { eps: [0.2] }), /eps was given as \[0\.2\]/);
  });
});

describe('checkValues', () => {
  const check = (name: string, value: number, dtype: 'float32' | 'int64' = 'float32') =>
    checkValues(new Map([[name, tensorOf(name, [1], [value], dtype)]]));

  it('passes finite floats and the batch counter', () => {
    check('a.weight', -1);
    check('a.running_var', 0);
    check('a.num_batches_tracked', 7, 'int64');
  });

  it('refuses values that no model can compute with', () => {
    assert.throws(() => check('a.weight', NaN), /a\.weight: not all of its values are finite/);
    assert.throws(() => check('a.weight', Infinity), /not all of its values are finite/);
    assert.throws(() => check('a.weight', 1e39), /not all of its values are finite/);
    assert.throws(() => check('a.running_var', -0.1), /a\.running_var: a variance is negative/);
    assert.throws(() => check('a.weight', 1, 'int64'), /floating-point values were expected, found int64/);
  });
});
