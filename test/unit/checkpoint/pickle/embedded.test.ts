import assert from 'node:assert/strict';
import { deflateSync, gzipSync } from 'node:zlib';
import { embeddedIn, hasTextImport, looksLikeMarshal } from '../../../../server/src/checkpoint/pickle/embedded';
import { processorTime } from '../../../support/processorTime';
import * as asm from '../pickleAssembler';

const same = (value: string | Uint8Array, expected: Uint8Array) =>
  assert.deepEqual(Buffer.from(embeddedIn(value) ?? []), Buffer.from(expected));

describe('embeddedIn', () => {
  it('finds pickles, archives and compressed data as they are', () => {
    const zip = Buffer.from('PK\x03\x04 and so on');
    for (const bytes of [
      asm.systemCall,
      zip,
      gzipSync('x'),
      deflateSync('x'),
      Buffer.from("cos\nsystem\n(S'x'\ntR."),
    ]) {
      same(bytes, bytes);
      same(Buffer.from(bytes).toString('latin1'), bytes);
    }
  });

  it('finds them in base64, with line breaks and URL-safe too, and in hexadecimal digits', () => {
    const pickle = Buffer.from(asm.systemCall);
    const base64 = pickle.toString('base64');
    for (const text of [
      base64,
      base64.replace(/(.{8})/g, '$1\n'),
      pickle.toString('base64url'),
      pickle.toString('hex'),
    ]) {
      same(text, pickle);
      same(Buffer.from(text), pickle);
    }
  });

  it('takes words, numbers and weights for nothing else', () => {
    const weights = Buffer.from(Float32Array.from({ length: 4000 }, (_, i) => Math.sin(i)).buffer);
    for (const value of [
      'weight',
      'convs.0.nn.0.running_mean',
      'deadbeef',
      '0123456789abcdef',
      'a'.repeat(500),
      '',
      weights,
    ]) {
      assert.equal(embeddedIn(value), undefined);
    }
  });
});

describe('hasTextImport', () => {
  it('takes two lines of names for an import, and nothing else', () => {
    for (const text of ['cos\nsystem\n', 'N0N0cos\nsystem\n', "(S'x'\nios\nsystem\n", 'c__builtin__\neval\n']) {
      assert.ok(hasTextImport(Buffer.from(text)), text);
    }
    for (const text of ['class M(Module):\n  pass\n', 'cos system', 'cos\nsy stem\n', '3\n', '\n\n\n', 'c\nd\n']) {
      assert.ok(!hasTextImport(Buffer.from(text)), text);
    }
  });

  it('takes time proportional to the bytes', () => {
    const bytes = Buffer.alloc(1 << 22, 'c');
    const lines = Buffer.alloc(1 << 22, `${'c'.repeat(99)}\n-\n`);
    const time = processorTime(() => {
      assert.ok(!hasTextImport(bytes, bytes.length) && !hasTextImport(lines, lines.length));
    });
    assert.ok(time < 4000, `${time} ms`);
  });
});

describe('looksLikeMarshal', () => {
  it('knows the head of a code object', () => {
    assert.ok(looksLikeMarshal(Buffer.from('e3000000000000000000000000', 'hex')));
    assert.ok(!looksLikeMarshal(Buffer.from('e3ff00ff000000000000000000', 'hex')));
    assert.ok(!looksLikeMarshal(Buffer.from('text of some length')));
  });
});
