import assert from 'node:assert/strict';
import fc from 'fast-check';
import { modelPattern } from '../../../../server/src/jobs/manifest/modelPattern';

describe('patterns of models', () => {
  const cases: readonly (readonly [pattern: string, matching: readonly string[], other: readonly string[]])[] = [
    ['*.pt', ['a.pt', '.pt'], ['x/a.pt', 'apt', 'a.pth']],
    ['models/*.pt', ['models/a.pt'], ['models/x/a.pt', 'a.pt']],
    ['**/*.pt', ['a.pt', 'x/a.pt', 'x/y/a.pt'], ['a.bin']],
    ['a/**/b/*.pt', ['a/b/c.pt', 'a/x/y/b/c.pt', 'a/b/b/c.pt'], ['a/c.pt', 'b/c.pt']],
    ['a/**', ['a/b', 'a/b/c'], ['b/a']],
    ['run?.pt', ['run1.pt'], ['run12.pt', 'run.pt']],
    ['{a,b/*}.pt', ['a.pt', 'b/c.pt'], ['c.pt', 'a,b/*.pt']],
    ['m{1,2{3,4}}.pt', ['m1.pt', 'm23.pt', 'm24.pt'], ['m2.pt', 'm3.pt']],
    ['run[0-9_].pt', ['run7.pt', 'run_.pt'], ['runx.pt', 'run[0-9_].pt']],
    ['run[!0-9].pt', ['runx.pt'], ['run7.pt']],
    ['a(1)+$^|.pt', ['a(1)+$^|.pt'], ['a1.pt']],
    ['a[b', ['a[b'], ['ab']],
    ['{a', ['{a'], ['a']],
    ['*a*b*c.pt', ['abc.pt', 'xaxbxxbxc.pt'], ['acb.pt', 'ab.pt']],
  ];

  for (const [pattern, matching, others] of cases) {
    it(`reads ${pattern}`, () => {
      const matches = modelPattern(pattern);
      for (const path of matching) assert.ok(matches(path), path);
      for (const path of others) assert.ok(!matches(path), path);
    });
  }

  it('match what they were made of', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '.'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.constantFrom('as it is', '*', '?', '**')), { minLength: 1 }), (parts) => {
        const path = parts.map(([part]) => part).join('/');
        const pattern = parts
          .map(([part, how]) => (how === 'as it is' ? part : how === '?' ? '?'.repeat(part.length) : how))
          .join('/');
        assert.ok(modelPattern(pattern)(path), `${pattern} ${path}`);
        assert.ok(modelPattern(`**/${pattern}`)(`x/y/${path}`));
        assert.ok(!modelPattern(pattern)(`${path}c`) || /[*]$/.test(pattern));
      }),
    );
  });

  it('take no time, whatever a stranger writes', () => {
    const start = process.cpuUsage();
    assert.ok(!modelPattern(`${'*a'.repeat(100)}b`)('a'.repeat(250)));
    assert.ok(!modelPattern(`${'**/'.repeat(100)}b`)('a/'.repeat(200)));
    assert.ok(!modelPattern('{a,b}'.repeat(40))('a'.repeat(40)), 'too many alternatives');
    assert.ok(!modelPattern(`{${','.repeat(300_000)}}`)('a'), 'too many at once');
    assert.ok(!modelPattern('['.repeat(300_000))('a'), 'too long');
    assert.ok(modelPattern(`${'['.repeat(4000)}a`)(`${'['.repeat(4000)}a`));
    assert.ok(process.cpuUsage(start).user < 1e6);
  });
});
