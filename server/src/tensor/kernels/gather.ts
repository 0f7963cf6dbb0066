/** Rows of float32 matrices moved and added up by index. */
import { f32Bytes } from './vector';

const f64Bytes: i32 = 8;
const laneBytes: i32 = 16;

/**
 * y[i] = x[indices[i]] for the rows `begin` to `end` of y.
 *
 * @param indices int32 row numbers within x
 * @param columns of x and y
 */
export function gatherRows(x: usize, indices: usize, columns: i32, y: usize, begin: i32, end: i32): void {
  const bytes = columns * f32Bytes;
  for (let i = begin; i < end; i++) copyRow(x + load<i32>(indices + i * f32Bytes) * bytes, y + i * bytes, bytes);
}

/** y[i] = row for the rows `begin` to `end` of y: row `[columns]`. */
export function repeatRows(row: usize, columns: i32, y: usize, begin: i32, end: i32): void {
  const bytes = columns * f32Bytes;
  for (let i = begin; i < end; i++) copyRow(row, y + i * bytes, bytes);
}

function copyRow(from: usize, to: usize, bytes: i32): void {
  const last = from + bytes;
  for (; from + laneBytes <= last; from += laneBytes, to += laneBytes) v128.store(to, v128.load(from));
  for (; from < last; from += f32Bytes, to += f32Bytes) store<f32>(to, load<f32>(from));
}

/**
 * y[s] = sum of the rows of x whose segment is s, for the segments `begin` to `end`; other segments are passed over.
 *
 * @param segments int32 segment of each row of x
 * @param sums room for float64 values, as many as y has
 */
export function segmentSums(
  x: usize,
  segments: usize,
  rows: i32,
  columns: i32,
  sums: usize,
  y: usize,
  begin: i32,
  end: i32,
): void {
  const bytes = columns * f32Bytes;
  memory.fill(sums + begin * columns * f64Bytes, 0, (end - begin) * columns * f64Bytes);
  for (let row = 0; row < rows; row++) {
    const segment = load<i32>(segments + row * f32Bytes);
    if (segment < begin || segment >= end) continue;
    const from = x + row * bytes;
    let to = sums + segment * columns * f64Bytes;
    let i = 0;
    for (; i + 2 * f32Bytes <= bytes; i += 2 * f32Bytes, to += 2 * f64Bytes) {
      v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(v128.load64_zero(from + i))));
    }
    if (i < bytes) store<f64>(to, load<f64>(to) + f64(load<f32>(from + i)));
  }
  for (let i = begin * columns; i < end * columns; i++) {
    store<f32>(y + i * f32Bytes, f32(load<f64>(sums + i * f64Bytes)));
  }
}
