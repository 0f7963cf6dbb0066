import assert from 'node:assert/strict';
import { readOptions, resolveOptions } from '../../../server/src/defense/options';
import { remediesFor } from '../../../server/src/defense/remedies';

const options = resolveOptions({}, 48);
const run = { options, cleanGraphs: 48, holdingRate: 0.03 };

describe('remedies', () => {
  it('are none where nothing failed', () => {
    assert.deepEqual(remediesFor({ ...run, codes: [] }), []);
  });

  it('take more clean graphs, about fifty at least, and never more than there are', () => {
    const rateOf = (cleanGraphs: number, holdingRate: number): number | undefined =>
      remediesFor({ options, codes: ['GN301'], cleanGraphs, holdingRate })[0].holdingRate;
    assert.equal(rateOf(48, 0.03), 0.06);
    assert.equal(rateOf(10, 0.03), 0.15);
    assert.equal(rateOf(400, 0.7), 1);
    const [all] = remediesFor({ options, codes: ['GN302'], cleanGraphs: 400, holdingRate: 1 });
    assert.equal(all.holdingRate, undefined);
    const [named] = remediesFor({ options, codes: ['GN302'], cleanGraphs: 400 });
    assert.equal(named.holdingRate, undefined);
  });

  it('train harder against triggers where the attack stays, and more gently where accuracy was lost', () => {
    const [, harder] = remediesFor({ ...run, codes: ['GN301'] });
    assert.equal(harder.options?.teacherRounds, 2 * options.teacherRounds);
    const [, gently] = remediesFor({ ...run, codes: ['GN302'] });
    assert.equal(gently.options?.teacherLearningRate, options.teacherLearningRate / 2);
    for (const { options: changed } of [harder, gently]) assert.doesNotThrow(() => readOptions(changed ?? {}));
  });

  it('know no other settings where both failed, or for another method', () => {
    assert.equal(remediesFor({ ...run, codes: ['GN301', 'GN302'] }).length, 1);
    assert.equal(remediesFor({ ...run, options: resolveOptions({ method: 'nad' }, 48), codes: ['GN301'] }).length, 1);
  });
});
