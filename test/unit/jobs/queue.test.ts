import assert from 'node:assert/strict';
import { JobQueue } from '../../../server/src/jobs/queue';

describe('JobQueue', () => {
  function filled(): JobQueue<string> {
    const queue = new JobQueue<string>();
    queue.push('background 1', 'background');
    queue.push('user 1', 'user');
    queue.push('code 1', 'code-safety');
    queue.push('background 2', 'background');
    queue.push('code 2', 'code-safety');
    queue.push('user 2', 'user');
    return queue;
  }

  it('serves by priority, first come first served within one', () => {
    const queue = filled();
    const served = Array.from({ length: 6 }, () => queue.take(0, 1));
    assert.deepEqual(served, ['code 1', 'code 2', 'user 1', 'user 2', 'background 1', 'background 2']);
    assert.equal(queue.take(0, 1), undefined);
  });

  it('lets urgent jobs start beyond the size, never background jobs', () => {
    const queue = new JobQueue<string>();
    queue.push('background', 'background');
    assert.equal(queue.take(2, 2), undefined);
    queue.push('user', 'user');
    assert.equal(queue.take(3, 2), undefined);
    assert.equal(queue.take(2, 2), 'user');
    queue.push('code', 'code-safety');
    assert.equal(queue.take(4, 2), undefined);
    assert.equal(queue.take(3, 2), 'code');
    assert.equal(queue.take(1, 2), 'background');
  });

  it('forgets a job that is taken back', () => {
    const queue = filled();
    assert.equal(queue.remove('user 1'), true);
    assert.equal(queue.remove('user 1'), false);
    assert.equal(queue.length, 5);
    assert.deepEqual(queue.clear(), ['code 1', 'code 2', 'user 2', 'background 1', 'background 2']);
    assert.equal(queue.length, 0);
  });
});
