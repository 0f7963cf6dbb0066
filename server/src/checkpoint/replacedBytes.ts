/** Bytes in which tensors are replaced through their strides, with every contradiction between them found. */

import { CheckpointError } from './checkpoint';
import { elementSize, misfit, writeElement } from './dtypes';
import type { StridedView } from './stridedView';
import { elementCount, forEachElement } from './stridedView';

/** A copy of some bytes that tensors share. */
export class ReplacedBytes {
  readonly bytes: Uint8Array;
  /** 1 where a replacement wrote. */
  private readonly written: Uint8Array;

  constructor(
    private readonly original: Uint8Array,
    private readonly file: string,
  ) {
    this.bytes = Uint8Array.from(original);
    this.written = new Uint8Array(original.length);
  }

  /** Writes `values` (row-major) through `view`. Throws CheckpointError where they do not fit or contradict an earlier call. */
  replace(name: string, view: StridedView, values: ArrayLike<number>): void {
    const fail = (reason: string) => new CheckpointError(this.file, `tensor ${JSON.stringify(name)}: ${reason}`);
    const count = elementCount(view.shape);
    if (values.length !== count) throw fail(`${values.length} values replace ${count}`);
    const wrong = misfit(values, view.dtype);
    if (wrong !== undefined) throw fail(`${wrong} does not fit into ${view.dtype}`);

    const size = elementSize[view.dtype];
    const element = new Uint8Array(size);
    const elementView = new DataView(element.buffer);
    forEachElement(view, (offset, index) => {
      writeElement(elementView, 0, view.dtype, view.littleEndian, values[index]);
      for (let i = 0; i < size; i++) {
        if (this.written[offset + i] === 1 && this.bytes[offset + i] !== element[i]) {
          throw fail('it shares elements with another tensor, and the two are given different values');
        }
        this.bytes[offset + i] = element[i];
        this.written[offset + i] = 1;
      }
    });
  }

  /** Throws CheckpointError where a replacement changed elements that the tensor `name`, not replaced, shares. */
  requireUnchanged(name: string, view: StridedView): void {
    const size = elementSize[view.dtype];
    forEachElement(view, (offset) => {
      for (let i = 0; i < size; i++) {
        if (this.bytes[offset + i] !== this.original[offset + i]) {
          const reason = `tensor ${JSON.stringify(name)} shares elements with a replaced tensor and would change with it`;
          throw new CheckpointError(this.file, reason);
        }
      }
    });
  }
}

/** Throws CheckpointError where a replacement names no tensor of the file. */
export function requireKnownNames(
  replacements: ReadonlyMap<string, unknown>,
  tensors: ReadonlyMap<string, unknown>,
  file: string,
): void {
  for (const name of replacements.keys()) {
    if (!tensors.has(name)) throw new CheckpointError(file, `there is no tensor ${JSON.stringify(name)} to replace`);
  }
}
