import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { sideBySide } from '../../../server/src/cli/sideBySide';

describe('sideBySide', () => {
  const never = new AbortController().signal;

  it('gives results in the order of the items, whichever ends first, on no more places than there are', async () => {
    let running = 0;
    let most = 0;
    const work = async (milliseconds: number): Promise<number> => {
      most = Math.max(most, ++running);
      await delay(milliseconds);
      running--;
      return milliseconds;
    };
    const items = [60, 10, 40, 0, 20];
    assert.deepEqual(await sideBySide({ items, places: 3, work, signal: never }), items);
    assert.equal(most, 3);
    assert.deepEqual(await sideBySide({ items: [], places: 3, work, signal: never }), []);
  });

  it('throws the first error when all that runs has heard of it, and begins nothing more', async () => {
    const log: string[] = [];
    const work = async (item: string, signal: AbortSignal): Promise<void> => {
      log.push(item);
      if (item === 'bad') throw new RangeError('bad');
      await delay(10_000, undefined, { signal }).catch(() => log.push(`${item} heard`));
    };
    const all = sideBySide({ items: ['slow', 'bad', 'last'], places: 2, work, signal: never });
    await assert.rejects(all, RangeError);
    assert.deepEqual(log, ['slow', 'bad', 'slow heard']);
  });

  it("throws the signal's reason, whatever the work throws then", async () => {
    const abort = new AbortController();
    const work = (_: number, signal: AbortSignal): Promise<void> => delay(10_000, undefined, { signal });
    const all = sideBySide({ items: [1, 2], places: 1, work, signal: abort.signal });
    abort.abort(new Error('cancelled by a person'));
    await assert.rejects(all, /cancelled by a person/);
    await assert.rejects(sideBySide({ items: [1], places: 1, work, signal: abort.signal }), /cancelled by a person/);
  });
});
