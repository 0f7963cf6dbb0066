import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SharedWork, type DividedCall } from '../../../../server/src/tensor/engine/sharedWork';

describe('SharedWork', () => {
  /** Publishes a call and runs all of it as one thread. @returns the ranges in the order they ran */
  function ranges(call: Omit<DividedCall, 'kernel' | 'parameters'>, thread: number): [number, number][] {
    const shared = new SharedWork();
    const seen: [number, number][] = [];
    const kernel = (first: number, second: number, begin: number, end: number): void => {
      assert.deepEqual([first, second], [1024.5, 2 ** 32 - 8]);
      seen.push([begin, end]);
    };
    shared.publish({ ...call, kernel: 1, parameters: [1024.5, 2 ** 32 - 8] });
    shared.work([() => assert.fail('another kernel'), kernel], thread);
    assert.ok(shared.waitForOthers(1000));
    assert.ok(!shared.failed);
    assert.deepEqual(shared.unfinishedRanges(), []);
    return seen;
  }

  it('hands out every unit once, cut at multiples of the chunk, whichever thread takes it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 255 }),
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 16 }),
        fc.integer({ min: 0, max: 15 }),
        fc.nat(),
        (chunks, chunk, shares, thread, missing) => {
          const units = Math.max(1, chunks * chunk - (missing % chunk));
          const sorted = ranges({ units, chunk, shares }, thread).sort(([a], [b]) => a - b);
          assert.equal(sorted[0][0], 0);
          assert.equal(sorted[sorted.length - 1][1], units);
          sorted.forEach(([begin, end], i) => {
            assert.ok(begin < end && begin % chunk === 0);
            if (i > 0) assert.equal(begin, sorted[i - 1][1]);
          });
        },
      ),
      { seed: 5, numRuns: 200 },
    );
  });

  it("gives a thread its own share first, then the others'", () => {
    const call = { units: 40, chunk: 10, shares: 2 };
    assert.deepEqual(
      ranges(call, 0).map(([begin]) => begin),
      [0, 10, 20, 30],
    );
    assert.deepEqual(
      ranges(call, 1).map(([begin]) => begin),
      [20, 30, 0, 10],
    );
  });

  it('tells what a kernel that threw left undone', () => {
    const shared = new SharedWork();
    const fails = (begin: number): void => {
      if (begin === 8) throw new RangeError('8');
    };
    shared.publish({ kernel: 0, units: 18, chunk: 4, shares: 2, parameters: [] });
    shared.work([fails], 0);
    assert.ok(shared.waitForOthers(1000));
    assert.ok(shared.failed);
    assert.deepEqual(shared.unfinishedRanges(), [[8, 12]]);
    shared.publish({ kernel: 0, units: 4, chunk: 4, shares: 1, parameters: [] });
    shared.work([fails], 0);
    assert.ok(!shared.failed);
  });

  it('gives up on a chunk that is never finished', () => {
    const shared = new SharedWork();
    shared.publish({ kernel: 0, units: 8, chunk: 4, shares: 1, parameters: [] });
    let calls = 0;
    // Inside its first chunk the thread waits for itself.
    const waits = (): void => {
      if (calls++ === 0) assert.equal(shared.waitForOthers(100), false);
    };
    shared.work([waits], 0);
    assert.ok(shared.waitForOthers(1000));
  });

  it('is the same block in another view', () => {
    const shared = new SharedWork();
    const other = new SharedWork(shared.block);
    shared.publish({ kernel: 0, units: 8, chunk: 4, shares: 2, parameters: [7] });
    const seen: number[][] = [];
    other.work([(...numbers) => seen.push(numbers)], 1);
    assert.deepEqual(seen, [
      [7, 4, 8],
      [7, 0, 4],
    ]);
    assert.ok(shared.waitForOthers(1000));
  });
});
