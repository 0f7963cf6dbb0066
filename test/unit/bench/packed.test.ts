import assert from 'node:assert/strict';
import fc from 'fast-check';
import { pack, packGraphs, unpackFloats, unpackGraphs, unpackIntegers } from '../../../bench/engine/packed';
import { madeUpWorkload } from '../../../bench/engine/workload';

describe('packed data', () => {
  it('come out as they went in', () => {
    fc.assert(
      fc.property(fc.float32Array({ noNaN: true }), fc.int32Array(), (floats, integers) => {
        assert.deepEqual(unpackFloats(pack(floats)), floats);
        assert.deepEqual(unpackIntegers(pack(integers)), integers);
      }),
      { seed: 1 },
    );
  });

  it('keep graphs', () => {
    const { graphs } = madeUpWorkload({ count: 20, nodes: 12, degree: 3 }, 4);
    assert.deepEqual(unpackGraphs(packGraphs(graphs)), [...graphs]);
  });
});
