import assert from 'node:assert/strict';
import type { Finding, FindingCode, Severity } from '../../../protocol/findings';
import { failLevels, scanOutcome } from '../../../server/src/cli/exitCodes';

function report(...findings: [FindingCode, Severity][]): { findings: Finding[] } {
  return { findings: findings.map(([code, severity]) => ({ code, severity, message: '', details: [] })) };
}

const clear = report();
const failing = report(['GN201', 'error']);
const doubtful = report(['GN202', 'warning']);
const open = report(['GN904', 'information']);

describe('scanOutcome', () => {
  it('is 0 where nothing was found, 1 at or above the level that fails', () => {
    const codes = failLevels.map((level) =>
      [clear, doubtful, failing].map((r) => scanOutcome([r], [], level).exitCode),
    );
    assert.deepEqual(codes, [
      [0, 0, 1],
      [0, 1, 1],
      [0, 0, 0],
    ]);
  });

  it('is 2 where something was not assessed, not read, or not there, at every level', () => {
    for (const level of failLevels) {
      assert.equal(scanOutcome([clear, open], [], level).exitCode, 2);
      assert.equal(scanOutcome([clear], [{ file: 'a.pt', reason: 'locked' }], level).exitCode, 2);
      assert.equal(scanOutcome([], [], level).exitCode, 2);
    }
  });

  it('puts findings before what is not known', () => {
    assert.equal(scanOutcome([failing, open], [{ file: 'a.pt', reason: 'locked' }], 'error').exitCode, 1);
    assert.equal(scanOutcome([doubtful, open], [], 'error').exitCode, 2);
  });

  it('says which', () => {
    assert.equal(scanOutcome([doubtful], [], 'warning').description, 'findings of severity error or warning');
    assert.equal(scanOutcome([], [], 'error').description, 'no model file found');
  });
});
