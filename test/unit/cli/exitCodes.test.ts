import assert from 'node:assert/strict';
import type { Finding, FindingCode, Severity } from '../../../protocol/findings';
import { failLevels, type FailLevel } from '../../../protocol/manifest';
import type { UnreadFile } from '../../../protocol/reports';
import { scanOutcome as outcomeOf, type ScanOutcome } from '../../../server/src/cli/exitCodes';

interface Report {
  readonly file: string;
  readonly findings: readonly Finding[];
}

function report(...findings: [FindingCode, Severity][]): Report {
  return { file: 'a.pt', findings: findings.map(([code, severity]) => ({ code, severity, message: '', details: [] })) };
}

/** The same level for all files. */
function scanOutcome(reports: readonly Report[], unread: readonly UnreadFile[], level: FailLevel): ScanOutcome {
  return outcomeOf(reports, unread, () => level);
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

  it('goes by the level of each file', () => {
    const levels: Readonly<Record<string, FailLevel>> = { 'strict.pt': 'warning', 'lenient.pt': 'never' };
    const outcome = (...files: (readonly [file: string, report: Report])[]): ScanOutcome =>
      outcomeOf(
        files.map(([file, { findings }]) => ({ file, findings })),
        [],
        (file) => levels[file] ?? 'error',
      );
    assert.equal(outcome(['lenient.pt', failing], ['a.pt', doubtful]).exitCode, 0);
    assert.equal(
      outcome(['strict.pt', doubtful], ['a.pt', failing]).description,
      'findings of severity error or warning',
    );
    assert.equal(outcome(['lenient.pt', failing], ['a.pt', failing]).description, 'findings of severity error');
  });
});
