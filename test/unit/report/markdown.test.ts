import assert from 'node:assert/strict';
import { markdownTable } from '../../../server/src/report/markdown';

describe('markdownTable', () => {
  it('rules off the head and escapes bars', () => {
    const text = markdownTable([
      ['a', 'b'],
      ['1', 'x|y'],
    ]);
    assert.equal(text, '| a | b |\n| --- | --- |\n| 1 | x\\|y |\n');
  });
});
