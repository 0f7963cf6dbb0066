import { readLinear } from '../namedTensors';
import type { LayerForm } from './layerForm';

/** `lin.weight` and `bias`, or the weight as `[inputs, outputs]`. */
export function gcnForm({ transposed = false } = {}): LayerForm {
  return {
    kind: 'gcn',
    marks: ['lin.weight'],
    parts: ['lin.weight', 'bias'],
    read: ({ tensors, module }, { normalisation = 'both', selfLoops = true }) => {
      const linear = readLinear(tensors, `${module}.lin.weight`, { bias: `${module}.bias`, transposed });
      const { inputs, outputs, weight } = linear;
      return {
        convolution: {
          kind: 'gcn',
          linear,
          ...(normalisation !== 'both' && { normalisation }),
          ...(!selfLoops && { selfLoops: 0 }),
        },
        ...{ steps: [], inputs, outputs, first: weight, last: weight },
      };
    },
  };
}
