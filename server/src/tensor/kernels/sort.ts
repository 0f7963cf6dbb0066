/**
 * Sorting of columns, four at a time, by a network of comparisons that is the same whatever the values are (Batcher's
 * odd-even mergesort, 1968). It moves single integers: the bits of a float, made to have their order as integers too,
 * and in the lowest of them the row it came from. What those hide of the value is put right by an insertion sort, which
 * has next to nothing to do, so that the order is exact and equal values keep theirs.
 */
import { dot } from './sums';
import { f32Bytes } from './vector';

/** Bytes of a row of four columns. */
const row4: i32 = 16;

/**
 * Compares the columns of two stacks of matrices value by value in ascending order, for the matrices `begin` to `end`:
 * each element of `differences` is the element of `x` there less the one of `y` that has the same rank in its column.
 * Equal values rank in the order of their rows.
 *
 * @param x `[matrices, rows, columns]`
 * @param y `[matrices, rows, columns]`
 * @param differences `[matrices, rows, columns]`, apart from both
 * @param totals receives the sum of their squares in float64, `[matrices]`
 * @param scratch room for 16 numbers a row of all matrices, `[matrices, rows rounded up to a multiple of 8, 16]`
 */
export function sortedDifferences(
  x: usize,
  y: usize,
  differences: usize,
  totals: usize,
  scratch: usize,
  rows: i32,
  columns: i32,
  begin: i32,
  end: i32,
): void {
  const stride = columns * f32Bytes;
  const whole = (rows + 7) & ~7;
  const size = whole * row4;
  const hidden = indexBits(rows);
  const lanes = columns >= 4 ? 4 : 1;
  for (let matrix = begin; matrix < end; matrix++) {
    const values = scratch + 4 * matrix * size;
    const keys = values + size;
    const others = keys + size;
    const results = others + size;
    for (let j = 0; j < columns; j += lanes) {
      // The last four columns overlap their neighbours where the number is no multiple of four.
      const at = matrix * rows * stride + (j + lanes <= columns ? j : columns - lanes) * f32Bytes;
      load4(x + at, stride, lanes, values, rows);
      load4(y + at, stride, lanes, others, rows);
      makeKeys(values, keys, rows, hidden);
      makeKeys(others, others, rows, 0);
      sortKeys(keys, whole);
      sortKeys(others, whole);
      for (let lane = 0; lane < 4; lane++) {
        const offset = lane * f32Bytes;
        settle(values + offset, keys + offset, rows, hidden);
        compare(values + offset, keys + offset, others + offset, results + offset, rows);
      }
      store4(results, differences + at, stride, lanes, rows);
    }
    const written = differences + matrix * rows * stride;
    store<f64>(totals + matrix * 8, dot(written, written, rows * columns));
  }
}

/** Differences of one column, by the sorted row numbers of its values and the sorted keys of the others. */
function compare(values: usize, sources: usize, others: usize, results: usize, rows: i32): void {
  for (let i = 0; i < rows; i++) {
    const at = load<i32>(sources + i * row4) * row4;
    const other = reinterpret<f32>(turn(load<i32>(others + i * row4)));
    store<f32>(results + at, load<f32>(values + at) - other);
  }
}

/** Copies four columns, or one into four. */
function load4(from: usize, stride: i32, lanes: i32, to: usize, rows: i32): void {
  for (let row = 0; row < rows; row++) {
    v128.store(to, lanes === 4 ? v128.load(from) : v128.load32_splat(from));
    from += stride;
    to += row4;
  }
}

/** Copies four columns, or the first of them, back. */
function store4(from: usize, to: usize, stride: i32, lanes: i32, rows: i32): void {
  for (let row = 0; row < rows; row++) {
    if (lanes === 4) v128.store(to, v128.load(from));
    else store<f32>(to, load<f32>(from));
    from += row4;
    to += stride;
  }
}

/** Low bits that number the rows. */
function indexBits(rows: i32): i32 {
  return rows < 2 ? 0 : (1 << (32 - clz(rows - 1))) - 1;
}

/** The bits of a float as an integer of the same order, and back. */
function turn(bits: i32): i32 {
  return bits ^ ((bits >> 31) & 0x7fffffff);
}

