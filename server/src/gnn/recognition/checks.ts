import { readouts, type ArchitectureSummary } from '../../../../protocol/model';
import type { Tensor } from '../../checkpoint/checkpoint';
import { UnrecognisedArchitectureError } from '../unrecognised';

/**
 * What the user vouches for must agree with what the tensors show.
 *
 * @throws UnrecognisedArchitectureError naming the part that does not
 */
export function checkOverride(architecture: ArchitectureSummary, override: Partial<ArchitectureSummary>): void {
  const { eps, ...parts } = override;
  if (!readouts.includes(architecture.readout)) {
    throw new UnrecognisedArchitectureError(
      `the readout was given as ${architecture.readout}, but it must be one of ${readouts.join(', ')}`,
    );
  }
  for (const [part, expected] of Object.entries(parts)) {
    const found = architecture[part as keyof typeof parts];
    if (expected === undefined || found === expected) continue;
    throw new UnrecognisedArchitectureError(
      `${part} was given as ${expected}, but the tensors show ${found ?? 'none'}`,
    );
  }
  const fits =
    eps === undefined ||
    (eps.length === architecture.layers &&
      eps.every((value, i) => Math.fround(value) === Math.fround(architecture.eps?.[i] ?? NaN)));
  if (!fits) {
    throw new UnrecognisedArchitectureError(
      `eps was given as ${list(eps)}, but the tensors show ${list(architecture.eps)}`,
    );
  }
}

const floats: ReadonlySet<string> = new Set(['float64', 'float32', 'float16', 'bfloat16']);

/**
 * A model with values that are no numbers predicts nothing, and must not pass for one that was analysed.
 *
 * @throws UnrecognisedArchitectureError naming the tensor
 */
export function checkValues(tensors: ReadonlyMap<string, Tensor>): void {
  for (const [name, tensor] of tensors) {
    if (name.endsWith('.num_batches_tracked')) continue;
    if (!floats.has(tensor.dtype)) {
      throw new UnrecognisedArchitectureError(`floating-point values were expected, found ${tensor.dtype}`, name);
    }
    const values = tensor.values();
    // Values are computed with as float32, so one that overflows it is no number either.
    if (!values.every((value) => Number.isFinite(Math.fround(value)))) {
      throw new UnrecognisedArchitectureError('not all of its values are finite numbers', name);
    }
    if (name.endsWith('.running_var') && values.some((value) => value < 0)) {
      throw new UnrecognisedArchitectureError('a variance is negative', name);
    }
  }
}

/** Values that a message names. */
const mostListed = 16;

function list(values: readonly number[] | undefined): string {
  if (values === undefined) return 'none';
  const more = values.length > mostListed ? `, ... ${values.length} in all` : '';
  return `[${values.slice(0, mostListed).join(', ')}${more}]`;
}
