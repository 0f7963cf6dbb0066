import assert from 'node:assert/strict';
import { Remembered } from '../../../../server/src/lsp/manifest/remembered';

describe('what is remembered', () => {
  it('is the results that were asked for last, and no failures', async () => {
    const done: string[] = [];
    const remembered = new Remembered<string>(2);
    const ask = (key: string, failure?: Error): Promise<string> =>
      remembered.get(key, () => {
        done.push(key);
        return failure ? Promise.reject(failure) : Promise.resolve(key.toUpperCase());
      });
    await ask('a');
    await ask('b');
    assert.equal(await ask('a'), 'A');
    await ask('c');
    await ask('a');
    await ask('b');
    assert.deepEqual(done, ['a', 'b', 'c', 'b']);
    await assert.rejects(ask('d', new Error('not now')), /not now/);
    assert.equal(await ask('d'), 'D');
  });
});
