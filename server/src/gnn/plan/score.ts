import type { LinearVariables, ParameterSpec, TensorValues } from '../parameters';
import type { LinearTensors } from './modelPlan';
import { linearOf } from './planParameters';

/**
 * An output layer that gives one number, as a linear layer with two outputs: nothing, then that number. Training moves
 * both; what goes back is their difference, which is all that probabilities depend on.
 */
export function scoreOf(tensors: LinearTensors): ParameterSpec<LinearVariables> {
  const one = linearOf(tensors);
  const beside = ({ shape, values }: TensorValues): TensorValues => ({
    shape: [2, ...shape.slice(1)],
    values: Float32Array.from([...new Float32Array(values.length), ...values]),
  });
  return {
    tensors: one.tensors,
    make: (values) => linearOf({ ...tensors, outputs: 2 }).make(values.map(beside)),
    read: ({ weight, bias }) => {
      const [both, added] = [weight.dataSync<'float32'>(), bias.dataSync<'float32'>()];
      const values = Float32Array.from({ length: tensors.inputs }, (_, i) => both[2 * i + 1] - both[2 * i]);
      const score = { shape: [1, tensors.inputs], values };
      return tensors.bias === undefined
        ? [score]
        : [score, { shape: [1], values: Float32Array.of(added[1] - added[0]) }];
    },
    variables: (value) => one.variables(value),
  };
}
