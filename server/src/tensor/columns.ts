/** Bounds each column of a row-major matrix from above, in place. */
export function clampColumns(values: Float32Array, upper: Float32Array): void {
  const width = upper.length;
  for (let row = 0; row < values.length; row += width) {
    for (let j = 0; j < width; j++) if (values[row + j] > upper[j]) values[row + j] = upper[j];
  }
}
