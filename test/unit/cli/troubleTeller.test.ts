import assert from 'node:assert/strict';
import { troubleTeller } from '../../../server/src/cli/troubleTeller';
import { captured } from '../../support/captured';

describe('trouble with a queue', () => {
  it('is told once, as is its end, and steers no terminal', async () => {
    const tell = troubleTeller();
    const { err } = await captured(() => {
      for (const trouble of ['', 'lost', 'lost', 'a\u001b[2J', 'b', 'c', 'lost', '', '', 'lost']) tell(trouble);
      return Promise.resolve(0);
    });
    const lines = [': lost', ': a\\u{1b}[2J', ': b', ' is well again', ': lost'];
    assert.equal(err, lines.map((line) => `graphnad: the queue${line}\n`).join(''));
  });
});
