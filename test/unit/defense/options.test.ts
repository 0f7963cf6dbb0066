import assert from 'node:assert/strict';
import {
  OptionError,
  purificationMethods,
  readOptions,
  resolveOptions,
  settingsOf,
} from '../../../server/src/defense/options';

describe('resolveOptions', () => {
  it('takes the robust preset by default', () => {
    const options = resolveOptions({}, 48);
    assert.equal(options.method, 'graphnad');
    assert.equal(options.attentionWeight, 1);
    assert.equal(options.relationWeight, 0.1);
    assert.equal(options.attentionPower, 2);
    assert.equal(options.attentionWeighting, 'propagate');
  });

  it('has the weights of the publication in the paper preset', () => {
    const options = resolveOptions({ method: 'graphnad-paper' }, 48);
    assert.equal(options.attentionWeight, 10);
    assert.equal(options.relationWeight, 1);
    assert.equal(options.relationEvery, 1);
  });

  it('is gentler on small clean sets, unless told otherwise', () => {
    assert.equal(resolveOptions({}, 18).contributionQuantile, 1);
    assert.equal(resolveOptions({}, 48).contributionQuantile, 0.95);
    assert.equal(resolveOptions({ contributionQuantile: 0.9 }, 18).contributionQuantile, 0.9);
  });

  it('does not lose a default to an explicit undefined', () => {
    assert.equal(resolveOptions<'graphnad'>({ teacherRounds: undefined, method: undefined }, 48).teacherRounds, 8);
  });

  for (const method of purificationMethods) {
    it(`gives ${method} its own settings, within their ranges, and none of another's`, () => {
      const { method: named, ...own } = resolveOptions({ method, poolSize: 1, anpSteps: 1 }, 48);
      assert.equal(named, method);
      assert.deepEqual(Object.keys(own), Object.keys(settingsOf[method]));
      for (const [name, value] of Object.entries(own)) assert.ok(settingsOf[method][name].accepts(value), name);
    });
  }

  it('refuses a value out of its range', () => {
    assert.throws(() => resolveOptions({ attentionPower: 5 }, 48), {
      name: 'OptionError',
      message: 'option attentionPower: must be a number from 1 to 4, not 5',
    });
    assert.throws(() => resolveOptions({ poolSize: 2.5 }, 48), OptionError);
    assert.throws(() => resolveOptions({ method: 'anp', anpMomentum: Number.NaN }, 48), OptionError);
  });
});

describe('readOptions', () => {
  it('takes what resolveOptions gives', () => {
    for (const method of purificationMethods) {
      const options = resolveOptions({ method }, 48);
      assert.deepEqual(resolveOptions(readOptions({ ...options }), 48), options);
    }
  });

  it('refuses a method that is not there, and settings that the method does not have', () => {
    assert.throws(() => readOptions({ method: 'magic' }), /option method: must be one of graphnad, .*, anp$/);
    assert.throws(() => readOptions({ method: 'nad', poolSize: 9 }), /option poolSize: this method has only fineTune/);
    assert.throws(() => readOptions({ toString: 1 }), OptionError);
    assert.throws(() => readOptions({ attentionWeighting: 'best' }), /must be one of propagate, none, .*, not "best"/);
    assert.throws(() => readOptions({ oversample: 1 }), /must be true or false, not 1/);
  });
});
