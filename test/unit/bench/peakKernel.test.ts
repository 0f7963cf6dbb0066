import assert from 'node:assert/strict';
import { peakKernel } from '../../../bench/engine/peakKernel';

describe('the kernel that measures the peak', () => {
  it('takes time in proportion to its rounds', () => {
    const { run, operations } = peakKernel();
    assert.equal(operations, 96);
    run(1e6);
    const time = (rounds: number): number => {
      const times = Array.from({ length: 3 }, () => {
        const start = process.cpuUsage();
        run(rounds);
        const { user, system } = process.cpuUsage(start);
        return user + system;
      });
      return Math.min(...times);
    };
    // A kernel whose work was optimised away would take no time, whatever the rounds.
    const ratio = time(8e6) / time(1e6);
    assert.ok(ratio > 3, `eight times the rounds took ${ratio} times as long`);
  });
});
