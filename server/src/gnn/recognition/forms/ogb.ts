import { UnrecognisedArchitectureError } from '../../unrecognised';
import { readTables } from '../embeddingTables';
import { inFile, readLinear, type NamedTensors } from '../namedTensors';
import { readSequence } from '../sequence';
import { readEps } from './gin';
import type { LayerForm } from './layerForm';

const bonds = 'bond_encoder.bond_embedding_list';

/** A network `mlp` of linear maps, eps, and tables for the numbers of edges. */
export const ogbGinForm: LayerForm = {
  kind: 'gin',
  marks: ['mlp.'],
  parts: ['mlp.', 'eps', 'bond_encoder.'],
  read: ({ tensors, module }, settings) => {
    const names = [...tensors.keys()].filter((name) => name.startsWith(`${module}.mlp.`));
    const network = readSequence(tensors, `${module}.mlp`, names, settings);
    const eps = readEps(tensors, `${module}.eps`);
    return {
      convolution: {
        ...{ kind: 'edge-gin', width: network.inputs, eps: { name: eps.name, shape: eps.shape } },
        edges: readTables(tensors, `${module}.${bonds}`, network.inputs),
      },
      ...network,
      eps: eps.value,
    };
  },
};

/** A linear map, a row for the node itself, and tables for the numbers of edges. */
export const ogbGcnForm: LayerForm = {
  kind: 'gcn',
  marks: ['root_emb.weight'],
  parts: ['linear.weight', 'linear.bias', 'root_emb.weight', 'bond_encoder.'],
  read: ({ tensors, module }) => {
    const linear = readLinear(tensors, `${module}.linear.weight`);
    const { inputs, outputs, weight } = linear;
    return {
      convolution: {
        ...{ kind: 'edge-gcn', linear, root: readRow(tensors, `${module}.root_emb.weight`, outputs) },
        edges: readTables(tensors, `${module}.${bonds}`, outputs),
      },
      ...{ steps: [], inputs, outputs, first: weight, last: weight },
    };
  },
};

/** A table of one row. @returns its name in the file. @throws UnrecognisedArchitectureError */
export function readRow(tensors: NamedTensors, name: string, width: number): string {
  const tensor = tensors.get(name);
  if (tensor?.shape.length === 2 && tensor.shape[0] === 1 && tensor.shape[1] === width) return tensor.name;
  const found = tensor === undefined ? 'no such tensor' : `shape [${tensor.shape.join(', ')}]`;
  throw new UnrecognisedArchitectureError(`shape [1, ${width}] was expected, found ${found}`, inFile(tensors, name));
}
