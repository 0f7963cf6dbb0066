import type { ArchitectureOverride } from '../../../../protocol/manifest';
import type { Tensor } from '../../checkpoint/checkpoint';
import { UnrecognisedArchitectureError } from '../unrecognised';
import type { NamedTensors } from './namedTensors';

/** What the user says tensors are called does not fit the file. */
export class TensorNamesError extends UnrecognisedArchitectureError {
  constructor(
    reason: string,
    /** Names that do not go together: of the file, or what they should be called. */
    readonly names: readonly [string, string],
    tensor?: string,
  ) {
    super(reason, tensor);
    this.name = 'TensorNamesError';
  }
}

/**
 * Tensors by what the user says they are called. A name stands for a tensor, or for a module and all tensors below it
 * for which there is no longer name.
 *
 * @throws TensorNamesError where a name is not in the file, or two tensors come to be called the same
 */
export function renameTensors(
  tensors: ReadonlyMap<string, Tensor>,
  names: ArchitectureOverride['tensors'] = {},
): NamedTensors {
  const said = new Map(Object.entries(names));
  const used = new Set<string>();
  const result = new Map<string, Tensor>();
  for (const [name, tensor] of tensors) {
    const known = [name, ...modulesAbove(name)].find((candidate) => said.has(candidate));
    const called = known === undefined ? name : `${said.get(known) ?? ''}${name.slice(known.length)}`;
    if (known !== undefined) used.add(known);
    const other = result.get(called);
    if (other !== undefined) {
      throw new TensorNamesError(`it and ${other.name} would both be called ${called}`, [other.name, name], name);
    }
    result.set(called, { name, dtype: tensor.dtype, shape: tensor.shape, values: () => tensor.values() });
  }
  for (const [name, called] of said) {
    if (called === '' || name === '') throw new TensorNamesError('names must not be empty', [name, called]);
    if (used.has(name)) continue;
    const hidden = [...tensors.keys()].some((tensor) => tensor === name || tensor.startsWith(`${name}.`));
    const reason = hidden ? 'longer names are given for all that is in it' : 'there is no such tensor or module';
    throw new TensorNamesError(`${name} was said to be ${called}, but ${reason}`, [name, called]);
  }
  return result;
}

/** The modules that a tensor is in, innermost first. */
function* modulesAbove(name: string): Iterable<string> {
  for (let end = name.lastIndexOf('.'); end > 0; end = name.lastIndexOf('.', end - 1)) yield name.slice(0, end);
}
