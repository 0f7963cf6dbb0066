import assert from 'node:assert/strict';
import { ratios, spread, takeTurns } from '../../../bench/engine/samples';

describe('samples of a measurement', () => {
  it('have a median and ends', () => {
    assert.deepEqual(spread([3, 1, 2]), { median: 2, low: 1, high: 3 });
    assert.deepEqual(spread([4, 1, 3, 2]), { median: 2.5, low: 1, high: 4 });
    assert.deepEqual(spread([7]), { median: 7, low: 7, high: 7 });
  });

  it('are compared turn by turn', () => {
    assert.deepEqual(ratios([10, 40], [5, 10]), [2, 4]);
  });

  it('are taken in turns, in the opposite order every other turn', async () => {
    const order: string[] = [];
    const contestant = (name: string, value: number) => (): Promise<number> => {
      order.push(name);
      return Promise.resolve(value);
    };
    const samples = await takeTurns(3, [contestant('a', 1), contestant('b', 2), contestant('c', 3)]);
    assert.equal(order.join(''), 'abccbaabc');
    assert.deepEqual(samples, [
      [1, 1, 1],
      [2, 2, 2],
      [3, 3, 3],
    ]);
  });
});
