import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { ContentHashes } from '../../../../server/src/jobs/cache/contentHashes';
import type { ErrorData } from '../../../../server/src/jobs/messages';
import type { JobOutcome } from '../../../../server/src/jobs/remote/message';
import { packJob, type PackedJob } from '../../../../server/src/jobs/remote/pack';
import { toPlaces } from '../../../../server/src/jobs/remote/places';
import { mostOutcomeBytes, readOutcome } from '../../../../server/src/jobs/remote/readOutcome';
import { runTask } from '../../../../server/src/jobs/runTask';
import type { ScanTask } from '../../../../server/src/jobs/tasks';
import type { ScanReport } from '../../../../protocol/reports';
import { useTinyWorkspace } from '../../../support/tinyWorkspace';

/** What somebody can say of a job who may write to the queue. */
describe('readOutcome', () => {
  const tiny = useTinyWorkspace();
  let task: ScanTask;
  let packed: PackedJob;
  let report: ScanReport;

  before(async () => {
    task = { kind: 'scan', model: tiny().model, codeOnly: true };
    packed = await packJob(task, { hashes: new ContentHashes(), isShared: () => false });
    report = await runTask(task, { signal: new AbortController().signal, progress: () => undefined });
  });

  const read = (outcome: unknown): Promise<JobOutcome | undefined> =>
    readOutcome(gzipSync(JSON.stringify(toPlaces(outcome, packed.folders))), task, packed);
  const done = (changes: object = {}, files: unknown[] = []): unknown => ({
    ...{ kind: 'done', result: { ...report, ...changes }, files },
  });

  it('gives what came of the job, with the paths of this machine', async () => {
    assert.deepEqual(await read(done()), JSON.parse(JSON.stringify(done())));
    const error: ErrorData = {
      name: 'CheckpointError',
      message: `${task.model}: cut off`,
      fields: { file: task.model },
    };
    assert.deepEqual(await read({ kind: 'error', error }), { kind: 'error', error });
  });

  it('takes nothing that is of another file', async () => {
    assert.equal(await read(done({ sha256: 'a'.repeat(64) })), undefined);
    assert.equal(await read(done({ file: '/models/other.pt' })), undefined);
  });

  it('takes no files that nobody asked for', async () => {
    const file = { folder: 0, name: '.bashrc', bytes: 3, sha256: 'a'.repeat(64) };
    assert.equal(await read(done({}, [file])), undefined);
  });

  it('takes no error for the end of asking', async () => {
    for (const name of ['RunLeftError', 'JobFailedError', 'JobCancelledError', 'UsageError']) {
      assert.equal(await read({ kind: 'error', error: { name, message: '', fields: {} } }), undefined, name);
    }
  });

  it('takes nothing that is no outcome, too large or too deep', async () => {
    const raw = (bytes: Buffer): Promise<unknown> => readOutcome(bytes, task, packed);
    assert.equal(await raw(Buffer.from('no gzip')), undefined);
    assert.equal(await raw(gzipSync('no JSON')), undefined);
    assert.equal(await raw(gzipSync(Buffer.alloc(mostOutcomeBytes + 1, ' '))), undefined);
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const text = `{"kind":"error","error":{"name":"Error","message":"","fields":{"deep":${deep}}}}`;
    assert.equal(await raw(gzipSync(text)), undefined);
    for (const other of [null, [], {}, { kind: 'done' }, { kind: 'done', result: null, files: [] }]) {
      assert.equal(await read(other), undefined, JSON.stringify(other));
    }
  });

  it('gives objects no other nature than they have', async () => {
    const text = JSON.stringify(toPlaces(done(), packed.folders)).replace('{', '{"__proto__":{"polluted":true},');
    const outcome = await readOutcome(gzipSync(text), task, packed);
    assert.equal((outcome as { polluted?: boolean } | undefined)?.polluted, undefined);
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });
});
