import assert from 'node:assert/strict';
import { buffered } from '../../../server/src/checkpoint/bufferedSource';

/** A source of `length` bytes, each the lowest part of its place, that counts reads. */
function counted(length: number) {
  const reads: [number, number][] = [];
  const source = {
    length,
    subarray(start: number, end: number) {
      reads.push([start, end]);
      return Uint8Array.from({ length: Math.max(0, Math.min(end, length) - start) }, (_, i) => (start + i) & 0xff);
    },
  };
  return { source, reads };
}

describe('buffered', () => {
  it('reads once what lies close together', () => {
    const { source, reads } = counted(1 << 20);
    const near = buffered(source);
    for (let at = 100; at < 60_000; at += 50)
      assert.deepEqual([...near.subarray(at, at + 2)], [at & 0xff, (at + 1) & 0xff]);
    assert.equal(reads.length, 1);
  });

  it('gives the same as the source at every place', () => {
    const { source } = counted(150_000);
    const near = buffered(source);
    for (const [start, end] of [
      [149_990, 150_010],
      [65_530, 65_550],
      [0, 150_000],
      [10, 10],
      [150_000, 150_001],
      [140_000, 149_999],
    ]) {
      assert.deepEqual(Buffer.from(near.subarray(start, end)), Buffer.from(source.subarray(start, end)), `${start}`);
    }
  });

  it('leaves what was given out alone', () => {
    const near = buffered(counted(1 << 20).source);
    const first = near.subarray(5, 8);
    near.subarray(500_000, 500_001);
    assert.deepEqual([...first], [5, 6, 7]);
  });

  it('gives back bytes in memory as they are', () => {
    const bytes = new Uint8Array(4);
    assert.equal(buffered(bytes), bytes);
  });
});
