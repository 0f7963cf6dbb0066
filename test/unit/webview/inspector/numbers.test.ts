import assert from 'node:assert/strict';
import { bytesText } from '../../../../webview/inspector/numbers';

describe('numbers of the inspector', () => {
  it('says sizes with at most three digits', () => {
    const sizes = [0, 999, 1000, 1234, 99_960, 999_499, 999_500, 12_400_000_000];
    assert.deepEqual(sizes.map(bytesText), [
      '0 B',
      '999 B',
      '1.0 KB',
      '1.2 KB',
      '100 KB',
      '999 KB',
      '1.0 MB',
      '12.4 GB',
    ]);
  });
});
