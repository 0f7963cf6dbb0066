import assert from 'node:assert/strict';
import { resolveOptions } from '../../../server/src/defense/options';

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
  });

  it('is gentler on small clean sets, unless told otherwise', () => {
    assert.equal(resolveOptions({}, 18).contributionQuantile, 1);
    assert.equal(resolveOptions({}, 48).contributionQuantile, 0.95);
    assert.equal(resolveOptions({ contributionQuantile: 0.9 }, 18).contributionQuantile, 0.9);
  });

  it('does not lose a default to an explicit undefined', () => {
    assert.equal(resolveOptions({ teacherRounds: undefined, method: undefined }, 48).teacherRounds, 8);
  });
});
