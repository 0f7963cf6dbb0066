import assert from 'node:assert/strict';
import { RecentLines } from '../../../../client/diagnostics/recentLines';

describe('RecentLines', () => {
  it('keeps the last lines, whatever they came in', () => {
    const lines = new RecentLines(3);
    lines.add('a\nb\n');
    lines.add('c');
    assert.deepEqual(lines.all, ['a', 'b', 'c']);
    lines.add('d\ne');
    assert.deepEqual(lines.all, ['c', 'd', 'e']);
    lines.clear();
    assert.deepEqual(lines.all, []);
  });
});
