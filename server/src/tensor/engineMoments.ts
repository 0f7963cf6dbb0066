import type * as tf from '@tensorflow/tfjs-core';
import type { GraphnadBackend } from './engine/graphnadBackend';
import type { AdamUpdate, Moments } from './moments';

/** Most elements of a part, and 32-bit numbers that the table of parts has for one; see `kernels/adam.ts`. */
const partLength = 4096;
const entryLength = 5;
/** Floats on one cache line; parts begin on one. */
const lineLength = 16;

/** A stretch of a variable that is moved by itself. */
interface Part {
  readonly variable: number;
  /** In elements of the variable. */
  readonly start: number;
  readonly length: number;
}

/** The memory and steps of Adam in the engine: all variables are moved in place by one kernel. */
export class EngineMoments implements Moments {
  private readonly parts: readonly Part[];
  /** Means, squares, sums of squared gradients by part, and the table of parts, one behind the other. */
  private readonly address: number;
  private readonly bytes: number;
  private readonly table: Int32Array;
  private readonly tableAddress: number;
  private readonly sums: Float64Array;
  private readonly sumsAddress: number;

  constructor(
    private readonly engine: GraphnadBackend,
    private readonly variables: readonly tf.Variable[],
  ) {
    this.parts = variables.flatMap(({ size }, variable) => partsOf(variable, size));
    const floats = this.parts.reduce((sum, { length }) => sum + aligned(length), 0);
    const count = this.parts.length;
    const meansBytes = 4 * floats;
    this.bytes = 2 * meansBytes + 8 * count + 4 * entryLength * count;
    this.address = engine.memoryPool.allocate(this.bytes);
    this.sumsAddress = this.address + 2 * meansBytes;
    this.tableAddress = this.sumsAddress + 8 * count;
    this.sums = engine.memoryPool.doubles(this.sumsAddress, count);
    this.table = engine.memoryPool.integers(this.tableAddress, entryLength * count);
    engine.launch('fill', 2 * floats, this.address, 0);
    let mean = this.address;
    this.parts.forEach(({ length }, i) => {
      this.table.set([mean, mean + meansBytes, length], entryLength * i + 2);
      mean += 4 * aligned(length);
    });
  }

  norm(gradients: readonly tf.Tensor[]): number {
    this.point(1, gradients);
    this.engine.launch('gradientSquares', this.parts.length, this.tableAddress, this.sumsAddress);
    let sum = 0;
    for (const square of this.sums) sum += square;
    return Math.sqrt(sum);
  }

  apply(gradients: readonly tf.Tensor[], update: AdamUpdate): void {
    const { scale, meanRate, squareRate, stepSize, root, epsilon } = update;
    for (const variable of this.variables) this.detach(variable);
    this.point(0, this.variables);
    this.point(1, gradients);
    const settings = [scale, meanRate, squareRate, stepSize, root, epsilon];
    this.engine.launch('adamStep', this.parts.length, this.tableAddress, ...settings);
  }

  dispose(): void {
    this.engine.memoryPool.release(this.address, this.bytes);
  }

  /** Writes the addresses of tensors, one a variable, into a column of the table. */
  private point(column: number, tensors: readonly tf.Tensor[]): void {
    const addresses = tensors.map((tensor) => this.engine.address(tensor));
    this.parts.forEach(({ variable, start }, i) => {
      this.table[entryLength * i + column] = addresses[variable] + 4 * start;
    });
  }

  /** Gives a variable values of its own where other tensors, which must not change, share them. */
  private detach(variable: tf.Variable): void {
    if (this.engine.refCount(variable.dataId) === 1) return;
    const { tensor } = this.engine.output(variable.shape);
    this.engine.values(tensor).set(this.engine.values(variable));
    variable.assign(tensor);
    tensor.dispose();
  }
}

function partsOf(variable: number, size: number): Part[] {
  return Array.from({ length: Math.ceil(size / partLength) }, (_, i) => {
    const start = i * partLength;
    return { variable, start, length: Math.min(partLength, size - start) };
  });
}

function aligned(length: number): number {
  return Math.ceil(length / lineLength) * lineLength;
}
