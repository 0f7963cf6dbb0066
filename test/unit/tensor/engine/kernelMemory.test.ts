import assert from 'node:assert/strict';
import fc from 'fast-check';
import { KernelMemory } from '../../../../server/src/tensor/engine/kernelMemory';

describe('KernelMemory', () => {
  it('never hands out a place twice, whatever is taken and given back', () => {
    const requests = fc.array(fc.tuple(fc.integer({ min: 0, max: 100_000 }), fc.boolean()), { maxLength: 60 });
    fc.assert(
      fc.property(requests, (sizes) => {
        const pool = new KernelMemory();
        const taken: { address: number; bytes: number }[] = [];
        for (const [bytes, giveBack] of sizes) {
          const address = pool.allocate(bytes);
          assert.equal(address % 64, 0, 'aligned to cache lines');
          assert.notEqual(address, 0, '0 means absent');
          for (const other of taken) {
            assert.ok(address + bytes <= other.address || other.address + other.bytes <= address);
          }
          taken.push({ address, bytes });
          if (!giveBack) continue;
          const [{ address: freed, bytes: length }] = taken.splice(taken.length >> 1, 1);
          pool.release(freed, length);
        }
        for (const { address, bytes } of taken) pool.release(address, bytes);
        assert.equal(pool.bytesInUse, 0);
      }),
      { seed: 5, numRuns: 50 },
    );
  });

  it('uses what was given back again', () => {
    const pool = new KernelMemory();
    const address = pool.allocate(1000);
    pool.release(address, 1000);
    assert.equal(pool.allocate(990), address);
    const reserved = pool.bytesReserved;
    for (let i = 0; i < 1000; i++) pool.release(pool.allocate(5000), 5000);
    assert.ok(pool.bytesReserved < reserved + 10_000);
  });

  it('grows without detaching views', () => {
    const pool = new KernelMemory();
    const address = pool.allocate(8);
    const view = pool.floats(address, 2);
    view.set([1, 2]);
    pool.allocate(64 * 1024 * 1024);
    view[1] = 3;
    assert.deepEqual([...pool.floats(address, 2)], [1, 3]);
  });

  it('says how much did not fit', () => {
    const pool = new KernelMemory();
    assert.throws(() => pool.allocate(5 * 1024 ** 3), /^RangeError: .*5120 MiB more than the 1 MiB in use/);
    assert.equal(pool.allocate(8) > 0, true, 'and goes on');
  });
});
