import assert from 'node:assert/strict';
import { ErrorCodes, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { OutputError } from '../../../server/src/jobs/writeWhole';
import { errorData, JobError } from '../../../server/src/jobs/messages';
import { JobCancelledError, WorkerCrashedError } from '../../../server/src/jobs/workerProcess';
import { logText, toResponseError } from '../../../server/src/lsp/errors';

describe('toResponseError', () => {
  it('gives the message and fields of what a job threw', () => {
    const error = new JobError(errorData(new OutputError('/m/out.pt', 'the disk is full', 'ENOSPC')));
    const { code, message, data } = toResponseError(error);
    assert.equal(code, LSPErrorCodes.RequestFailed);
    assert.equal(message, '/m/out.pt: the disk is full');
    assert.deepEqual(data, { name: 'OutputError', file: '/m/out.pt', reason: 'the disk is full', code: 'ENOSPC' });
  });

  it('tells a cancelled request from a failed one', () => {
    assert.equal(toResponseError(new JobCancelledError()).code, LSPErrorCodes.RequestCancelled);
  });

  it('says how a worker died', () => {
    const { code, message, data } = toResponseError(new WorkerCrashedError(null, 'SIGKILL', ['last words']));
    assert.equal(code, ErrorCodes.InternalError);
    assert.equal(message, 'The analysis process ended unexpectedly (SIGKILL)');
    assert.deepEqual(data, { name: 'WorkerCrashedError', exitCode: null, signal: 'SIGKILL', output: ['last words'] });
  });

  it('passes on an answer that is ready, and takes anything else', () => {
    const ready = new ResponseError(ErrorCodes.InvalidParams, 'no');
    assert.equal(toResponseError(ready), ready);
    assert.equal(toResponseError(new TypeError('oops')).message, 'oops');
    assert.equal(toResponseError('oops').message, 'oops');
  });
});

describe('logText', () => {
  it('keeps to plain words where the error has them', () => {
    const expected = new JobError(errorData(new OutputError('/m/out.pt', 'the disk is full')));
    assert.equal(logText(expected), '/m/out.pt: the disk is full');
    assert.equal(
      logText(new WorkerCrashedError(1, null, ['last words'])),
      'the analysis process ended unexpectedly (exit code 1)\nlast words',
    );
    assert.equal(logText('text'), 'text');
  });

  it('says where an unexpected error was thrown', () => {
    assert.match(logText(new JobError(errorData(new TypeError('oops')))), /TypeError: oops\n\s+at .*errors\.test/);
    assert.match(logText(new TypeError('oops')), /TypeError: oops\n\s+at /);
  });
});
