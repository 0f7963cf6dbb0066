import assert from 'node:assert/strict';
import { limits } from '../../../../server/src/checkpoint/limits';
import { runPickle } from '../../../../server/src/checkpoint/pickle/machine';
import { findExtras } from '../../../../server/src/checkpoint/pytorch/extras';
import { PickleDict, PickleList } from '../../../../server/src/checkpoint/pickle/values';
import * as asm from '../pickleAssembler';

/** A dict of entries, each the opcodes of its value, beside the weights under `model`. */
function extrasOf(entries: Readonly<Record<string, Uint8Array>>): ReturnType<typeof findExtras> {
  const items = Object.entries({ model: asm.text('weights'), ...entries });
  const stream = asm.stream(
    asm.op('EMPTY_DICT'),
    asm.mark,
    ...items.flatMap(([key, value]) => [asm.text(key), value]),
    asm.op('SETITEMS'),
  );
  const { value } = runPickle(stream, 0, { left: limits.pickleOperations });
  return findExtras(value ?? null, 'model');
}

const list = (...items: Uint8Array[]): Uint8Array =>
  asm.bytesOf(asm.op('EMPTY_LIST'), asm.mark, ...items, asm.op('APPENDS'));

describe('findExtras', () => {
  it('gives texts as they are and other plain data as JSON', () => {
    const nested = asm.bytesOf(
      asm.op('EMPTY_DICT'),
      asm.text('lr'),
      list(asm.integer(1), asm.op('NONE')),
      asm.op('SETITEM'),
    );
    const { plain, others } = extrasOf({ note: asm.text('a "b"'), epoch: asm.integer(3), options: nested });
    assert.deepEqual(plain, { note: 'a "b"', epoch: '3', options: '{"lr":[1,null]}' });
    assert.deepEqual(others, []);
  });

  it('names what is no plain data: objects, bytes, numbers that JSON has not, what is too long', () => {
    const { plain, others } = extrasOf({
      optimizer: list(asm.callWithText('os', 'system', 'ls')),
      bytes: asm.binaryBytes(Buffer.from('x')),
      loss: asm.op('BINFLOAT', asm.bytesOf(0x7f, 0xf0, 0, 0, 0, 0, 0, 0)),
      long: asm.text('x'.repeat(limits.extraText + 1)),
    });
    assert.deepEqual(plain, {});
    assert.deepEqual(others, ['optimizer', 'bytes', 'loss', 'long']);
  });

  it('ends on data that hold each other many times over', () => {
    const doubled = Array.from({ length: 60 }, () => asm.bytesOf(asm.op('DUP'), asm.op('TUPLE2'))).reduce(
      (inner, next) => asm.bytesOf(inner, next),
      asm.integer(1),
    );
    assert.deepEqual(extrasOf({ doubled }).others, ['doubled']);
  });

  it('has nothing to say of a bare state dict', () => {
    assert.deepEqual(findExtras(null, ''), { plain: {}, others: [] });
  });

  it('takes no longer, and makes no more text, where many keys hold the same long text or list', () => {
    const root = new PickleDict();
    const texts = new PickleList();
    const numbers = new PickleList();
    const long = 'x'.repeat(1 << 24);
    for (let i = 0; i < 60_000; i++) texts.items.push(long);
    for (let i = 0; i < 300_000; i++) numbers.items.push(i);
    for (let i = 0; i < 100_000; i++) root.entries.push([`numbers ${i}`, numbers]);
    root.entries.push(['texts', texts]);
    const { plain, others } = findExtras(root, 'model');
    assert.deepEqual(plain, {});
    assert.equal(others.length, 100_001);
  });
});
