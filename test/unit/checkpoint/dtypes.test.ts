import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { DType } from '../../../server/src/checkpoint/checkpoint';
import { elementSize, encodeElements, misfit, readElement, writeElement } from '../../../server/src/checkpoint/dtypes';

function roundTrip(value: number, dtype: DType, littleEndian = true): number {
  const view = new DataView(new ArrayBuffer(8));
  writeElement(view, 0, dtype, littleEndian, value);
  return readElement(view, 0, dtype, littleEndian);
}

function bits16(value: number, dtype: 'float16' | 'bfloat16'): number {
  return new DataView(encodeElements([value], dtype).buffer).getUint16(0, true);
}

describe('element types', () => {
  it('reads every float16 and writes it back to the same bits', () => {
    const view = new DataView(new ArrayBuffer(2));
    for (let bits = 0; bits < 0x10000; bits++) {
      view.setUint16(0, bits, true);
      const value = readElement(view, 0, 'float16', true);
      if (Number.isNaN(value)) assert.ok((bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0);
      else assert.equal(bits16(value, 'float16'), bits);
    }
  });

  it('reads every bfloat16 and writes it back to the same bits', () => {
    const view = new DataView(new ArrayBuffer(2));
    for (let bits = 0; bits < 0x10000; bits++) {
      view.setUint16(0, bits, true);
      const value = readElement(view, 0, 'bfloat16', true);
      if (!Number.isNaN(value)) assert.equal(bits16(value, 'bfloat16'), bits);
    }
  });

  it('knows landmark values of float16', () => {
    assert.equal(bits16(1, 'float16'), 0x3c00);
    assert.equal(bits16(-2, 'float16'), 0xc000);
    assert.equal(bits16(65504, 'float16'), 0x7bff);
    assert.equal(bits16(2 ** -24, 'float16'), 0x0001);
    assert.equal(bits16(2 ** -14, 'float16'), 0x0400);
    assert.equal(bits16(-0, 'float16'), 0x8000);
    assert.equal(bits16(Infinity, 'float16'), 0x7c00);
    assert.equal(bits16(NaN, 'bfloat16'), 0x7fc0);
  });

  it('rounds 16-bit types to the nearest neighbour, ties to even', () => {
    for (const dtype of ['float16', 'bfloat16'] as const) {
      fc.assert(
        fc.property(
          fc.integer({ min: 0, max: dtype === 'float16' ? 0x7bfe : 0x7f7e }),
          fc.double({ min: 0, max: 1, noNaN: true }),
          (bits, share) => {
            const view = new DataView(new ArrayBuffer(4));
            view.setUint16(0, bits, true);
            view.setUint16(2, bits + 1, true);
            const [low, high] = [readElement(view, 0, dtype, true), readElement(view, 2, dtype, true)];
            const value = Math.fround(low + share * (high - low));
            const written = bits16(value, dtype);
            const middle = (low + high) / 2;
            const expected = value < middle || (value === middle && bits % 2 === 0) ? bits : bits + 1;
            assert.equal(written, expected);
          },
        ),
        { seed: 2, numRuns: 3000 },
      );
    }
  });

  it('keeps the extremes of the integer types in both byte orders', () => {
    const extremes: readonly (readonly [DType, number[]])[] = [
      ['int64', [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]],
      ['int32', [2 ** 31 - 1, -(2 ** 31)]],
      ['int16', [2 ** 15 - 1, -(2 ** 15)]],
      ['int8', [127, -128]],
      ['uint8', [0, 255]],
      ['bool', [0, 1]],
      ['float64', [Math.PI, 5e-324]],
      ['float32', [Math.fround(0.1), Infinity]],
    ];
    for (const [dtype, values] of extremes) {
      for (const value of values) {
        assert.equal(roundTrip(value, dtype, true), value);
        assert.equal(roundTrip(value, dtype, false), value);
      }
    }
  });

  it('finds the value that does not fit', () => {
    assert.equal(misfit([1, 0.5], 'int64'), 0.5);
    assert.equal(misfit([0, 256], 'uint8'), 256);
    assert.equal(misfit([NaN], 'int8'), NaN);
    assert.equal(misfit([2], 'bool'), 2);
    assert.equal(misfit([65519], 'float16'), undefined);
    assert.equal(misfit([65520], 'float16'), 65520);
    assert.equal(misfit([1e39], 'float32'), 1e39);
    assert.equal(misfit([3.4e38], 'bfloat16'), 3.4e38);
    assert.equal(misfit([1e300, NaN, Infinity], 'float64'), undefined);
    assert.equal(misfit([NaN, -Infinity], 'float16'), undefined);
  });

  it('encodes arrays at the size of the type', () => {
    for (const dtype of Object.keys(elementSize) as DType[]) {
      assert.equal(encodeElements([0, 1, 1], dtype).length, 3 * elementSize[dtype]);
    }
  });
});
