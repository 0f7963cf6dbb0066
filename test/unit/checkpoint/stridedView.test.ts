import assert from 'node:assert/strict';
import { encodeElements } from '../../../server/src/checkpoint/dtypes';
import { elementSize } from '../../../server/src/checkpoint/dtypes';
import { limits } from '../../../server/src/checkpoint/limits';
import type { StridedView } from '../../../server/src/checkpoint/stridedView';
import {
  contiguousStride,
  elementCount,
  forEachElement,
  isContiguous,
  viewProblem,
  viewedTensor,
  viewSpan,
} from '../../../server/src/checkpoint/stridedView';

const view = (changes: Partial<StridedView>): StridedView => ({
  dtype: 'int16',
  shape: [2, 3],
  stride: [3, 1],
  byteOffset: 0,
  littleEndian: true,
  ...changes,
});

describe('strided views', () => {
  const bytes = encodeElements([0, 1, 2, 3, 4, 5], 'int16');
  const values = (changes: Partial<StridedView>) => [...viewedTensor('t', view(changes), bytes).values()];

  it('reads rows, transposes, columns, offsets and expansions', () => {
    assert.deepEqual(values({}), [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(values({ shape: [3, 2], stride: [1, 3] }), [0, 3, 1, 4, 2, 5]);
    assert.deepEqual(values({ shape: [2], stride: [3], byteOffset: 2 }), [1, 4]);
    assert.deepEqual(values({ shape: [2, 2], stride: [0, 1] }), [0, 1, 0, 1]);
  });

  it('reads scalars and tensors without elements', () => {
    assert.deepEqual(values({ shape: [], stride: [], byteOffset: 10 }), [5]);
    assert.deepEqual(values({ shape: [3, 0, 2], stride: [2, 2, 1] }), []);
  });

  it('gives a fresh array each time', () => {
    const tensor = viewedTensor('t', view({}), bytes);
    tensor.values()[0] = 99;
    assert.equal(tensor.values()[0], 0);
  });

  it('visits elements in row-major order', () => {
    const offsets: number[] = [];
    forEachElement(view({ shape: [2, 2], stride: [1, 2] }), (offset) => offsets.push(offset));
    assert.deepEqual(offsets, [0, 4, 2, 6]);
  });

  it('counts elements and strides as PyTorch does', () => {
    assert.equal(elementCount([]), 1);
    assert.equal(elementCount([2, 0, 3]), 0);
    assert.deepEqual(contiguousStride([2, 3, 4]), [12, 4, 1]);
    assert.deepEqual(contiguousStride([3, 0, 2]), [2, 2, 1]);
    assert.deepEqual(contiguousStride([]), []);
  });

  it('knows a view without gaps, and from where to where it reaches', () => {
    assert.equal(isContiguous(view({ shape: [2, 3], stride: [3, 1] })), true);
    assert.equal(isContiguous(view({ shape: [1, 3], stride: [77, 1] })), true);
    assert.equal(isContiguous(view({ shape: [2, 3], stride: [1, 2] })), false);
    assert.equal(isContiguous(view({ shape: [4], stride: [0] })), false);
    const size = elementSize[view({}).dtype];
    assert.deepEqual(viewSpan(view({ shape: [2, 2], stride: [5, 1], byteOffset: 4 })), { start: 4, end: 4 + 7 * size });
    assert.deepEqual(viewSpan(view({ shape: [0], stride: [1], byteOffset: 4 })), { start: 4, end: 4 });
  });

  it('says why a view does not fit its bytes', () => {
    assert.equal(viewProblem(view({}), 12), undefined);
    assert.match(viewProblem(view({}), 11) ?? '', /needs 12 bytes where there are 11/);
    assert.match(viewProblem(view({ byteOffset: 2 }), 12) ?? '', /needs 14/);
    assert.match(viewProblem(view({ stride: [1] }), 12) ?? '', /2 sizes and 1 strides/);
    assert.match(viewProblem(view({ shape: [-1, 3] }), 12) ?? '', /whole number/);
    assert.match(viewProblem(view({ stride: [0.5, 1] }), 12) ?? '', /whole number/);
    assert.match(viewProblem(view({ byteOffset: NaN }), 12) ?? '', /whole number/);
    const expanded = view({ shape: [limits.tensorElements + 1], stride: [0] });
    assert.match(viewProblem(expanded, 12) ?? '', /more than are read/);
    assert.match(viewProblem(expanded, 12, true) ?? '', /more than are read/);
    const large = view({ shape: [limits.tensorElements + 1], stride: [1] });
    assert.match(viewProblem(large, 2 ** 40) ?? '', /more than are read/);
    assert.equal(viewProblem(large, 2 ** 40, true), undefined);
    const deep = new Array<number>(limits.tensorDimensions + 1).fill(1);
    assert.match(viewProblem(view({ shape: deep, stride: deep }), 12) ?? '', /dimensions/);
    assert.equal(viewProblem(view({ shape: [0], stride: [1] }), 0), undefined);
  });
});
