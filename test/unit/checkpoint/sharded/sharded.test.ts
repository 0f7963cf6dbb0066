import assert from 'node:assert/strict';
import { CheckpointError } from '../../../../server/src/checkpoint/checkpoint';
import { openCheckpoint } from '../../../../server/src/checkpoint/openCheckpoint';
import { readCheckpoint } from '../../../../server/src/checkpoint/readCheckpoint';
import { rewriteCheckpoint } from '../../../../server/src/checkpoint/rewriteCheckpoint';
import { assertHolds, contents, negated, Samples } from '../formatSamples';

const samples = new Samples('pytorch');
const indexes = ['model.safetensors.index.json', 'pytorch_model.bin.index.json'];

/** The index of the safetensors shards, changed. */
function index(change: (content: { weight_map: Record<string, unknown> }) => void): Uint8Array {
  const content = JSON.parse(Buffer.from(samples.bytes(indexes[0])).toString()) as {
    weight_map: Record<string, unknown>;
  };
  change(content);
  return Buffer.from(JSON.stringify(content));
}

function refused(bytes: Uint8Array, reason: RegExp): void {
  assert.throws(
    () => readCheckpoint(bytes, 'f', samples.beside),
    (error) => error instanceof CheckpointError && reason.test(error.message),
  );
}

describe('sharded', () => {
  for (const name of indexes) {
    it(`reads ${name} as its library does`, () => {
      const bytes = samples.bytes(name);
      for (const opened of [readCheckpoint(bytes, name, samples.beside), openCheckpoint(bytes, name, samples.beside)]) {
        assertHolds(opened, samples.expected[name]);
        assert.equal(opened.format, 'sharded');
        assert.deepEqual(opened.anomalies, []);
        assert.equal(opened.extras.plain.total_size, '256');
      }
    });

    it(`rewrites ${name} under other names`, () => {
      const bytes = samples.bytes(name);
      const before = readCheckpoint(bytes, name, samples.beside);
      const replaced = negated(before);
      const renamed = (shard: string) => `new-${shard}`;
      const written = rewriteCheckpoint(bytes, name, replaced, { openBeside: samples.beside, renamed });
      assert.deepEqual(
        [...written.beside.keys()].sort(),
        [...written.beside.keys()].sort().filter((shard) => shard.startsWith('new-')),
      );
      const openWritten = (shard: string) => written.beside.get(shard) ?? assert.fail(`${shard} was opened`);
      const after = readCheckpoint(written.bytes, 'new', openWritten);
      assert.deepEqual(contents(after), contents(before, replaced));
      assert.deepEqual(after.metadata, before.metadata);
    });
  }

  it('takes no shards of formats whose models have files beside them: nobody would hash, look into or write those', () => {
    const onnx = new Samples('onnx');
    const bytes = Buffer.from(JSON.stringify({ weight_map: { w: 'external.onnx' } }));
    assert.throws(() => readCheckpoint(bytes, 'f', onnx.beside), CheckpointError);
  });

  it('does not write two shards into one file', () => {
    const renamed = () => 'one';
    assert.throws(
      () => rewriteCheckpoint(samples.bytes(indexes[0]), 'f', new Map(), { openBeside: samples.beside, renamed }),
      /two of its shards would be called the same/,
    );
  });

  it('opens no file that does not lie beside the index', () => {
    for (const place of [
      '../x',
      '/etc/passwd',
      'a/b',
      'C:x',
      'a\\b',
      '',
      '.',
      '..',
      'nul',
      'CON.bin',
      'x:stream',
      'a\n',
      'x.',
      '~\u0000',
    ]) {
      const hostile = index(({ weight_map }) => (weight_map['lin.bias'] = place));
      assert.throws(
        () =>
          readCheckpoint(hostile, 'f', (name) =>
            name.startsWith('model-') ? samples.beside(name) : assert.fail(name),
          ),
        /names a file that does not lie beside it/,
        place,
      );
    }
  });

  it('says what does not fit', () => {
    refused(
      index(({ weight_map }) => (weight_map.more = 'model-00001-of-00002.safetensors')),
      /"more" is not in model-00001/,
    );
    refused(
      index(({ weight_map }) => (weight_map.more = 'gone.safetensors')),
      /gone\.safetensors: there is no such file/,
    );
    refused(
      index(({ weight_map }) => (weight_map.more = 3)),
      /"more" lies in no file/,
    );
    refused(
      index(({ weight_map }) => (weight_map.more = 'make.py')),
      /neither/,
    );
    refused(
      index(({ weight_map }) => (weight_map.more = indexes[1])),
      /neither/,
    );
    refused(Buffer.from('{"weight_map": 3}'), /no "weight_map"/);
    refused(Buffer.from('{"weight_map": '), /no JSON/);
    refused(Buffer.from('{"weight_map": {}}'), /no tensors/);
    const many = index(({ weight_map }) => {
      for (let i = 0; i < 600; i++) weight_map[`t${i}`] = `s${i}`;
    });
    refused(many, /602 files, more than are opened/);
  });

  it('reads what the index leaves out, as loaders do, and says so', () => {
    const opened = readCheckpoint(
      index(({ weight_map }) => delete weight_map['lin.bias']),
      'f',
      samples.beside,
    );
    assert.deepEqual(opened.tensors.get('lin.bias')?.shape, [2]);
    assert.match(opened.anomalies[0].reason, /"lin\.bias" is not one that the index says is here/);
  });

  it('is not polluted by the names of tensors', () => {
    const hostile = Buffer.from('{"weight_map": {"__proto__": "model-00001-of-00002.safetensors"}}');
    refused(hostile, /"__proto__" is not in/);
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });

  it('stands damage at every place of the index', () => {
    const bytes = samples.bytes(indexes[0]);
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] ^= 1;
      for (const damaged of [bytes.slice(0, at), flipped]) {
        try {
          readCheckpoint(damaged, 'f', samples.beside);
        } catch (error) {
          assert.ok(error instanceof CheckpointError, String(error));
        }
      }
    }
  });
});
