import assert from 'node:assert/strict';
import { plainMarkdown } from '../../../client/plainMarkdown';

describe('plain text in Markdown', () => {
  it('means nothing', () => {
    assert.equal(
      plainMarkdown('[a](command:x) **b** <i> $(bug)'),
      '\\[a\\]\\(command\\:x\\) \\*\\*b\\*\\* \\<i\\> &#36;\\(bug\\)',
    );
    assert.equal(plainMarkdown('a\\_b.pt'), 'a\\\\\\_b\\.pt');
  });

  it('is one paragraph, and lines may break at its spaces', () => {
    assert.equal(plainMarkdown('a\n\n# b\tc'), 'a \\# b c');
  });
});
