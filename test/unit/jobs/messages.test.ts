import assert from 'node:assert/strict';
import { CheckpointError } from '../../../server/src/checkpoint/checkpoint';
import { errorData, JobError } from '../../../server/src/jobs/messages';

describe('errorData', () => {
  it('keeps what an error says and what its class adds', () => {
    const { name, message, stack, fields } = errorData(new CheckpointError('a.pt', 'cut off', 12, 'data.pkl'));
    assert.equal(name, 'CheckpointError');
    assert.equal(message, 'a.pt (data.pkl, byte 12): cut off');
    assert.match(stack ?? '', /messages\.test/);
    assert.deepEqual(fields, { file: 'a.pt', reason: 'cut off', offset: 12, entry: 'data.pkl' });
  });

  it('leaves out what is not plain data', () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    const error = Object.assign(new Error('x'), { circular, big: 1n, call: () => 1, nothing: undefined, list: [1] });
    assert.deepEqual(errorData(error).fields, { list: [1] });
  });

  it('takes anything that can be thrown', () => {
    assert.deepEqual(errorData('text'), { name: 'Error', message: 'text', fields: {} });
    assert.deepEqual(errorData(undefined), { name: 'Error', message: 'undefined', fields: {} });
  });

  it('comes back as an error of the same name', () => {
    const error = new JobError(errorData(new CheckpointError('a.pt', 'cut off')));
    assert.ok(error instanceof Error);
    assert.equal(error.name, 'CheckpointError');
    assert.equal(error.message, 'a.pt: cut off');
    assert.equal(error.fields.reason, 'cut off');
  });
});
