import assert from 'node:assert/strict';
import { readModel } from '../../../../server/src/checkpoint/onnx/model';
import { onnx } from '../../../../server/src/checkpoint/onnx/onnx';
import { CheckpointError } from '../../../../server/src/checkpoint/checkpoint';
import { bytesField } from '../../../../server/src/checkpoint/onnx/wire';
import * as samples from '../formatSamples';

const files = new samples.Samples('onnx');
const open = (bytes: Uint8Array) => samples.openAs(onnx, bytes, files.beside);

describe('onnx', () => {
  for (const [name, expected] of Object.entries(files.expected)) {
    it(`reads ${name} as onnx does`, () => {
      assert.ok(samples.isRecognised(onnx, files.bytes(name)));
      samples.assertHolds(open(files.bytes(name)), expected);
    });
  }

  it('reads who made a model and what they wrote down', () => {
    const { metadata } = open(files.bytes('raw.onnx'));
    assert.equal(metadata.producer_name, 'make_onnx');
    assert.equal(metadata['opset ai.onnx'], '17');
    assert.equal(metadata.task, 'graph classification');
    assert.deepEqual(Object.getOwnPropertyDescriptor(metadata, '__proto__')?.value, 'x');
  });

  it('lists the operators of all graphs, each once', () => {
    const { operators } = readModel(files.bytes('nested.onnx'));
    assert.deepEqual(
      operators.map(({ domain, name }) => `${domain}::${name}`),
      ['::Constant', '::If', '::Identity', 'com.example::Aggregate'],
    );
  });

  it('says that a model has no tensors', () => {
    assert.throws(() => samples.openAs(onnx, Buffer.of(8, 8, 0x3a, 2, 0x12, 0)), /it holds no tensors/);
  });

  for (const name of ['raw.onnx', 'listed.onnx', 'nested.onnx']) {
    it(`writes other numbers into ${name}`, () => {
      const before = open(files.bytes(name));
      const replacements = samples.negated(before);
      assert.ok(replacements.size > 0);
      const written = samples.rewriteAs(onnx, files.bytes(name), replacements, files.beside);
      const after = open(written.bytes);
      assert.deepEqual(samples.contents(after), samples.contents(before, replacements));
      assert.deepEqual(after.metadata, before.metadata);
      assert.equal(written.beside.size, 0);
    });
  }

  it('keeps every byte where the numbers stay', () => {
    const bytes = files.bytes('raw.onnx');
    const replacements = new Map([...open(bytes).tensors].map(([name, tensor]) => [name, tensor.values()]));
    assert.deepEqual(Buffer.from(samples.rewriteAs(onnx, bytes, replacements).bytes), Buffer.from(bytes));
  });

  it('refuses numbers that do not fit', () => {
    const bytes = files.bytes('listed.onnx');
    const rewrite = (name: string, values: number[]) => () => samples.rewriteAs(onnx, bytes, new Map([[name, values]]));
    assert.throws(rewrite('half', [1, 2, 3]), /3 values replace 4/);
    assert.throws(rewrite('small', [1, 200]), /200 does not fit into int8/);
    assert.throws(rewrite('none', []), /no tensor "none"/);
  });

  describe('with numbers in a file beside the model', () => {
    const bytes = files.bytes('external.onnx');

    it('names that file', () => {
      assert.deepEqual(onnx.filesBeside?.(bytes, 'sample'), ['external.onnx.data']);
    });

    it('writes both under new names', () => {
      const before = open(bytes);
      const replacements = samples.negated(before);
      const renamed = (name: string) => name.replace('external', 'clean');
      const written = onnx.rewrite?.(bytes, replacements, {
        file: 'sample',
        isChecked: () => true,
        largeTensors: false,
        openBeside: files.beside,
        renamed,
      });
      assert.ok(written);
      assert.deepEqual([...written.beside.keys()], ['clean.onnx.data']);
      const after = samples.openAs(onnx, written.bytes, (name) => {
        const data = written.beside.get(name);
        assert.ok(data, name);
        return data;
      });
      assert.deepEqual(samples.contents(after), samples.contents(before, replacements));
    });

    it('reads numbers that tensors share, but not over and over', () => {
      const field = (number: number, content: Uint8Array | string) => bytesField(number, Buffer.from(content));
      const entry = Buffer.concat([field(1, 'location'), field(2, 'w.bin')]);
      const tensor = (i: number) =>
        field(5, Buffer.concat([Buffer.of(8, 2, 16, 1), field(8, `w${i}`), field(13, entry), Buffer.of(0x70, 1)]));
      const graph = Buffer.concat(Array.from({ length: 20 }, (_, i) => tensor(i)));
      const { tensors, unread } = samples.openAs(
        onnx,
        Buffer.concat([Buffer.of(8, 8), field(7, graph)]),
        () => new Uint8Array(8),
      );
      assert.deepEqual([tensors.size, unread.size], [16, 4]);
      assert.match(unread.get('w19') ?? '', /shares its numbers/);
    });

    it('says what the file lacks', () => {
      const short = samples.openAs(onnx, bytes, () => new Uint8Array(60));
      assert.deepEqual([...short.tensors.keys()], ['w']);
      assert.match(short.unread.get('b') ?? '', /run past the end of external\.onnx\.data/);
    });
  });

  it('stands damage', () => {
    for (const name of Object.keys(files.expected)) {
      samples.assertStandsDamage(onnx, files.bytes(name), 3, files.beside);
    }
  });

  it('does not follow a tensor to more numbers than there are', () => {
    // dims 2^40, float32 in varints of float_data: `08 80..` is not read, as there are no bytes behind it.
    const tensor = Buffer.concat([Buffer.of(0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0x10, 0x06, 0x42, 1, 0x77)]);
    const graph = Buffer.concat([Buffer.of(0x2a, tensor.length), tensor]);
    const model = Buffer.concat([Buffer.of(8, 8, 0x3a, graph.length), graph]);
    const { unread } = samples.openAs(onnx, model);
    assert.match(unread.get('w') ?? '', /1099511627776 elements in 0 bytes/);
  });

  it('refuses messages that run past their end', () => {
    assert.throws(() => samples.openAs(onnx, Buffer.of(8, 8, 0x3a, 9, 0x2a, 99)), CheckpointError);
  });
});
