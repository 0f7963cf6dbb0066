import type { Tensor } from '../../checkpoint/checkpoint';
import type { LinearNames } from '../tensorNames';
import { UnrecognisedArchitectureError } from '../unrecognised';

type Tensors = ReadonlyMap<string, Tensor>;

/** A linear layer, with a BatchNorm behind it or not, as far as its tensors show it. */
export interface LinearShape {
  readonly names: LinearNames;
  readonly inputs: number;
  readonly outputs: number;
}

/**
 * Reads a linear layer from its tensors.
 *
 * @param linear its name, such as `lin`
 * @throws UnrecognisedArchitectureError unless weight and bias are there and fit each other
 */
export function readLinear(tensors: Tensors, linear: string): LinearShape {
  const weight = tensors.get(`${linear}.weight`);
  if (weight?.shape.length !== 2 || weight.shape.includes(0)) {
    throw new UnrecognisedArchitectureError(`a matrix was expected, found ${found(weight)}`, `${linear}.weight`);
  }
  const [outputs, inputs] = weight.shape;
  expectVector(tensors, `${linear}.bias`, outputs);
  return { names: { linear }, inputs, outputs };
}

/**
 * Reads the network of one GIN layer: linear, BatchNorm or none, ReLU, linear, BatchNorm or none.
 *
 * @param stem what its tensors begin with, such as `convs.0.nn.`
 * @param places the filled places of the sequence, such as 0, 1, 3, 4
 * @throws UnrecognisedArchitectureError when the sequence is another one
 */
export function readLayerNetwork(
  tensors: Tensors,
  stem: string,
  places: readonly number[],
): [LinearShape, LinearShape] {
  const isMatrix = (place: number): boolean => tensors.get(`${stem}${place}.weight`)?.shape.length === 2;
  const linears = places.filter(isMatrix);
  if (linears.length !== 2) {
    throw new UnrecognisedArchitectureError(`2 linear layers were expected in ${stem}*, found ${linears.length}`);
  }
  const [first, second] = linears.map((place) => {
    const linear = readLinear(tensors, `${stem}${place}`);
    if (!places.includes(place + 1) || isMatrix(place + 1)) return { linear, end: place };
    const norm = `${stem}${place + 1}`;
    for (const part of ['weight', 'bias', 'running_mean', 'running_var']) {
      expectVector(tensors, `${norm}.${part}`, linear.outputs);
    }
    return { linear: { ...linear, names: { ...linear.names, norm } }, end: place + 1 };
  });
  const known = new Set([linears[0], first.end, linears[1], second.end]);
  const stranger = places.find((place) => !known.has(place));
  if (stranger !== undefined) {
    throw new UnrecognisedArchitectureError(
      'it stands where no module with tensors was expected',
      `${stem}${stranger}`,
    );
  }
  if (linears[1] < first.end + 2) {
    throw new UnrecognisedArchitectureError('there is no room for a ReLU before it', `${stem}${linears[1]}`);
  }
  return [first.linear, second.linear];
}

function expectVector(tensors: Tensors, name: string, length: number): void {
  const tensor = tensors.get(name);
  if (tensor?.shape.length === 1 && tensor.shape[0] === length) return;
  throw new UnrecognisedArchitectureError(`shape [${length}] was expected, found ${found(tensor)}`, name);
}

/** A tensor's shape in words. */
export function found(tensor: Tensor | undefined): string {
  return tensor === undefined ? 'no such tensor' : `shape [${tensor.shape.join(', ')}]`;
}
