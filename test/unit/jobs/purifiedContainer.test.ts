import assert from 'node:assert/strict';
import type { FormatId } from '../../../server/src/checkpoint/checkpoint';
import { containerFor } from '../../../server/src/jobs/purifiedContainer';
import { OutputError } from '../../../server/src/jobs/writeWhole';

const container = (path: string, format: FormatId, output: string, isDangerous = false) =>
  containerFor({ path, format, isDangerous }, output);

describe('containerFor', () => {
  it('keeps the format where the name is like the original, another of its format, or says nothing', () => {
    for (const [path, format, output] of [
      ['a.pt', 'pytorch-zip', 'b.pt'],
      ['a.pt', 'pytorch-legacy', 'b.bin'],
      ['a.pth', 'torchscript', 'b.PT'],
      ['a.h5', 'keras-hdf5', 'b.h5'],
      ['a.weights', 'npz', 'b.weights'],
      // By content; what loads the original loads its copy.
      ['a.pt', 'pickle', 'b.pt'],
      ['a.safetensors', 'pytorch-zip', 'b.safetensors'],
      ['model.safetensors.index.json', 'sharded', 'b.safetensors.index.json'],
      ['model.json', 'tfjs-layers', 'model.b.json'],
    ] as const) {
      assert.equal(container(path, format, output), 'same', `${path} to ${output}`);
    }
  });

  it('writes a new file where the name asks for one', () => {
    assert.equal(container('a.h5', 'keras-hdf5', 'b.safetensors'), 'safetensors');
    assert.equal(container('a.pt', 'pytorch-zip', 'b.safetensors'), 'safetensors');
    assert.equal(container('a.safetensors', 'safetensors', 'b.pt'), 'pytorch');
    assert.equal(container('a.npz', 'npz', 'b.ckpt'), 'pytorch');
    assert.equal(container('a.safetensors.index.json', 'sharded', 'b.safetensors'), 'safetensors');
  });

  it('copies nothing that is dangerous, and gives what it writes instead no other name', () => {
    assert.equal(container('a.pt', 'pytorch-zip', 'b.pt', true), 'pytorch');
    assert.equal(container('a.pkl', 'pytorch-zip', 'b.pkl', true), 'pytorch');
    assert.equal(container('a.pt', 'pickle', 'b.pt', true), 'pytorch');
    assert.equal(container('a.h5', 'keras-hdf5', 'b.safetensors', true), 'safetensors');
    for (const [path, format, output] of [
      ['a.h5', 'keras-hdf5', 'dir/b.h5'],
      ['a.pkl', 'pickle', 'dir/b.pkl'],
      ['a.bin.index.json', 'sharded', 'dir/b.bin.index.json'],
      ['a', 'pickle', 'dir/b'],
    ] as const) {
      const refused = (error: unknown) => error instanceof OutputError && /such as b\.safetensors$/.test(error.reason);
      assert.throws(() => container(path, format, output, true), refused);
    }
  });

  it('refuses names of formats that are not written', () => {
    assert.throws(() => container('a.pt', 'pytorch-zip', 'b.h5'), /PyTorch \(zip\).*ends in \.pt or \.safetensors/);
    assert.throws(() => container('a.npz', 'npz', 'b.onnx'), OutputError);
  });
});
