import assert from 'node:assert/strict';
import { bytesField, fieldsOf, readVarint, varint, WireFault } from '../../../../server/src/checkpoint/onnx/wire';

const fields = (...bytes: number[]) => [...fieldsOf(Buffer.from(bytes), 0, bytes.length, { left: 100 })];

describe('wire', () => {
  it('writes numbers as it reads them', () => {
    for (const value of [0, 1, 127, 128, 300, 2 ** 31, 2 ** 40 + 5, Number.MAX_SAFE_INTEGER]) {
      const bytes = varint(value);
      assert.deepEqual(readVarint(bytes, 0, bytes.length), { value: BigInt(value), end: bytes.length });
    }
  });

  it('reads negative numbers as their two’s complement', () => {
    const bytes = Buffer.concat([Buffer.alloc(9, 0xff), Buffer.of(1)]);
    assert.equal(readVarint(bytes, 0, 10).value, 2n ** 64n - 1n);
  });

  it('reads every wire type', () => {
    assert.deepEqual(fields(0x08, 0x96, 1, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0x1a, 2, 7, 7, 0x25, 0, 0, 0, 0), [
      { number: 1, type: 0, start: 0, from: 1, end: 3 },
      { number: 2, type: 1, start: 3, from: 4, end: 12 },
      { number: 3, type: 2, start: 12, from: 14, end: 16 },
      { number: 4, type: 5, start: 16, from: 17, end: 21 },
    ]);
    assert.deepEqual(Buffer.from(bytesField(3, Buffer.of(7, 7))), Buffer.of(0x1a, 2, 7, 7));
  });

  const faults: readonly (readonly [readonly number[], RegExp])[] = [
    [[0x08, 0x80], /does not end/],
    [Array.from({ length: 11 }, () => 0x80), /does not end/],
    [[0x1a, 3, 7], /runs past/],
    [[0x11, 0], /runs past/],
    [[0x0b], /wire type 3/],
    [[0x00, 0], /no number/],
  ];
  for (const [bytes, reason] of faults) {
    it(`refuses ${Buffer.from(bytes).toString('hex')}`, () => {
      assert.throws(
        () => fields(...bytes),
        (error) => error instanceof WireFault && reason.test(error.reason),
      );
    });
  }

  it('stops at the budget', () => {
    const many = Buffer.alloc(300, Buffer.of(0x08, 1));
    assert.throws(() => [...fieldsOf(many, 0, many.length, { left: 100 })], /more fields than are read/);
  });
});
