import assert from 'node:assert/strict';
import { parseQueueUrl, QueueError } from '../../../../server/src/jobs/remote/address';

describe('parseQueueUrl', () => {
  it('reads addresses, with and without what may be left out', () => {
    assert.deepEqual(parseQueueUrl('redis://queue.example'), {
      shown: 'redis://queue.example:6379',
      options: { host: 'queue.example', port: 6379, db: 0, username: undefined, password: undefined },
    });
    assert.deepEqual(parseQueueUrl('rediss://scan:s%40crt%2F1@[::1]:7000/3'), {
      shown: 'rediss://[::1]:7000/3',
      options: { host: '::1', port: 7000, db: 3, username: 'scan', password: 's@crt/1', tls: { servername: '::1' } },
    });
  });

  it('takes a password from elsewhere where the address has none', () => {
    assert.equal(parseQueueUrl('redis://scan@host', 'secret').options.password, 'secret');
    assert.equal(parseQueueUrl('redis://scan:mine@host', 'secret').options.password, 'mine');
  });

  it('never repeats what it was given', () => {
    const bad = [
      'redis:/secret@host',
      'http://u:secret@host',
      'secret',
      'redis://u:secret@host/queue',
      'redis://u:secret@host/1?x=1',
      'redis://u:secret%@host',
      'redis://u:secret@',
    ];
    for (const url of bad) {
      assert.throws(
        () => parseQueueUrl(url),
        (error) => error instanceof QueueError && !error.message.includes('secret'),
        url,
      );
    }
    assert.ok(!JSON.stringify(parseQueueUrl('redis://u:secret@host').shown).includes('secret'));
  });
});
