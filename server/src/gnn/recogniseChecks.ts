import type { ArchitectureSummary } from '../../../protocol/model';
import type { Tensor } from '../checkpoint/checkpoint';
import type { GinArchitecture } from './architecture';
import { UnrecognisedArchitectureError } from './unrecognised';

/**
 * What the user vouches for must agree with what the tensors show.
 *
 * @throws UnrecognisedArchitectureError naming the part that does not
 */
export function checkOverride(architecture: GinArchitecture, override: Partial<ArchitectureSummary>): void {
  for (const [part, expected] of Object.entries(override)) {
    const found = architecture[part as keyof GinArchitecture];
    if (expected === undefined || JSON.stringify(found) === JSON.stringify(expected)) continue;
    throw new UnrecognisedArchitectureError(
      `${part} was given as ${JSON.stringify(expected)}, but the tensors show ${JSON.stringify(found)}`,
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
    if (!values.every((value) => Number.isFinite(Math.fround(value)))) {
      throw new UnrecognisedArchitectureError('some values are not finite numbers', name);
    }
    if (name.endsWith('.running_var') && values.some((value) => value < 0)) {
      throw new UnrecognisedArchitectureError('some variances are negative', name);
    }
  }
}
