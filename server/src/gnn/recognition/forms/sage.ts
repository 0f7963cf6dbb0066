import { readLinear, inFile } from '../namedTensors';
import { UnrecognisedArchitectureError } from '../../unrecognised';
import type { LayerForm } from './layerForm';

/**
 * `lin_l` for the neighbours, `lin_r` for the node itself or none, `lin_pool` with a ReLU for neighbours before they are
 * put together or none.
 */
export const sageForm: LayerForm = {
  kind: 'sage',
  marks: ['lin_l.weight'],
  parts: [
    ...['lin_l.weight', 'lin_l.bias', 'lin_r.weight', 'lin_r.bias', 'bias'],
    ...['lin_pool.weight', 'lin_pool.bias'],
  ],
  read: ({ tensors, module }, { aggregator }) => {
    const own = tensors.has(`${module}.lin_r.weight`) ? readLinear(tensors, `${module}.lin_r.weight`) : undefined;
    const pool = tensors.has(`${module}.lin_pool.weight`)
      ? readLinear(tensors, `${module}.lin_pool.weight`)
      : undefined;
    // Where the layer has the bias, it does not matter with which of its parts it is added.
    const bias = tensors.has(`${module}.bias`) ? `${module}.bias` : undefined;
    const neighbours = readLinear(tensors, `${module}.lin_l.weight`, { bias });
    const { inputs, outputs, weight } = neighbours;
    for (const other of [own, pool]) {
      if (other === undefined || (other.inputs === (pool ?? neighbours).inputs && other.outputs === (other === pool ? inputs : outputs))) continue; // prettier-ignore
      const expected = `[${other === pool ? inputs : outputs}, ${(pool ?? neighbours).inputs}]`;
      throw new UnrecognisedArchitectureError(
        `shape ${expected} was expected, found shape [${other.outputs}, ${other.inputs}]`,
        inFile(tensors, other.weight),
      );
    }
    return {
      convolution: {
        kind: 'sage',
        neighbours,
        ...(own !== undefined && { own }),
        ...(pool !== undefined && { pool }),
        ...(aggregator !== undefined && aggregator !== 'mean' && { aggregator }),
      },
      ...{ steps: [], inputs: pool?.inputs ?? inputs, outputs, first: pool?.weight ?? weight, last: weight },
    };
  },
};
