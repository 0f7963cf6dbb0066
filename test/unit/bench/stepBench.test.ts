import assert from 'node:assert/strict';
import { DifferentWorkError, largestDifference, measureSteps } from '../../../bench/engine/stepBench';
import type { StepSide } from '../../../bench/engine/stepSide';
import { ginShape, madeUpWorkload } from '../../../bench/engine/workload';

/** Takes so long for a step, and has this loss, or `untrained` at a learning rate of 0. */
function side(milliseconds: number, loss: number, untrained = 1): StepSide {
  let rate = 1;
  const fake: Pick<StepSide, 'prepare' | 'reset' | 'train'> = {
    prepare: () => Promise.resolve({}),
    reset: (learningRate) => {
      rate = learningRate;
      return Promise.resolve();
    },
    train: ({ steps }) =>
      Promise.resolve({
        milliseconds: steps * milliseconds,
        processorMilliseconds: steps * milliseconds,
        losses: new Array<number>(steps).fill(rate === 0 ? untrained : loss),
      }),
  };
  return fake as StepSide;
}

describe('the comparison of training steps', () => {
  const workload = madeUpWorkload({ count: 8, nodes: 5, degree: 2 }, 4);
  const options = { turns: 3, turnMilliseconds: 100 };

  it('gives the time of a step, with and without collating', async () => {
    const sides = [
      { name: 'ours', threads: 1, side: side(2, 0.5) },
      { name: 'theirs', threads: 1, side: side(5, 0.5004) },
    ];
    const measured = await measureSteps(ginShape(3), workload, sides, options);
    assert.deepEqual(
      measured.map(({ collating }) => collating),
      [false, true],
    );
    assert.deepEqual(
      measured[0].contestants.map(({ samples }) => samples),
      [
        [2, 2, 2],
        [5, 5, 5],
      ],
    );
    assert.ok(Math.abs(measured[0].lossDifference - 4e-4) < 1e-9);
  });

  it('refuses contestants that do not do the same work', async () => {
    const sides = [
      { name: 'ours', threads: 1, side: side(2, 0.5) },
      { name: 'theirs', threads: 1, side: side(1, 0.502) },
    ];
    await assert.rejects(measureSteps(ginShape(3), workload, sides, options), DifferentWorkError);
  });

  it('refuses a loss that is not a number', async () => {
    const sides = [
      { name: 'ours', threads: 1, side: side(2, 0.5) },
      { name: 'theirs', threads: 1, side: side(1, NaN) },
    ];
    await assert.rejects(measureSteps(ginShape(3), workload, sides, options), DifferentWorkError);
  });

  it('refuses to compare losses that training does not move', async () => {
    const sides = [
      { name: 'ours', threads: 1, side: side(2, 0.5, 0.501) },
      { name: 'theirs', threads: 1, side: side(1, 0.5) },
    ];
    await assert.rejects(measureSteps(ginShape(3), workload, sides, options), DifferentWorkError);
  });

  it('takes differences relative to the loss, below 1 absolute', () => {
    assert.ok(Math.abs(largestDifference([0.1, 5.5], [0.2, 5]) - 0.1) < 1e-12);
  });
});
