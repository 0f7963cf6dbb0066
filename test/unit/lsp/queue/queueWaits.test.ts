import assert from 'node:assert/strict';
import type { QueueCounts } from '../../../../protocol/queue';
import type { JobProgress } from '../../../../protocol/reports';
import { QueueWaits } from '../../../../server/src/lsp/queue/queueWaits';
import { until } from '../../../support/processes';

describe('QueueWaits', () => {
  const idle: QueueCounts = { workers: 0, otherWorkers: 0, troubles: [], waiting: 1, active: 0 };

  /** What a job hears that is followed while the queue stands like this. */
  async function heard(counts: QueueCounts, begun = false): Promise<JobProgress[]> {
    const news: JobProgress[] = [];
    let changes = 0;
    const waits = new QueueWaits(
      () => Promise.resolve(counts),
      () => changes++,
    );
    let end = (): void => undefined;
    const followed = waits.follow({ progress: (progress) => news.push(progress) }, ({ onStart }) => {
      if (begun) onStart?.();
      return new Promise<void>((resolve) => (end = resolve));
    });
    await until('an answer', () => changes > 0);
    assert.deepEqual(waits.counts, counts);
    end();
    await followed;
    assert.equal(waits.counts, undefined);
    return news;
  }

  it('says what a job waits for', async () => {
    const [alone] = await heard(idle);
    assert.deepEqual(
      [alone.stage, alone.waits, alone.fraction],
      ['Waits in the queue: no worker is connected', 'no-worker', 0],
    );
    const [other] = await heard({ ...idle, otherWorkers: 2, troubles: [] });
    assert.equal(other.stage, 'Waits in the queue: no worker of this version is connected, 2 of other versions');
    const [behind] = await heard({ workers: 1, otherWorkers: 0, troubles: [], waiting: 3, active: 1 });
    assert.deepEqual([behind.stage, behind.waits], ['Waits in the queue with 2 others', 'in-queue']);
    const [first] = await heard({ workers: 1, otherWorkers: 0, troubles: [], waiting: 1, active: 1 });
    assert.equal(first.stage, 'Waits in the queue');
  });

  it('says nothing of one that was begun, unless nobody works any more', async () => {
    assert.deepEqual(await heard({ ...idle, workers: 1, active: 1 }, true), []);
    assert.equal((await heard(idle, true))[0].waits, 'no-worker');
  });

  it('does not ask again while there is no answer', async () => {
    let asked = 0;
    const waits = new QueueWaits(
      () => {
        asked++;
        return new Promise(() => undefined);
      },
      () => undefined,
    );
    const both = [1, 2].map((one) => waits.follow({}, () => Promise.resolve(one)));
    assert.deepEqual(await Promise.all(both), [1, 2]);
    assert.equal(asked, 1);
  });
});