/** Keys of values; `hidden` are the bits that the row's number takes the place of. */
function makeKeys(values: usize, keys: usize, rows: i32, hidden: i32): void {
  const kept = i32x4.splat(~hidden);
  const magnitude = i32x4.splat(0x7fffffff);
  for (let row = 0; row < rows; row++) {
    // Plus zero, because minus zero and zero are equal but their bits are not.
    const bits = f32x4.add(v128.load(values), f32x4.splat(0));
    const key = v128.xor(bits, v128.and(i32x4.shr_s(bits, 31), magnitude));
    v128.store(keys, v128.or(v128.and(key, kept), i32x4.splat(row & hidden)));
    values += row4;
    keys += row4;
  }
  for (let row = rows; (row & 7) !== 0; row++) {
    v128.store(keys, magnitude);
    keys += row4;
  }
}

/** Sorts four columns of keys; `rows` is a multiple of eight. */
function sortKeys(keys: usize, rows: i32): void {
  const end = keys + rows * row4;
  for (let at = keys; at < end; at += 8 * row4) sort8(at);
  for (let run = 8 * row4; keys + run < end; run *= 2) {
    for (let block = keys; block + run < end; block += 2 * run) {
      // The second run backwards against the first; places beyond the end hold what is larger than all.
      let low = block;
      let high = block + 2 * run - row4;
      if (high >= end) {
        low += high - end + row4;
        high = end - row4;
      }
      while (low < high) {
        exchange(low, high);
        low += row4;
        high -= row4;
      }
    }
    for (let distance = run / 2; distance >= 8 * row4; distance /= 2) {
      for (let block = keys; block + distance < end; block += 2 * distance) {
        const stop = min(block + distance, end - distance);
        for (let low = block; low < stop; low += row4) exchange(low, low + distance);
      }
    }
    for (let at = keys; at < end; at += 8 * row4) merge8(at);
  }
}

/** Puts the smaller of two keys first, in each of four columns. */
function exchange(low: usize, high: usize): void {
  const a = v128.load(low);
  const b = v128.load(high);
  v128.store(low, i32x4.min_s(a, b));
  v128.store(high, i32x4.max_s(a, b));
}

/** Sorts eight rows: the network of 19 exchanges, in registers. */
function sort8(keys: usize): void {
  let k0 = v128.load(keys);
  let k1 = v128.load(keys, 16);
  let k2 = v128.load(keys, 32);
  let k3 = v128.load(keys, 48);
  let k4 = v128.load(keys, 64);
  let k5 = v128.load(keys, 80);
  let k6 = v128.load(keys, 96);
  let k7 = v128.load(keys, 112);
  let t: v128;
  t = i32x4.min_s(k0, k2);
  k2 = i32x4.max_s(k0, k2);
  k0 = t;
  t = i32x4.min_s(k1, k3);
  k3 = i32x4.max_s(k1, k3);
  k1 = t;
  t = i32x4.min_s(k4, k6);
  k6 = i32x4.max_s(k4, k6);
  k4 = t;
  t = i32x4.min_s(k5, k7);
  k7 = i32x4.max_s(k5, k7);
  k5 = t;
  t = i32x4.min_s(k0, k4);
  k4 = i32x4.max_s(k0, k4);
  k0 = t;
  t = i32x4.min_s(k1, k5);
  k5 = i32x4.max_s(k1, k5);
  k1 = t;
  t = i32x4.min_s(k2, k6);
  k6 = i32x4.max_s(k2, k6);
  k2 = t;
  t = i32x4.min_s(k3, k7);
  k7 = i32x4.max_s(k3, k7);
  k3 = t;
  t = i32x4.min_s(k0, k1);
  k1 = i32x4.max_s(k0, k1);
  k0 = t;
  t = i32x4.min_s(k2, k3);
  k3 = i32x4.max_s(k2, k3);
  k2 = t;
  t = i32x4.min_s(k4, k5);
  k5 = i32x4.max_s(k4, k5);
  k4 = t;
  t = i32x4.min_s(k6, k7);
  k7 = i32x4.max_s(k6, k7);
  k6 = t;
  t = i32x4.min_s(k2, k4);
  k4 = i32x4.max_s(k2, k4);
  k2 = t;
  t = i32x4.min_s(k3, k5);
  k5 = i32x4.max_s(k3, k5);
  k3 = t;
  t = i32x4.min_s(k1, k4);
  k4 = i32x4.max_s(k1, k4);
  k1 = t;
  t = i32x4.min_s(k3, k6);
  k6 = i32x4.max_s(k3, k6);
  k3 = t;
  t = i32x4.min_s(k1, k2);
  k2 = i32x4.max_s(k1, k2);
  k1 = t;
  t = i32x4.min_s(k3, k4);
  k4 = i32x4.max_s(k3, k4);
  k3 = t;
  t = i32x4.min_s(k5, k6);
  k6 = i32x4.max_s(k5, k6);
  k5 = t;
  v128.store(keys, k0);
  v128.store(keys, k1, 16);
  v128.store(keys, k2, 32);
  v128.store(keys, k3, 48);
  v128.store(keys, k4, 64);
  v128.store(keys, k5, 80);
  v128.store(keys, k6, 96);
  v128.store(keys, k7, 112);
}

