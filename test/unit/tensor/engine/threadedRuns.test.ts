import assert from 'node:assert/strict';
import { runOperations, trainFiftySteps } from '../../../support/engineWork';
import { withThreads } from '../../../support/threads';

describe('on 1, 2, 3 and 4 threads', () => {
  it('operations and their gradients are the same bytes', async () => {
    const alone = await runOperations();
    for (const threads of [2, 3, 4]) {
      const shared = await withThreads(threads, runOperations);
      for (const [name, bytes] of alone) assert.ok(shared.get(name)?.equals(bytes), `${name}, ${threads} threads`);
    }
  });

  it('50 steps of training come to the same bytes', async () => {
    const alone = await trainFiftySteps();
    for (const threads of [2, 3, 4]) {
      const shared = await withThreads(threads, trainFiftySteps);
      assert.ok(shared.equals(alone), `${threads} threads`);
    }
  });
});
