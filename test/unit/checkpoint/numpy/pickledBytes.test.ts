import assert from 'node:assert/strict';
import type { ByteSource } from '../../../../server/src/checkpoint/byteSource';
import { PickledBytes } from '../../../../server/src/checkpoint/numpy/pickledBytes';
import { FarText } from '../../../../server/src/checkpoint/pickle/far';
import { GlobalReference, PickleObject } from '../../../../server/src/checkpoint/pickle/values';

const call = (module: string, name: string, ...args: string[]) =>
  new PickleObject(new GlobalReference(module, name, 0), args);

/** Why there are no bytes. */
const reasonOf = (found: ByteSource | string) => (typeof found === 'string' ? found : '');

describe('PickledBytes', () => {
  const bytes = new PickledBytes(new Uint8Array(), 'f');

  it('gives byte strings as they are, and the bytes that protocol 2 writes as text', () => {
    const own = Uint8Array.of(1, 2);
    assert.equal(bytes.of(own), own);
    assert.deepEqual(bytes.of(call('_codecs', 'encode', 'a\xff', 'latin1')), Uint8Array.of(0x61, 0xff));
    assert.deepEqual(bytes.of(call('__builtin__', 'bytes')), new Uint8Array());
  });

  it('turns a text into bytes once, however many share it', () => {
    const text = 'x'.repeat(1 << 20);
    const [first, second] = [0, 1].map(() => bytes.of(call('_codecs', 'encode', text, 'latin1')));
    assert.ok(first instanceof Uint8Array);
    assert.equal(first, second);
  });

  it('decodes long texts when they are read, and tells then whether they have the length', () => {
    const text = new FarText(Buffer.from('a\xff'.repeat(700_000)));
    const far = new PickleObject(new GlobalReference('_codecs', 'encode', 0), [text, 'latin1']);
    for (const found of [bytes.of(far), bytes.of(far, 1_400_000)]) {
      assert.ok(typeof found !== 'string' && found.length === 1_400_000);
      assert.deepEqual(Uint8Array.from(found.subarray(1_399_997, 1_400_000)), Uint8Array.of(0xff, 0x61, 0xff));
    }
    for (const size of [100, 1_049_999, 2_100_001]) assert.match(reasonOf(bytes.of(far, size)), /bytes where there is/);
    for (const size of [1_399_999, 1_400_001]) {
      const found = bytes.of(far, size);
      assert.ok(typeof found !== 'string');
      assert.throws(() => found.subarray(0, 1), /f: a tensor needs .* a text of 1400000 characters/);
    }
  });

  it('says what is no byte string', () => {
    assert.match(reasonOf(bytes.of('abc')), /Python 2/);
    assert.match(reasonOf(bytes.of(undefined)), /not in the file/);
    assert.match(reasonOf(bytes.of(call('_codecs', 'encode', 'a', 'utf8'))), /not in the file/);
  });
});
