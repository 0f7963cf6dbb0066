import assert from 'node:assert/strict';
import { CheckpointError } from '../../../server/src/checkpoint/checkpoint';
import { errorData, JobError } from '../../../server/src/jobs/messages';
import { WorkerCrashedError } from '../../../server/src/jobs/workerProcess';
import { failedFinding, tooLargeFinding } from '../../../server/src/lsp/assessModel';

describe('findings about files that were not assessed at all', () => {
  it('give size and limit of a file that is too large', () => {
    const { code, message, details } = tooLargeFinding(1_234_567_890, 512);
    assert.equal(code, 'GN901');
    assert.equal(
      message,
      'Not assessed for backdoors: the file has 1,235 MB, more than graphnad.scan.maxFileSize (512 MB)',
    );
    assert.match(details.join(), /Its code was looked at.*when you ask for it/);
  });

  it('give the reason of a file that cannot be read', () => {
    const error = new JobError(errorData(new CheckpointError('/m/a.pt', 'reading it is not permitted')));
    const { code, message } = failedFinding(error);
    assert.equal(code, 'GN901');
    assert.equal(message, 'Not assessed for code or backdoors: reading it is not permitted');
  });

  it('say how the analysis ended, with its last words', () => {
    const { code, severity, message, details } = failedFinding(
      new WorkerCrashedError(134, null, ['heap out of memory']),
    );
    assert.equal(code, 'GN906');
    assert.equal(severity, 'information');
    assert.equal(
      message,
      'Not assessed for code or backdoors: the analysis process ended unexpectedly (out of memory, exit code 134)',
    );
    assert.equal(details.at(-1), 'heap out of memory');
  });

  it('do not hide a mistake of ours', () => {
    const { code, message } = failedFinding(new JobError(errorData(new TypeError('x is undefined'))));
    assert.equal(code, 'GN906');
    assert.match(message, /the analysis failed: x is undefined/);
  });
});
