import assert from 'node:assert/strict';
import { errorMessage, isCancellation, serverErrorName } from '../../../client/errors';

describe('errors of requests', () => {
  it('are told apart from cancellations', () => {
    assert.ok(isCancellation(Object.assign(new Error('Cancelled'), { code: -32800 })));
    assert.ok(isCancellation(Object.assign(new Error('Canceled'), { name: 'Canceled' })));
    assert.ok(!isCancellation(Object.assign(new Error('wrong width'), { code: -32803 })));
    assert.ok(!isCancellation('Canceled'));
  });

  it('have a message whatever was thrown', () => {
    assert.equal(errorMessage(new Error('no')), 'no');
    assert.equal(errorMessage('text'), 'text');
  });

  it('have the name that the server gave them', () => {
    assert.equal(serverErrorName(Object.assign(new Error('no'), { data: { name: 'DatasetError' } })), 'DatasetError');
    for (const other of [new Error('no'), Object.assign(new Error('no'), { data: null }), 'text', undefined]) {
      assert.equal(serverErrorName(other), undefined);
    }
  });
});
