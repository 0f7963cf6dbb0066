import assert from 'node:assert/strict';
import { globMatcher } from '../../../server/src/jobs/glob';

describe('globMatcher', () => {
  const cases: readonly (readonly [pattern: string, matching: readonly string[], other: readonly string[]])[] = [
    ['**/node_modules/**', ['node_modules', 'a/node_modules', 'a/node_modules/b/c.pt'], ['node_modules2/a.pt', 'a.pt']],
    ['models', ['models', 'models/a.pt'], ['models2', 'a/models']],
    ['**/*.bin', ['a.bin', 'x/y/a.bin'], ['a.bin2', 'bin']],
    ['*.pt', ['a.pt'], ['x/a.pt', 'apt']],
    ['old/**/*.pt', ['old/a.pt', 'old/x/y/a.pt'], ['old', 'a.pt']],
    ['**', ['a', 'a/b'], []],
    ['run?.pt', ['run1.pt'], ['run12.pt', 'run/.pt']],
    ['{a,b/*}.pt', ['a.pt', 'b/c.pt'], ['c.pt', 'a,b.pt']],
    ['**/{old,tmp{1,2}}/**', ['old/x.pt', 'a/tmp2/x.pt'], ['tmp/x.pt']],
    ['run[0-9].pt', ['run7.pt'], ['runx.pt', 'run[0-9].pt']],
    ['run[!0-9].pt', ['runx.pt'], ['run7.pt', 'run/.pt']],
    ['a(1)+$^|.pt', ['a(1)+$^|.pt'], ['a1.pt']],
    ['a}b,c', ['a}b,c'], ['ab']],
    ['{open', ['open'], ['{open']],
  ];

  for (const [pattern, matching, other] of cases) {
    it(`reads ${pattern}`, () => {
      const matches = globMatcher([pattern]);
      for (const path of matching) assert.ok(matches(path), `${pattern} should match ${path}`);
      for (const path of other) assert.ok(!matches(path), `${pattern} should not match ${path}`);
    });
  }

  it('matches what any of several patterns matches, and nothing without patterns', () => {
    const matches = globMatcher(['a/**', '*.bin']);
    assert.deepEqual(['a/x', 'x.bin', 'b/x'].map(matches), [true, true, false]);
    assert.equal(globMatcher([])('a'), false);
  });
});