/** The last three steps of a merge, on eight rows in registers. */
function merge8(keys: usize): void {
  let k0 = v128.load(keys);
  let k1 = v128.load(keys, 16);
  let k2 = v128.load(keys, 32);
  let k3 = v128.load(keys, 48);
  let k4 = v128.load(keys, 64);
  let k5 = v128.load(keys, 80);
  let k6 = v128.load(keys, 96);
  let k7 = v128.load(keys, 112);
  let t: v128;
  t = i32x4.min_s(k0, k4);
  k4 = i32x4.max_s(k0, k4);
  k0 = t;
  t = i32x4.min_s(k1, k5);
  k5 = i32x4.max_s(k1, k5);
  k1 = t;
  t = i32x4.min_s(k2, k6);
  k6 = i32x4.max_s(k2, k6);
  k2 = t;
  t = i32x4.min_s(k3, k7);
  k7 = i32x4.max_s(k3, k7);
  k3 = t;
  t = i32x4.min_s(k0, k2);
  k2 = i32x4.max_s(k0, k2);
  k0 = t;
  t = i32x4.min_s(k1, k3);
  k3 = i32x4.max_s(k1, k3);
  k1 = t;
  t = i32x4.min_s(k4, k6);
  k6 = i32x4.max_s(k4, k6);
  k4 = t;
  t = i32x4.min_s(k5, k7);
  k7 = i32x4.max_s(k5, k7);
  k5 = t;
  t = i32x4.min_s(k0, k1);
  k1 = i32x4.max_s(k0, k1);
  k0 = t;
  t = i32x4.min_s(k2, k3);
  k3 = i32x4.max_s(k2, k3);
  k2 = t;
  t = i32x4.min_s(k4, k5);
  k5 = i32x4.max_s(k4, k5);
  k4 = t;
  t = i32x4.min_s(k6, k7);
  k7 = i32x4.max_s(k6, k7);
  k6 = t;
  v128.store(keys, k0);
  v128.store(keys, k1, 16);
  v128.store(keys, k2, 32);
  v128.store(keys, k3, 48);
  v128.store(keys, k4, 64);
  v128.store(keys, k5, 80);
  v128.store(keys, k6, 96);
  v128.store(keys, k7, 112);
}

/** Makes row numbers of a column of sorted keys, and puts those in the exact order of their values. */
function settle(values: usize, keys: usize, rows: i32, hidden: i32): void {
  let before: f32 = 0;
  for (let i = 0; i < rows; i++) {
    const key = keys + i * row4;
    const row = load<i32>(key) & hidden;
    const value = load<f32>(values + row * row4);
    if (i === 0 || before <= value) {
      store<i32>(key, row);
      before = value;
      continue;
    }
    let to = key;
    while (to > keys) {
      const previous = load<i32>(to - row4);
      if (!(load<f32>(values + previous * row4) > value)) break;
      store<i32>(to, previous);
      to -= row4;
    }
    store<i32>(to, row);
    if (to === key) before = value;
  }
}
