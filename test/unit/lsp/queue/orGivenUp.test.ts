import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { JobCancelledError } from '../../../../server/src/jobs/workerProcess';
import { orGivenUp } from '../../../../server/src/lsp/queue/orGivenUp';

describe('orGivenUp', () => {
  const never = new Promise<never>(() => undefined);

  it('passes on what comes of the work', async () => {
    const { signal } = new AbortController();
    assert.equal(await orGivenUp(Promise.resolve(3), signal, 0), 3);
    await assert.rejects(orGivenUp(Promise.reject(new RangeError('no')), signal, 0), RangeError);
  });

  it('waits for work that ends by itself when it is told to', async () => {
    const stop = new AbortController();
    const work = orGivenUp(delay(20, 'told'), stop.signal, 5_000);
    stop.abort();
    assert.equal(await work, 'told');
  });

  it('does not wait for work that does not', async () => {
    const stop = new AbortController();
    const work = orGivenUp(never, stop.signal, 10);
    stop.abort();
    await assert.rejects(work, JobCancelledError);
    await assert.rejects(orGivenUp(never, stop.signal, 0), JobCancelledError);
  });
});
