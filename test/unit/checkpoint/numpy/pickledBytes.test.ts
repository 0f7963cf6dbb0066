import assert from 'node:assert/strict';
import { PickledBytes } from '../../../../server/src/checkpoint/numpy/pickledBytes';
import { GlobalReference, PickleObject } from '../../../../server/src/checkpoint/pickle/values';

const call = (module: string, name: string, ...args: string[]) =>
  new PickleObject(new GlobalReference(module, name, 0), args);

describe('PickledBytes', () => {
  const bytes = new PickledBytes(new Uint8Array());

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

  it('says what is no byte string', () => {
    assert.match(String(bytes.of('abc')), /Python 2/);
    assert.match(String(bytes.of(undefined)), /not in the file/);
    assert.match(String(bytes.of(call('_codecs', 'encode', 'a', 'utf8'))), /not in the file/);
  });
});
