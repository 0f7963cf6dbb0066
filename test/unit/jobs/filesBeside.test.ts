import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { CheckpointError } from '../../../server/src/checkpoint/checkpoint';
import { namesBeside, pathBeside } from '../../../server/src/jobs/filesBeside';
import { useTmpFolder } from '../../support/tmpFolder';

const onPosix = process.platform === 'win32' ? it.skip : it;

describe('pathBeside', () => {
  const at = useTmpFolder();
  const refused = (name: string, reason: RegExp) =>
    assert.throws(
      () => pathBeside(at('models', 'm.json'), name),
      (error) => error instanceof CheckpointError && reason.test(error.message),
      name,
    );

  beforeEach(() => {
    mkdirSync(at('models', 'inner'), { recursive: true });
    writeFileSync(at('models', 'part.bin'), 'x');
    writeFileSync(at('secret.bin'), 'x');
  });

  it('is a file of the same folder', () => {
    assert.equal(pathBeside(at('models', 'm.json'), 'part.bin'), at('models', 'part.bin'));
    refused('gone.bin', /there is no such file/);
    for (const name of ['../secret.bin', 'inner/../part.bin', at('secret.bin'), '..', ''])
      refused(name, /does not lie beside it/);
  });

  onPosix('is not led out of it by a link', () => {
    symlinkSync(at('secret.bin'), at('models', 'link.bin'));
    symlinkSync('part.bin', at('models', 'alias.bin'));
    refused('link.bin', /a link to another folder/);
    assert.equal(pathBeside(at('models', 'm.json'), 'alias.bin'), at('models', 'part.bin'));
  });
});

describe('namesBeside', () => {
  it('are those of the original with the name of the copy', () => {
    const shards = namesBeside('/a/model.safetensors.index.json', '/b/clean.safetensors.index.json');
    assert.equal(shards('model-00001-of-00002.safetensors'), 'clean-00001-of-00002.safetensors');
    assert.equal(shards('other.safetensors'), 'clean.other.safetensors');
    const purified = namesBeside('net.onnx', 'net.purified.onnx');
    assert.equal(purified('net.onnx.data'), 'net.purified.onnx.data');
    assert.equal(purified('weights'), 'net.purified.weights');
  });
});
