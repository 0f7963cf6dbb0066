import * as tf from '@tensorflow/tfjs-core';
import { engineInUse, type GraphnadBackend } from './engine/graphnadBackend';
import { largestOfRows, selection } from './sparseEntries';
import type { SparseMatrix } from './sparseMatrix';
import { sparseProduct } from './sparseProduct';
import { withGradient } from './withGradient';

/**
 * Largest value of each channel over the members of each segment: a max readout. Members that have the largest value
 * together share its gradient in proportion to their weights, as in PyTorch's `scatter_reduce` (`amax`) they do when each
 * is there as often as it weighs.
 *
 * @param members which rows of x belong to each segment, `[segments, rows]`; values are weights and greater than 0.
 *   Constant
 * @param x `[rows, width]`
 * @returns `[segments, width]`; zero in segments without members
 */
export function segmentMax(members: SparseMatrix, x: tf.Tensor2D): tf.Tensor2D {
  const engine = engineInUse();
  if (engine === undefined) return segmentMaxComposed(members, x);
  return withGradient([x], () => {
    const value = largest(engine, members, x);
    return {
      value,
      saved: [x, value],
      gradient: (dy, [input, y]) => [largestGradient(engine, members, dy, input, y)],
    };
  });
}

/** The same operation composed of standard ones, and of sparse products that gather and add up. */
export function segmentMaxComposed(members: SparseMatrix, x: tf.Tensor2D): tf.Tensor2D {
  const [segments, rows] = members.shape;
  return tf.tidy(() => {
    const ofSegments = selection(members.rowIndices(), segments);
    const candidates = sparseProduct(selection(members.columnIndices, rows), x);
    const largest = largestOfRows(members, candidates);
    // The share of each candidate in its segment's value: constants, though they are made of x.
    const shares = withGradient<tf.Tensor2D>([], () => {
      const isLargest = tf.equal(candidates, sparseProduct(ofSegments, largest));
      const weights = tf.tensor2d(members.values, [members.values.length, 1]);
      const weighed = tf.mul<tf.Tensor2D>(tf.cast(isLargest, 'float32'), weights);
      const total = sparseProduct(ofSegments, sparseProduct(ofSegments.transposed, weighed));
      return { value: tf.div(weighed, total), saved: [], gradient: () => [] };
    });
    return sparseProduct(ofSegments.transposed, tf.mul(shares, candidates));
  });
}

function largest(engine: GraphnadBackend, members: SparseMatrix, x: tf.Tensor2D): tf.Tensor2D {
  const [segments, width] = [members.shape[0], x.shape[1]];
  const { tensor, address } = engine.output<tf.Tensor2D>([segments, width]);
  engine.withWorkspace((workspace) => {
    const entries = [members.rowOffsets, members.columnIndices].map((array) => workspace.copy(array));
    engine.launch('segmentMax', segments, ...entries, engine.address(x), address, width);
  });
  return tensor;
}

function largestGradient(
  engine: GraphnadBackend,
  members: SparseMatrix,
  dy: tf.Tensor,
  x: tf.Tensor,
  y: tf.Tensor,
): tf.Tensor {
  const [segments, rows] = members.shape;
  const width = y.shape[1] as number;
  const { tensor, address } = engine.output([rows, width]);
  engine.withWorkspace((workspace) => {
    const entriesOf = ({ rowOffsets, columnIndices, values }: SparseMatrix): number[] =>
      [rowOffsets, columnIndices, values].map((array) => workspace.copy(array));
    const [from, to, upstream] = [x, y, dy].map((operand) => engine.address(operand));
    const shares = workspace.room(segments * width);
    engine.launch('segmentMaxShares', segments, ...entriesOf(members), from, to, upstream, shares, width);
    engine.launch('segmentMaxGradient', rows, ...entriesOf(members.transposed), from, to, shares, address, width);
  });
  return tensor;
}
