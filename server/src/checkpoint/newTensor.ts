import type { DType } from './checkpoint';
import { misfit } from './dtypes';
import { elementCount } from './stridedView';

/** A tensor to be written. */
export interface NewTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: ArrayLike<number>;
}

/** Throws RangeError where names repeat or values do not fit shape and type: a mistake of the caller, not of a file. */
export function requireConsistent(tensors: readonly NewTensor[]): void {
  const names = new Set<string>();
  for (const { name, dtype, shape, values } of tensors) {
    const fail = (reason: string) => new RangeError(`tensor ${JSON.stringify(name)}: ${reason}`);
    if (names.has(name)) throw fail('there are two of this name');
    names.add(name);
    if (values.length !== elementCount(shape)) throw fail(`${values.length} values for shape [${shape.join(', ')}]`);
    const wrong = misfit(values, dtype);
    if (wrong !== undefined) throw fail(`${wrong} does not fit into ${dtype}`);
  }
}
