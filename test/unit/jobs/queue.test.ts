import assert from 'node:assert/strict';
import { backgroundPlaces, JobQueue, mayStart, type Load, type Priority } from '../../../server/src/jobs/queue';

const load = (size: number, ...running: Priority[]): Load => ({ size, userPlaces: 2, running });

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
    queue.push('lookup', 'lookup');
    const served = Array.from({ length: 7 }, () => queue.take(load(1)));
    assert.deepEqual(served, ['code 1', 'code 2', 'user 1', 'user 2', 'lookup', 'background 1', 'background 2']);
    assert.equal(queue.take(load(1)), undefined);
  });

  it('puts a job that gave way before the others of its priority', () => {
    const queue = filled();
    queue.pushBack('background 0', 'background');
    assert.deepEqual(queue.clear().slice(-3), ['background 0', 'background 1', 'background 2']);
    queue.pushBack('alone', 'background');
    assert.deepEqual(queue.clear(), ['alone']);
  });

  it('keeps a job that may not start', () => {
    const queue = new JobQueue<string>();
    queue.push('background', 'background');
    assert.equal(queue.take(load(2, 'background', 'background')), undefined);
    assert.equal(queue.take(load(2, 'background')), 'background');
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

describe('places of the pool', () => {
  it('are more for short and urgent jobs than for background jobs', () => {
    const full = ['background', 'background'] as const;
    assert.equal(mayStart('background', load(2, ...full)), false);
    assert.equal(mayStart('lookup', load(2, ...full)), true);
    assert.equal(mayStart('user', load(2, ...full)), true);
    assert.equal(mayStart('user', load(2, ...full, 'user')), false);
    assert.equal(mayStart('code-safety', load(2, ...full, 'user')), true);
    assert.equal(mayStart('code-safety', load(2, ...full, 'user', 'code-safety')), false);
  });

  it("are not for background work where the user's jobs need the cores", () => {
    assert.equal(backgroundPlaces(load(3)), 3);
    assert.equal(backgroundPlaces(load(3, 'user', 'background')), 1);
    assert.equal(backgroundPlaces(load(1, 'user')), 0);
    assert.equal(mayStart('background', load(3, 'user')), true);
    assert.equal(mayStart('background', load(3, 'user', 'background')), false);
    assert.equal(mayStart('background', load(4, 'user', 'user')), false);
  });
});
