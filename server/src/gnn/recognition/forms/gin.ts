import { UnrecognisedArchitectureError } from '../../unrecognised';
import { inFile, type NamedTensors } from '../namedTensors';
import { readSequence } from '../sequence';
import type { LayerForm } from './layerForm';

/** A network `nn` of linear maps, and eps or none. */
export const ginForm: LayerForm = {
  kind: 'gin',
  marks: ['nn.'],
  parts: ['nn.', 'eps'],
  read: ({ tensors, module }, settings) => {
    const below = `${module}.nn.`;
    const names = [...tensors.keys()].filter((name) => name.startsWith(below));
    const network = readSequence(tensors, below.slice(0, -1), names, settings);
    const { aggregator = 'sum', selfLoops = false } = settings;
    const eps = tensors.has(`${module}.eps`) ? readEps(tensors, `${module}.eps`) : undefined;
    return {
      convolution: {
        ...{ kind: 'gin', width: network.inputs },
        ...(eps !== undefined && { eps: { name: eps.name, shape: eps.shape } }),
        ...(aggregator !== 'sum' && { aggregator }),
        ...(selfLoops && { selfLoops }),
      },
      ...network,
      ...(eps !== undefined && { eps: eps.value }),
    };
  },
};

/** @throws UnrecognisedArchitectureError unless it is one number */
export function readEps(
  tensors: NamedTensors,
  name: string,
): { readonly name: string; readonly shape: readonly number[]; readonly value: number } {
  const tensor = tensors.get(name);
  const values = tensor?.values();
  if (tensor !== undefined && values?.length === 1) return { name: tensor.name, shape: tensor.shape, value: values[0] };
  throw new UnrecognisedArchitectureError(
    `one number was expected, found ${values?.length ?? 0}`,
    inFile(tensors, name),
  );
}
