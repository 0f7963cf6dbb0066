/**
 * Sorting of columns, four at a time, by a network of comparisons that is the same whatever the values are: eight rows by
 * one of the shortest networks known, longer runs by bitonic merges (Batcher 1968). It moves single integers: the bits of a
 * float, made to have their order as integers too, and in the lowest of them the row it came from. What those hide of the
 * value is put right by an insertion sort, which has next to nothing to do, so that the order is exact and equal values
 * keep theirs.
 */
/** Bytes of a row of four columns. */
export const row4: i32 = 16;

/** Low bits that number the rows. */
export function indexBits(rows: i32): i32 {
  return rows < 2 ? 0 : (1 << (32 - clz(rows - 1))) - 1;
}

/** The bits of a float as an integer of the same order, and back. */
export function turn(bits: i32): i32 {
  return bits ^ ((bits >> 31) & 0x7fffffff);
}

/** Keys of values; `hidden` are the bits that the row's number takes the place of. */
export function makeKeys(values: usize, keys: usize, rows: i32, hidden: i32): void {
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
export function sortKeys(keys: usize, rows: i32): void {
  const end = keys + rows * row4;
  for (let at = keys; at < end; at += 8 * row4) order8(at, false);
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
    for (let at = keys; at < end; at += 8 * row4) order8(at, true);
  }
}

/** Puts the smaller of two keys first, in each of four columns. */
function exchange(low: usize, high: usize): void {
  const a = v128.load(low);
  const b = v128.load(high);
  v128.store(low, i32x4.min_s(a, b));
  v128.store(high, i32x4.max_s(a, b));
}

/**
 * Puts eight rows in order, in registers: what is bitonic, as the last three steps of a merge get it, by 12 exchanges, and
 * anything by seven more (merge exchange; Batcher 1968).
 */
function order8(keys: usize, isBitonic: boolean): void {
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
  if (!isBitonic) {
    t = i32x4.min_s(k2, k4);
    k4 = i32x4.max_s(k2, k4);
    k2 = t;
    t = i32x4.min_s(k3, k5);
    k5 = i32x4.max_s(k3, k5);
    k3 = t;
  }
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
  if (!isBitonic) {
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
  }
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
export function settle(values: usize, keys: usize, rows: i32, hidden: i32): void {
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
