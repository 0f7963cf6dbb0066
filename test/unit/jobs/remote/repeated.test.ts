import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { repeated } from '../../../../server/src/jobs/remote/repeated';
import { until } from '../../../support/processes';

describe('repeated', () => {
  it('never does it twice at a time, goes on after errors, and ends', async () => {
    let times = 0;
    let atOnce = 0;
    const end = repeated(1, async () => {
      times++;
      assert.equal(++atOnce, 1);
      await delay(10);
      atOnce--;
      throw new Error('no answer');
    });
    await until('it was done again', () => Promise.resolve(times >= 3));
    end();
    const done = times;
    await delay(30);
    assert.equal(times, done);
  });
});
