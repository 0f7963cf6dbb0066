import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { QueueCounts } from '../../../../protocol/queue';
import type { JobProgress } from '../../../../protocol/reports';
import { QueueWatch } from '../../../../server/src/lsp/queue/queueWatch';
import { until } from '../../../support/processes';

describe('QueueWatch', () => {
  const idle: QueueCounts = { workers: 0, otherWorkers: 0, troubles: [], waiting: 1, active: 0 };

  /** What a job hears that is followed while the queue stands like this. */
  async function heard(counts: QueueCounts, begun = false): Promise<JobProgress[]> {
    const news: JobProgress[] = [];
    let changes = 0;
    const watch = new QueueWatch(
      () => Promise.resolve(counts),
      () => changes++,
    );
    let end = (): void => undefined;
    const followed = watch.follow({ progress: (progress) => news.push(progress) }, ({ onStart }) => {
      if (begun) onStart?.();
      return new Promise<void>((resolve) => (end = resolve));
    });
    await until('an answer', () => changes > 0);
    assert.deepEqual(watch.counts, counts);
    end();
    await followed;
    watch.close();
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
    const watch = new QueueWatch(
      () => {
        asked++;
        return new Promise(() => undefined);
      },
      () => undefined,
    );
    const both = [1, 2].map((one) => watch.follow({}, () => Promise.resolve(one)));
    assert.deepEqual(await Promise.all(both), [1, 2]);
    assert.equal(asked, 1);
    watch.close();
  });

  it('looks once more when the last job has ended: what was said of it does not stay', async () => {
    let counts: QueueCounts = { ...idle, active: 1 };
    const watch = new QueueWatch(
      () => Promise.resolve(counts),
      () => undefined,
    );
    await watch.follow({}, async () => {
      await until('an answer', () => watch.counts?.active === 1);
      counts = { ...idle, waiting: 0 };
    });
    await until('another answer', () => watch.counts?.active === 0);
    watch.close();
  });

  it('looks again after an answer to a question that was asked before somebody wanted to know', async () => {
    const answers: ((counts: QueueCounts) => void)[] = [];
    const watch = new QueueWatch(
      () => new Promise((resolve) => answers.push(resolve)),
      () => undefined,
    );
    watch.look();
    watch.look();
    assert.equal(answers.length, 1);
    answers[0](idle);
    await until('a second question', () => answers.length === 2);
    watch.close();
  });

  it('says nothing, and asks for nothing, once it is closed', async () => {
    let changes = 0;
    let asked = 0;
    const watch = new QueueWatch(
      () => {
        asked++;
        return Promise.resolve(idle);
      },
      () => changes++,
    );
    watch.look();
    watch.close();
    watch.look();
    await delay(10);
    assert.deepEqual([asked, changes], [1, 0]);
  });
});
