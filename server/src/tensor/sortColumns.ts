import * as tf from '@tensorflow/tfjs-core';

/**
 * Sorts each column of a stack of matrices in ascending order. Equal values keep their order, so that the gradient,
 * which goes back to where each value came from, is the same on every machine.
 *
 * @param matrices `[count, rows, columns]`
 * @returns the same shape, sorted along the rows
 */
export function sortColumns(matrices: tf.Tensor3D): tf.Tensor3D {
  const [count, rows, columns] = matrices.shape;
  const operation = tf.customGrad((input) => {
    const values = (input as tf.Tensor3D).dataSync<'float32'>();
    const sorted = new Float32Array(values.length);
    const source = new Int32Array(values.length);
    const sorter = new ColumnSorter(rows);
    for (let m = 0; m < count; m++) {
      for (let c = 0; c < columns; c++) sorter.sort(values, m * rows * columns + c, columns, sorted, source);
    }
    const gradFunc = (upstream: tf.Tensor): tf.Tensor => {
      const gradient = upstream.dataSync<'float32'>();
      const scattered = new Float32Array(values.length);
      for (let i = 0; i < source.length; i++) scattered[source[i]] = gradient[i];
      return tf.tensor3d(scattered, matrices.shape);
    };
    return { value: tf.tensor3d(sorted, matrices.shape), gradFunc };
  });
  return operation(matrices);
}

/** Merge sort of strided columns with its working memory kept between columns. */
class ColumnSorter {
  private order: Int32Array;
  private spare: Int32Array;
  private readonly keys: Float32Array;

  constructor(private readonly rows: number) {
    this.order = new Int32Array(rows);
    this.spare = new Int32Array(rows);
    this.keys = new Float32Array(rows);
  }

  /** Writes the sorted column to `sorted` and the index every value came from to `source`, both strided alike. */
  sort(values: Float32Array, start: number, stride: number, sorted: Float32Array, source: Int32Array): void {
    const { rows, keys } = this;
    for (let i = 0; i < rows; i++) {
      keys[i] = values[start + i * stride];
      this.order[i] = i;
    }
    for (let width = 1; width < rows; width *= 2) this.mergeRuns(width);
    for (let i = 0; i < rows; i++) {
      const from = this.order[i];
      sorted[start + i * stride] = keys[from];
      source[start + i * stride] = start + from * stride;
    }
  }

  private mergeRuns(width: number): void {
    const { rows, keys, order, spare } = this;
    for (let low = 0; low < rows; low += 2 * width) {
      const middle = Math.min(low + width, rows);
      const high = Math.min(low + 2 * width, rows);
      let left = low;
      let right = middle;
      for (let i = low; i < high; i++) {
        const takeLeft = left < middle && (right >= high || keys[order[left]] <= keys[order[right]]);
        spare[i] = takeLeft ? order[left++] : order[right++];
      }
    }
    this.order = spare;
    this.spare = order;
  }
}
