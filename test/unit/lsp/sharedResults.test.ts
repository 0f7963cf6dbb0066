import assert from 'node:assert/strict';
import { JobCancelledError } from '../../../server/src/jobs/workerProcess';
import { SharedResults } from '../../../server/src/lsp/sharedResults';

describe('SharedResults', () => {
  const never = new AbortController().signal;

  /** Work whose end the test decides. */
  function work(): {
    compute: (signal: AbortSignal) => Promise<string>;
    end: (value: string) => void;
    fail: (error: Error) => void;
    signals: AbortSignal[];
  } {
    const signals: AbortSignal[] = [];
    let end: (value: string) => void = () => undefined;
    let fail: (error: Error) => void = () => undefined;
    const compute = (signal: AbortSignal): Promise<string> => {
      signals.push(signal);
      return new Promise((resolve, reject) => {
        end = resolve;
        fail = reject;
        signal.addEventListener('abort', () => reject(new JobCancelledError()));
      });
    };
    return { compute, signals, end: (value) => end(value), fail: (error) => fail(error) };
  }

  it('computes once for all who ask, now and later', async () => {
    const results = new SharedResults<string>(2);
    const { compute, end, signals } = work();
    const asked = [results.get('a', compute, never), results.get('a', compute, never)];
    end('done');
    assert.deepEqual(await Promise.all(asked), ['done', 'done']);
    assert.equal(await results.get('a', compute, never), 'done');
    assert.equal(signals.length, 1);
  });

  it('goes on while somebody waits, and stops when nobody does', async () => {
    const results = new SharedResults<string>(2);
    const { compute, signals } = work();
    const [first, second] = [new AbortController(), new AbortController()];
    const one = results.get('a', compute, first.signal);
    const two = results.get('a', compute, second.signal);
    first.abort();
    await assert.rejects(one, JobCancelledError);
    assert.equal(signals[0].aborted, false);
    second.abort();
    await assert.rejects(two, JobCancelledError);
    assert.equal(signals[0].aborted, true);
    const again = work();
    const third = results.get('a', again.compute, never);
    again.end('anew');
    assert.equal(await third, 'anew');
  });

  it('does not begin for who has left already', async () => {
    const { compute, signals } = work();
    await assert.rejects(new SharedResults<string>(2).get('a', compute, AbortSignal.abort()), JobCancelledError);
    assert.equal(signals.length, 0);
  });

  it('tries again what failed', async () => {
    const results = new SharedResults<string>(2);
    const { compute, fail, end } = work();
    const first = results.get('a', compute, never);
    fail(new Error('no'));
    await assert.rejects(first, /no/);
    const second = results.get('a', compute, never);
    end('yes');
    assert.equal(await second, 'yes');
  });

  it('keeps the results asked for last', async () => {
    const results = new SharedResults<string>(2);
    const computed: string[] = [];
    const get = (key: string): Promise<string> =>
      results.get(key, () => Promise.resolve(computed.push(key)).then(() => key), never);
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await get(key);
    assert.deepEqual(computed, ['a', 'b', 'c', 'b']);
  });
});
