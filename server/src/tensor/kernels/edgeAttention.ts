/**
 * Attention over the entries of a sparse matrix, head by head: the weights that a node gives the nodes it receives
 * from, and what it receives. Heads lie side by side in the columns of z, `[nodes, heads * width]`; scores and weights
 * have the number of heads rounded up to `lanes`, a multiple of four, and what lies in the places behind is of no
 * account.
 */
import { entryScore, headDots, leaky, sumHeads } from './heads';
import { softmax } from './softmax';
import { f32Bytes } from './vector';

/**
 * Scores of nodes as targets and as sources: the products of each head's part of z with that head's vectors, for the
 * nodes `begin` to `end`.
 *
 * @param z `[nodes, heads * width]`
 * @param target `[heads, width]`
 * @param source `[heads, width]`
 * @param scores `[nodes, 2, lanes]`
 */
export function attentionScores(
  z: usize,
  target: usize,
  source: usize,
  scores: usize,
  heads: i32,
  lanes: i32,
  width: i32,
  begin: i32,
  end: i32,
): void {
  const stride = heads * width * f32Bytes;
  for (let node = begin; node < end; node++) {
    const from = z + node * stride;
    const to = scores + 2 * node * lanes * f32Bytes;
    headDots(from, target, heads, lanes, width, to);
    headDots(from, source, heads, lanes, width, to + lanes * f32Bytes);
  }
}

/**
 * Weights of the entries and weighted sums, for the rows (targets) `begin` to `end`: in each row and head the softmax of
 * LeakyReLU(target's score + source's score), an entry of value w counting w times.
 *
 * @param values of the entries, at least 0
 * @param scores `[nodes, 2, lanes]`
 * @param weights `[entries, lanes]`
 * @param y `[rows, heads * width]`, zero in rows without entries; apart from z
 */
export function edgeAttention(
  offsets: usize,
  columns: usize,
  values: usize,
  scores: usize,
  z: usize,
  weights: usize,
  y: usize,
  heads: i32,
  lanes: i32,
  width: i32,
  begin: i32,
  end: i32,
): void {
  const stride = heads * width * f32Bytes;
  const laneBytes = lanes * f32Bytes;
  for (let row = begin; row < end; row++) {
    const first = load<i32>(offsets + row * 4);
    const last = load<i32>(offsets + row * 4, 4);
    for (let lane = 0; lane < laneBytes; lane += 16) {
      for (let k = first; k < last; k++) {
        v128.store(weights + k * laneBytes + lane, leaky(entryScore(scores + lane, laneBytes, row, columns + k * 4)));
      }
    }
    softmax(values, weights, laneBytes, first, last);
    sumHeads(columns, weights, z, y + row * stride, first, last, heads, laneBytes, width);
  }
}
