import assert from 'node:assert/strict';
import { createPyTorchCheckpoint } from '../../../server/src/checkpoint/createCheckpoint';
import { inspectCode } from '../../../server/src/checkpoint/inspectCode';
import { readCheckpoint } from '../../../server/src/checkpoint/readCheckpoint';
import { readZip } from '../../../server/src/checkpoint/zip/readZip';
import { writeZip } from '../../../server/src/checkpoint/zip/writeZip';
import type { LoadedModel } from '../../../server/src/jobs/loadModel';
import { purifiedFile } from '../../../server/src/jobs/purifiedFile';
import { codeSafetyVerdict } from '../../../server/src/scan/codeSafety';

const tensors = [
  { name: 'lin.weight', dtype: 'float32', shape: [2, 2], values: [1, 2, 3, 4] },
  { name: 'steps', dtype: 'int64', shape: [], values: [7] },
] as const;
const clean = createPyTorchCheckpoint(tensors);
const values = new Map([['lin.weight', Float32Array.of(5, 6, 7, 8)]]);

/** The clean file with `os.system("id")` before its state dict: an opcode that makes no difference to the result. */
function withPayload(): Uint8Array {
  const { entries } = readZip(clean, 'clean.pt');
  const payload = Buffer.from('cos\nsystem\n(S"id"\ntR0', 'latin1');
  return writeZip(
    entries.map(({ name, data }) => {
      if (!name.endsWith('data.pkl')) return { name, data };
      return { name, data: Buffer.concat([data.subarray(0, 2), payload, data.subarray(2)]) };
    }),
  );
}

function loaded(bytes: Uint8Array): LoadedModel {
  const checkpoint = readCheckpoint(bytes, 'model.pt');
  return { path: 'model.pt', bytes, beside: new Map(), sha256: '', checkpoint } as unknown as LoadedModel;
}

describe('purifiedFile', () => {
  it('keeps everything but the numbers of a file that runs nothing dangerous', () => {
    const { bytes, notes } = purifiedFile(loaded(clean), values, (name) => name);
    assert.deepEqual(notes, []);
    assert.equal(bytes.length, clean.length);
    assert.deepEqual([...(readCheckpoint(bytes, 'out.pt').tensors.get('lin.weight')?.values() ?? [])], [5, 6, 7, 8]);
  });

  it('takes the tensors of a file that runs dangerous code, and not the code', () => {
    const bad = withPayload();
    assert.equal(codeSafetyVerdict(inspectCode(bad, 'bad.pt')), 'dangerous');
    const { bytes, notes } = purifiedFile(loaded(bad), values, (name) => name);
    assert.match(notes[0], /^The original runs dangerous code/);
    assert.equal(codeSafetyVerdict(inspectCode(bytes, 'out.pt')), 'safe');
    const written = [...readCheckpoint(bytes, 'out.pt').tensors.values()].map((tensor) => [
      tensor.name,
      tensor.dtype,
      tensor.shape,
      [...tensor.values()],
    ]);
    assert.deepEqual(written, [
      ['lin.weight', 'float32', [2, 2], [5, 6, 7, 8]],
      ['steps', 'int64', [], [7]],
    ]);
  });
});
