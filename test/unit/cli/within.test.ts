import assert from 'node:assert/strict';
import { within } from '../../../server/src/cli/within';

describe('within', () => {
  it('waits for an end, and not for ever', async () => {
    let ended = false;
    const work = async (): Promise<void> => {
      await Promise.resolve();
      ended = true;
    };
    await within(60_000, work());
    assert.equal(ended, true);
    await within(10, new Promise(() => undefined));
    await assert.rejects(within(60_000, Promise.reject(new RangeError('no'))), RangeError);
  });
});
