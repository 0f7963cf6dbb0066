import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { isModelFile, isModelName, modelOf, partsOf } from '../../../server/src/jobs/modelFiles';
import { useTmpFolder } from '../../support/tmpFolder';
import { Samples } from '../checkpoint/formatSamples';

describe('model files', () => {
  const at = useTmpFolder();
  const models = async (): Promise<string[]> => {
    const found: string[] = [];
    for (const name of readdirSync(at('.')).sort()) if (await isModelFile(at(name))) found.push(name);
    return found;
  };

  it('are known by their names', () => {
    for (const name of [
      'a.ckpt',
      'a.pickle',
      'model.bin',
      'a.onnx',
      'x.safetensors.index.json',
      'model.json',
      'model.purified.json',
    ])
      assert.ok(isModelName(name), name);
    for (const name of ['pt', 'a.pt.txt', 'package.json', 'amodel.json', 'index.json'])
      assert.ok(!isModelName(name), name);
  });

  it('are those that look like one where names say little', async () => {
    writeFileSync(at('firmware.bin'), Buffer.of(0x7f, 0x45, 0x4c, 0x46));
    writeFileSync(at('notes.bin'), 'weights of my model');
    writeFileSync(at('model.json'), '{"name": "a package"}');
    writeFileSync(at('empty.bin'), '');
    // A pickle of the oldest protocol, with what it imports far behind its beginning.
    writeFileSync(at('payload.bin'), Buffer.from(`V${'x'.repeat(200_000)}\n0cos\nsystem\n(S'id'\ntR.`, 'latin1'));
    writeFileSync(at('short.bin'), Buffer.from(`cos\nsystem\n(S'id'\ntR.`, 'latin1'));
    writeFileSync(at('zip.bin'), 'PK\x03\x04...');
    assert.deepEqual(await models(), ['payload.bin', 'short.bin', 'zip.bin']);
  });

  it('are indexes in place of the shards that they name', async () => {
    new Samples('pytorch').copyTo(at('.'));
    for (const name of readdirSync(at('.')).filter((one) => !/index\.json$|-of-/.test(one))) rmSync(at(name));
    const shard = 'model-00001-of-00002.safetensors';
    copyFileSync(at(shard), at('model-00003-of-00002.safetensors'));
    assert.deepEqual(await models(), [
      'model-00003-of-00002.safetensors',
      'model.safetensors.index.json',
      'pytorch_model.bin.index.json',
    ]);
    assert.equal(await modelOf(at(shard)), at('model.safetensors.index.json'));
    assert.equal(await modelOf(at('model-00003-of-00002.safetensors')), undefined);
    assert.deepEqual(await partsOf(at('model.safetensors.index.json')), [shard, shard.replace('00001', '00002')]);
    writeFileSync(at('model.safetensors.index.json'), '{"weight_map": {');
    assert.ok((await models()).includes(shard), 'a damaged index hides nothing');
  });
});
