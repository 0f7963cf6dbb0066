import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { allDone } from '../../../server/src/scan/allDone';

describe('allDone', () => {
  it('gives all results in order', async () => {
    assert.deepEqual(await allDone([sleep(2, 'slow'), Promise.resolve(7)]), ['slow', 7]);
  });

  it('throws only when nothing goes on any more', async () => {
    let finished = false;
    const slow = sleep(5).then(() => (finished = true));
    await assert.rejects(
      allDone([slow, Promise.reject(new RangeError('first')), Promise.reject(new Error('second'))]),
      {
        name: 'RangeError',
        message: 'first',
      },
    );
    assert.equal(finished, true);
  });
});
