import { backend_util } from '@tensorflow/tfjs-core';

/** How two operands meet whose element-wise combination has the shape of one of them. */
export interface Broadcast {
  /**
   * How the smaller operand is repeated, the result being a matrix `[rows, columns]`: not at all, one number
   * everywhere, one row for all rows, one number a row. Matrices of the kinds `same` and `scalar` have a single row.
   */
  readonly kind: 'same' | 'scalar' | 'row' | 'column';
  readonly rows: number;
  readonly columns: number;
  /** Shape of the result. */
  readonly shape: readonly number[];
  /** Whether the first operand is the one that is repeated. */
  readonly exchanged: boolean;
}

/**
 * @returns undefined where the operands are repeated in a way that is none of these
 * @throws Error where the shapes do not fit together
 */
export function broadcast(a: readonly number[], b: readonly number[]): Broadcast | undefined {
  if (equal(a, b)) return { kind: 'same', rows: 1, columns: size(a), shape: a, exchanged: false };
  const shape = backend_util.assertAndGetBroadcastShape([...a], [...b]);
  const exchanged = !equal(a, shape);
  const [whole, repeated] = exchanged ? [b, a] : [a, b];
  if (!equal(whole, shape)) return undefined;
  const total = size(shape);
  const count = size(repeated);
  if (count === 1 || total === 0) return { kind: 'scalar', rows: 1, columns: total, shape, exchanged };
  if (repeatsAsRow(repeated, shape)) return { kind: 'row', rows: total / count, columns: count, shape, exchanged };
  if (repeatsAsColumn(repeated, shape))
    return { kind: 'column', rows: count, columns: total / count, shape, exchanged };
  return undefined;
}

/** Whether a shape equals the last dimensions of another, apart from ones in front. */
function repeatsAsRow(repeated: readonly number[], shape: readonly number[]): boolean {
  const start = repeated.findIndex((length) => length !== 1);
  return equal(repeated.slice(start), shape.slice(shape.length - repeated.length + start));
}

/** Whether a shape equals another but for ones in place of the last dimensions. */
function repeatsAsColumn(repeated: readonly number[], shape: readonly number[]): boolean {
  if (repeated.length !== shape.length) return false;
  let end = repeated.length;
  while (end > 0 && repeated[end - 1] === 1) end--;
  return equal(repeated.slice(0, end), shape.slice(0, end));
}

function equal(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, i) => length === b[i]);
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
