import assert from 'node:assert/strict';
import { RunQueue } from '../../../client/runQueue';

/** A job whose runs end when told to. */
class ControlledJob {
  running = 0;
  started = 0;
  private ends: ((error?: Error) => void)[] = [];

  readonly run = (): Promise<void> => {
    this.running += 1;
    this.started += 1;
    assert.equal(this.running, 1, 'never two at a time');
    return new Promise((resolve, reject) => {
      this.ends.push((error) => {
        this.running -= 1;
        if (error) reject(error);
        else resolve();
      });
    });
  };

  end(error?: Error): void {
    this.ends.shift()?.(error);
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('RunQueue', () => {
  it('runs at once, and at most once more for all who ask meanwhile', async () => {
    const job = new ControlledJob();
    const queue = new RunQueue(job.run);
    const first = queue.run();
    const later = [queue.run(), queue.run(), queue.run()];
    assert.equal(job.started, 1);
    job.end();
    await first;
    await settled();
    assert.equal(job.started, 2);
    job.end();
    await Promise.all(later);
    await settled();
    assert.equal(job.started, 2);
  });

  it('gives an error to those who asked for that run alone', async () => {
    const job = new ControlledJob();
    const queue = new RunQueue(job.run);
    const first = queue.run();
    const second = queue.run();
    job.end(new Error('no'));
    await assert.rejects(first, /no/);
    await settled();
    job.end();
    await second;
  });

  it('runs again after it was idle', async () => {
    const job = new ControlledJob();
    const queue = new RunQueue(job.run);
    const first = queue.run();
    job.end();
    await first;
    const second = queue.run();
    job.end();
    await second;
    assert.equal(job.started, 2);
  });

  it('is idle when nothing runs or waits', async () => {
    const job = new ControlledJob();
    const queue = new RunQueue(job.run);
    await queue.idle();
    const first = queue.run();
    const second = queue.run();
    let idle = false;
    const waiting = queue.idle().then(() => (idle = true));
    job.end(new Error('no'));
    await assert.rejects(first);
    await settled();
    assert.equal(idle, false);
    job.end();
    await second;
    await waiting;
    assert.ok(idle);
  });
});
