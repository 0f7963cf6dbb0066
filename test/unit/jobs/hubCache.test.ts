import assert from 'node:assert/strict';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { CheckpointError } from '../../../server/src/checkpoint/checkpoint';
import { convertToSafetensors } from '../../../server/src/jobs/convertTask';
import { pathBeside } from '../../../server/src/jobs/filesBeside';
import { findModels } from '../../../server/src/jobs/findModels';
import { hashFile } from '../../../server/src/jobs/hashFile';
import { isHubBlob } from '../../../server/src/jobs/hubCache';
import { inspectModel } from '../../../server/src/jobs/inspectTask';
import { loadModel, readModelFile } from '../../../server/src/jobs/loadModel';
import { inspectModelCode } from '../../../server/src/jobs/modelCode';
import { writeWhole } from '../../../server/src/jobs/writeWhole';
import { codeSafetyVerdict } from '../../../server/src/scan/codeSafety';
import { moveIntoHubCache } from '../../support/hubCache';
import { useTmpFolder } from '../../support/tmpFolder';
import { Samples } from '../checkpoint/formatSamples';

const quiet = { signal: new AbortController().signal, progress: () => undefined };
const sha1 = 'a'.repeat(40);
const sha256 = 'b'.repeat(64);

describe('isHubBlob', () => {
  const repository = path.resolve('/hub/models--org--name');
  const snapshot = path.join(repository, 'snapshots', sha1);
  const blob = path.join(repository, 'blobs', sha256);

  it('is the content of a file of the same repository', () => {
    for (const hash of [sha1, sha256]) assert.ok(isHubBlob(path.join(repository, 'blobs', hash), snapshot), hash);
    assert.ok(isHubBlob(blob, path.join(snapshot, 'onnx')));
  });

  it('is nothing else', () => {
    for (const file of ['blobs/passwd', `blobs/${sha1}/x`, `blobs/in/${sha1}`, `refs/${sha1}`, `snapshots/${sha1}/x`])
      assert.ok(!isHubBlob(path.join(repository, file), snapshot), file);
    for (const folder of ['', 'snapshots', 'snapshots/main', `blobs`, `elsewhere/${sha1}`, '../other', '..'])
      assert.ok(!isHubBlob(blob, path.join(repository, folder)), folder);
    assert.ok(!isHubBlob(blob, path.resolve(`/hub/models--org--other/snapshots/${sha1}`)));
    const named = path.resolve('/home/blobs', sha1);
    assert.ok(!isHubBlob(named, path.resolve('/home/snapshots', sha1)), 'a folder that is called otherwise');
  });
});

// Windows lets few people make links, and the hub's cache has copies there.
(process.platform === 'win32' ? describe.skip : describe)('a model in the cache of the Hugging Face hub', () => {
  const at = useTmpFolder();
  const index = 'model.safetensors.index.json';
  let snapshot: string;
  beforeEach(() => {
    snapshot = moveIntoHubCache(Samples.copy('gin', at('plain')), at('hub'));
  });
  const inSnapshot = (name: string): string => path.join(snapshot, name);
  const refused = (name: string): void => {
    assert.throws(
      () => pathBeside(inSnapshot(index), name),
      (error) => error instanceof CheckpointError && /a link to another folder/.test(error.reason),
      name,
    );
  };

  it('is found, inspected, read, looked into and hashed like one in a folder', async () => {
    const plain = (name: string): string => path.join(Samples.copy('gin', at('again')), name);
    const found = await findModels([at('hub')]);
    assert.deepEqual(
      found.map((file) => path.relative(snapshot, file)),
      (await findModels([path.dirname(plain(index))])).map((file) => path.relative(at('again'), file)),
    );
    for (const name of [index, 'pytorch_model.bin.index.json', 'gin.safetensors']) {
      const [there, here] = [inSnapshot(name), plain(name)];
      assert.equal(await hashFile(there), await hashFile(here));
      assert.equal((await readModelFile(there)).sha256, await hashFile(here));
      const [inspection, expected] = await Promise.all([there, here].map((model) => inspectModel({ model })));
      assert.deepEqual({ ...inspection, version: '' }, { ...expected, version: '' });
      assert.equal(inspection.codeSafety, 'safe');
      const code = inspectModelCode(await readModelFile(there));
      assert.deepEqual([codeSafetyVerdict(code), code.anomalies], ['safe', []]);
      assert.deepEqual((await loadModel(there)).recognition.architecture.kind, 'gin');
    }
  });

  it('is converted into a file beside it, and stays as it is', async () => {
    const repository = path.dirname(path.dirname(snapshot));
    const blobs = readdirSync(path.join(repository, 'blobs')).sort();
    const before = blobs.map((name) => readFileSync(path.join(repository, 'blobs', name)));
    const output = inSnapshot('converted.safetensors');
    await convertToSafetensors({ kind: 'convert', model: inSnapshot(index), output }, quiet);
    const shard = inSnapshot('model-00001-of-00002.safetensors');
    await assert.rejects(
      convertToSafetensors({ kind: 'convert', model: inSnapshot(index), output: shard, overwrite: true }, quiet),
      /input file/,
    );
    // Another file of that revision may be replaced. What other revisions show under the same hash stays.
    await writeWhole(inSnapshot('gin.npz'), 'new', { overwrite: true });
    assert.equal(readFileSync(inSnapshot('gin.npz'), 'utf8'), 'new');
    assert.ok(lstatSync(inSnapshot('gin.npz')).isFile());
    assert.deepEqual(readdirSync(path.join(repository, 'blobs')).sort(), blobs);
    const after = blobs.map((name) => readFileSync(path.join(repository, 'blobs', name)));
    assert.deepEqual(after, before);
  });

  it('leads nowhere else, whatever is linked to what', () => {
    const other = moveIntoHubCache(Samples.copy('gin', at('more')), at('hub'), 'models--org--other');
    const repository = path.dirname(path.dirname(snapshot));
    writeFileSync(at('secret'), 'x');
    writeFileSync(path.join(repository, 'blobs', 'secret'), 'x');
    symlinkSync(at('secret'), inSnapshot('outside.bin'));
    symlinkSync(path.join('..', '..', 'blobs', 'secret'), inSnapshot('named.bin'));
    symlinkSync(path.join(other, 'gin.npz'), inSnapshot('other.bin'));
    symlinkSync(at('secret'), path.join(repository, 'blobs', sha256));
    symlinkSync(path.join('..', '..', 'blobs', sha256), inSnapshot('onward.bin'));
    for (const name of ['outside.bin', 'named.bin', 'other.bin', 'onward.bin']) refused(name);

    const shard = 'model-00001-of-00002.safetensors';
    assert.ok(pathBeside(inSnapshot(index), shard).startsWith(path.join(repository, 'blobs')));
    renameSync(path.join(repository, 'blobs'), at('blobs'));
    symlinkSync(at('blobs'), path.join(repository, 'blobs'));
    refused(shard);
    rmSync(path.join(repository, 'blobs'));
    mkdirSync(path.join(repository, 'blobs'));
    assert.throws(() => pathBeside(inSnapshot(index), shard), /there is no such file/);
  });
});
