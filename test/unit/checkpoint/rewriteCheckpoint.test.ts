import assert from 'node:assert/strict';
import { CheckpointError } from '../../../server/src/checkpoint/checkpoint';
import { createSafetensors } from '../../../server/src/checkpoint/createCheckpoint';
import { readCheckpoint } from '../../../server/src/checkpoint/readCheckpoint';
import { rewriteCheckpoint } from '../../../server/src/checkpoint/rewriteCheckpoint';
import { readZip } from '../../../server/src/checkpoint/zip/readZip';
import { expectedCheckpoints, fixture } from './fixtureFiles';

type Replacements = Record<string, ArrayLike<number>>;

function rewritten(name: string, replacements: Replacements): Uint8Array {
  const original = fixture(name);
  const before = Uint8Array.from(original);
  const { bytes: result } = rewriteCheckpoint(original, name, new Map(Object.entries(replacements)));
  assert.deepEqual(Uint8Array.from(original), before, 'the original stays as it was');
  return result;
}

function values(bytes: Uint8Array, name: string): Record<string, number[]> {
  const { tensors } = readCheckpoint(bytes, name);
  return Object.fromEntries([...tensors].map(([key, tensor]) => [key, [...tensor.values()]]));
}

describe('rewriteCheckpoint', () => {
  const readable = Object.keys(expectedCheckpoints);

  it('changes nothing but the replaced storages', () => {
    for (const name of ['state-dict.pt', 'wrapped-state-dict.pt', 'whole-module.pt', 'deflated.pt', 'big-endian.pt']) {
      const key = [...readCheckpoint(fixture(name), name).tensors.keys()][1];
      const size = expectedCheckpoints[name].tensors[1].values.length;
      const before = readZip(fixture(name), name).entries;
      const { entries: after, anomalies } = readZip(rewritten(name, { [key]: new Array(size).fill(0.5) }), name);
      assert.deepEqual(anomalies, []);
      assert.deepEqual(
        after.map((entry) => entry.name),
        before.map((entry) => entry.name),
      );
      const changed = after.filter((entry, i) => Buffer.compare(entry.data, before[i].data) !== 0);
      assert.equal(changed.length, 1, name);
      assert.match(changed[0].name, /\/data\/\d+$/);
    }
  });

  it('keeps every tensor of every fixture where nothing is replaced or all are replaced by themselves', () => {
    for (const name of readable) {
      const original = values(fixture(name), name);
      assert.deepEqual(values(rewritten(name, {}), name), original, name);
      assert.deepEqual(values(rewritten(name, original), name), original, name);
    }
  });

  it('rounds to each element type in either byte order', () => {
    for (const name of ['dtypes.pt', 'big-endian.pt', 'deflated.pt']) {
      const replaced = values(
        rewritten(name, {
          float64: [0.1, 0.2, 0.3],
          float32: new Array<number>(10).fill(0.1),
          float16: new Array<number>(14).fill(0.1),
          bfloat16: new Array<number>(12).fill(0.1),
          int64: [1, 2, 3, -4],
          bool: [0, 0, 1],
          scalar: [-1],
          empty: [],
        }),
        name,
      );
      assert.deepEqual(replaced.float64, [0.1, 0.2, 0.3]);
      assert.equal(replaced.float32[9], Math.fround(0.1));
      assert.equal(replaced.float16[0], 0.0999755859375);
      assert.equal(replaced.bfloat16[11], 0.10009765625);
      assert.deepEqual(replaced.int64, [1, 2, 3, -4]);
      assert.deepEqual(replaced.bool, [0, 0, 1]);
      assert.deepEqual(replaced.scalar, [-1]);
      assert.deepEqual(replaced.int32, [2 ** 31 - 1, -(2 ** 31)]);
    }
  });

  describe('where tensors share a storage', () => {
    const twelve = Array.from({ length: 24 }, (_, i) => 100 + i);

    it('leaves the parts of a storage alone that no replaced tensor shows', () => {
      const after = values(rewritten('views.pt', { 'pair.first': [7, 8, 9], 'halves.low': [1, 2, 3] }), 'views.pt');
      assert.deepEqual(after['pair.first'], [7, 8, 9]);
      assert.deepEqual(after['halves.low'], [1, 2, 3]);
      assert.deepEqual(after['halves.high'], [13, 14, 15]);
    });

    it('writes through strides, where all views agree', () => {
      const before = values(fixture('views.pt'), 'views.pt');
      const after = values(
        rewritten('views.pt', {
          matrix: twelve,
          transposed: before.transposed.map((value) => value + 100),
          column: before.column.map((value) => value + 100),
          block: before.block.map((value) => value + 100),
          tail: before.tail.map((value) => value + 100),
        }),
        'views.pt',
      );
      for (const name of ['matrix', 'transposed', 'column', 'block', 'tail']) {
        assert.deepEqual(
          after[name],
          before[name].map((value) => value + 100),
        );
      }
    });

    it('keeps tied weights tied', () => {
      const weight = [1, 2, 3, 4];
      const after = values(rewritten('views.pt', { 'encoder.weight': weight, 'decoder.weight': weight }), 'views.pt');
      assert.deepEqual([after['encoder.weight'], after['decoder.weight']], [weight, weight]);
    });

    const refused: readonly (readonly [string, Replacements, RegExp])[] = [
      [
        'tied weights given different values',
        { 'encoder.weight': [1, 2, 3, 4], 'decoder.weight': [1, 2, 3, 5] },
        /different values/,
      ],
      ['one of two tied weights', { 'encoder.weight': [1, 2, 3, 4] }, /"decoder.weight" shares elements/],
      ['an expanded tensor given different values', { expanded: twelve.slice(0, 12) }, /different values/],
      ['a view whose base stays', { column: [1, 2, 3, 4] }, /"matrix" shares elements/],
    ];
    for (const [name, replacements, reason] of refused) {
      it(`refuses ${name}`, () => {
        assert.throws(
          () => rewritten('views.pt', replacements),
          (error) => error instanceof CheckpointError && reason.test(error.message),
        );
      });
    }
  });

  describe('refuses', () => {
    const refused: readonly (readonly [string, Replacements, RegExp])[] = [
      ['an unknown name', { nothing: [1] }, /no tensor "nothing"/],
      ['another number of values', { scalar: [1, 2] }, /2 values replace 1/],
      ['a fraction for an integer', { int64: [0.5, 0, 0, 0] }, /0\.5 does not fit into int64/],
      ['a number past the range', { uint8: [256, 0] }, /256 does not fit into uint8/],
      [
        'a number that would become infinite',
        { float16: new Array<number>(14).fill(1e6) },
        /does not fit into float16/,
      ],
    ];
    for (const [name, replacements, reason] of refused) {
      it(name, () => {
        assert.throws(
          () => rewritten('dtypes.pt', replacements),
          (error) => error instanceof CheckpointError && reason.test(error.message),
        );
      });
    }

    it('a file of another format', () => {
      assert.throws(() => rewriteCheckpoint(Buffer.from('text'), 'notes.txt', new Map()), CheckpointError);
    });
  });

  it('changes nothing but the bytes of the tensor in safetensors', () => {
    const bytes = createSafetensors(
      [
        { name: 'a', dtype: 'float32', shape: [2], values: [1, 2] },
        { name: 'b', dtype: 'int8', shape: [3], values: [1, 2, 3] },
      ],
      { format: 'pt' },
    );
    const { bytes: after } = rewriteCheckpoint(bytes, 'm.safetensors', new Map([['b', [4, 5, 6]]]));
    assert.deepEqual(after.subarray(0, -3), bytes.subarray(0, -3));
    assert.deepEqual([...after.subarray(-3)], [4, 5, 6]);
    assert.throws(() => rewriteCheckpoint(bytes, 'm.safetensors', new Map([['c', [1]]])), CheckpointError);
  });
});
