import assert from 'node:assert/strict';
import { CheckpointError } from '../../../../server/src/checkpoint/checkpoint';
import { tfjsLayers } from '../../../../server/src/checkpoint/tfjs/tfjsLayers';
import * as samples from '../formatSamples';

const files = new samples.Samples('tfjs');
const open = (bytes: Uint8Array) => samples.openAs(tfjsLayers, bytes, files.beside);

function model(content: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(content));
}

/** A model of one group with these weights, in a file of `length` bytes. */
function openGroup(weights: readonly unknown[], length = 16, paths: readonly unknown[] = ['w.bin']) {
  return samples.openAs(
    tfjsLayers,
    model({ modelTopology: {}, weightsManifest: [{ paths, weights }] }),
    () => new Uint8Array(length),
  );
}

describe('tfjsLayers', () => {
  for (const [name, expected] of Object.entries(files.expected)) {
    it(`reads ${name} as TensorFlow.js does`, () => {
      assert.ok(samples.isRecognised(tfjsLayers, files.bytes(name)));
      samples.assertHolds(open(files.bytes(name)), expected);
    });

    it(`writes other numbers into ${name}`, () => {
      const before = open(files.bytes(name));
      const replacements = samples.negated(before);
      const written = samples.rewriteAs(tfjsLayers, files.bytes(name), replacements, files.beside);
      const after = samples.openAs(tfjsLayers, written.bytes, (path) => {
        const content = written.beside.get(path);
        assert.ok(content, path);
        return content;
      });
      assert.deepEqual(samples.contents(after), samples.contents(before, replacements));
      assert.deepEqual(after.metadata, before.metadata);
      assert.deepEqual([...written.beside.keys()], tfjsLayers.filesBeside?.(files.bytes(name), name));
    });
  }

  it('keeps every byte where the numbers stay', () => {
    const bytes = files.bytes('plain.json');
    const same = new Map([...open(bytes).tensors].map(([name, tensor]) => [name, tensor.values()]));
    const written = samples.rewriteAs(tfjsLayers, bytes, same, files.beside);
    assert.deepEqual(written.bytes, bytes);
    for (const [name, content] of written.beside) {
      assert.deepEqual(Buffer.from(content), Buffer.from(files.bytes(name)), name);
    }
  });

  it('writes quantised weights in 32 bits and leaves the others', () => {
    const bytes = files.bytes('uint8.json');
    const before = open(bytes);
    const [first] = before.tensors.values();
    const values = first.values().map((value) => value + 1000);
    const options = { file: 'sample', isChecked: () => true, largeTensors: false, openBeside: files.beside };
    const renamed = (name: string) => `clean-${name}`;
    const written = tfjsLayers.rewrite?.(bytes, new Map([[first.name, values]]), { ...options, renamed });
    assert.ok(written);
    const text = Buffer.from(written.bytes).toString();
    assert.equal(text.split('"quantization"').length, Buffer.from(bytes).toString().split('"quantization"').length - 1);
    assert.deepEqual([...written.beside.keys()], ['clean-uint8-group1-shard1of1.bin']);
    const after = samples.openAs(tfjsLayers, written.bytes, (name) => written.beside.get(name) ?? new Uint8Array());
    const expected = samples.contents(before, new Map([[first.name, values.map(Math.fround)]]));
    assert.deepEqual(samples.contents(after), expected);
  });

  it('says which weights it cannot read', () => {
    const weight = (name: string, dtype: string, shape = [1]) => ({ name, dtype, shape });
    const { tensors, unread } = openGroup([
      weight('a', 'float32'),
      weight('b', 'complex64'),
      weight('c', 'float32', [2 ** 40]),
      weight('d', 'string'),
      weight('e', 'float32'),
      weight('a', 'float32'),
    ]);
    assert.deepEqual([...tensors.keys()], []);
    assert.deepEqual(
      [...unread].map(([name, reason]) => `${name}: ${reason}`),
      [
        'b: its element type "complex64" is not read',
        'c: it needs 4398046511104 bytes where there are 4',
        'd: its element type "string" is not read',
        'e: it lies behind texts, whose length nothing says',
        'a: there are two weights of this name',
      ],
    );
  });

  it('says which file is not there, or may not be opened', () => {
    const weights = [{ name: 'w', dtype: 'float32', shape: [1] }];
    assert.match(
      open(model({ weightsManifest: [{ paths: ['none.bin'], weights }] })).unread.get('w') ?? '',
      /none\.bin/,
    );
    assert.match(openGroup(weights, 4, ['../w.bin']).unread.get('w') ?? '', /does not lie beside it/);
  });

  it('refuses a manifest that is none', () => {
    const quantized = { name: 'w', dtype: 'float32', shape: [1], quantization: { dtype: 'uint4' } };
    const broken: readonly (readonly [unknown, RegExp])[] = [
      [{ modelTopology: {} }, /no "weightsManifest"/],
      [{ weightsManifest: [{}] }, /group 1 of its weights names no files/],
      [{ weightsManifest: [{ paths: [1], weights: [] }] }, /something else than text/],
      [{ weightsManifest: [{ paths: [], weights: [{}] }] }, /has no name/],
      [{ weightsManifest: [{ paths: [], weights: [{ name: 'w', shape: [-1] }] }] }, /shape of weight "w"/],
      [{ weightsManifest: [{ paths: [], weights: [quantized] }] }, /stored in a way that is not read/],
      [{ weightsManifest: [{ paths: Array.from({ length: 1001 }, () => 'w'), weights: [] }] }, /1001 files/],
    ];
    for (const [content, reason] of broken) assert.throws(() => open(model(content)), reason);
    assert.throws(() => open(Buffer.from('{"weightsManifest": [')), CheckpointError);
  });

  it('stands damage', () => {
    for (const name of ['plain.json', 'uint8.json']) {
      samples.assertStandsDamage(tfjsLayers, files.bytes(name), 7, files.beside);
    }
  });
});
