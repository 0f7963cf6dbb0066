import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { say, showLive } from '../../../server/src/cli/output';

describe('lines that are written over', () => {
  it('give way to the next ones and to whatever is said', () => {
    const written: string[] = [];
    const write = mock.method(process.stderr, 'write', (text: string | Uint8Array) => written.push(String(text)) > 0);
    try {
      showLive(['1 of 9', '  a.pt']);
      showLive(['2 of 9']);
      say('a.pt cannot be read');
      showLive(['3 of 9']);
      showLive([]);
      showLive([]);
    } finally {
      write.mock.restore();
    }
    assert.deepEqual(written, [
      '1 of 9\n  a.pt\n',
      '\u001b[2A\r\u001b[J2 of 9\n',
      '\u001b[1A\r\u001b[J',
      'a.pt cannot be read\n',
      '3 of 9\n',
      '\u001b[1A\r\u001b[J',
    ]);
  });
});
