import assert from 'node:assert/strict';
import { takeQueuePassword } from '../../../../server/src/lsp/queue/password';

describe('takeQueuePassword', () => {
  it('leaves it to no process that is started later', () => {
    const environment = { GRAPHNAD_QUEUE_PASSWORD: 'secret', PATH: '/bin' };
    assert.equal(takeQueuePassword(environment), 'secret');
    assert.deepEqual(environment, { PATH: '/bin' });
    assert.equal(takeQueuePassword(environment), undefined);
  });

  it('takes an empty one for none', () => {
    assert.equal(takeQueuePassword({ GRAPHNAD_QUEUE_PASSWORD: '' }), undefined);
  });
});
