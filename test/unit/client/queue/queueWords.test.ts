import assert from 'node:assert/strict';
import { isStuck, queueLine } from '../../../../client/queue/queueWords';

const address = 'redis://queue:6379';
const counts = { workers: 1, otherWorkers: 0, troubles: [], waiting: 1, active: 0 };

describe('the words for a queue', () => {
  it('say who works and how much waits', () => {
    assert.equal(queueLine({ address }), 'The queue redis://queue:6379 scans and purifies.');
    assert.equal(
      queueLine({ address, counts }),
      'The queue redis://queue:6379 has 1 worker: 1 job waiting, 0 under way.',
    );
  });

  it('tell workers of other versions, which do nothing for this one', () => {
    const line = queueLine({ address, counts: { ...counts, workers: 0, otherWorkers: 2 } });
    assert.match(line, /has no worker of this version \(2 of others\): 1 job waiting/);
    assert.ok(isStuck({ address, counts: { ...counts, workers: 0, otherWorkers: 2 } }));
    assert.ok(!isStuck({ address, counts }));
  });

  it('tell workers that cannot work, and that nothing goes on where none can', () => {
    const troubles = ['gpu-1: no space left on device; it takes no jobs until there is room'];
    assert.match(queueLine({ address, counts: { ...counts, troubles } }), /1 worker cannot work: gpu-1: no space left/);
    assert.ok(isStuck({ address, counts: { ...counts, troubles } }));
    assert.ok(!isStuck({ address, counts: { ...counts, workers: 2, troubles } }));
  });

  it('say that nothing is done elsewhere instead', () => {
    assert.equal(
      queueLine({ trouble: 'it is no address' }),
      'The queue cannot be used: it is no address. Nothing is done on this machine instead.',
    );
    assert.ok(isStuck({ address, trouble: 'it is gone' }));
  });
});
