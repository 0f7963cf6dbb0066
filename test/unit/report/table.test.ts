import assert from 'node:assert/strict';
import { textTable } from '../../../server/src/report/table';

describe('textTable', () => {
  it('aligns the first column left and the others right', () => {
    const text = textTable([
      ['', 'before', 'after'],
      ['accuracy', '97.9%', '9%'],
    ]);
    assert.deepEqual(text.split('\n'), [
      '          before  after',
      '--------  ------  -----',
      'accuracy   97.9%     9%',
    ]);
  });
});
