import { Rng } from '../../server/src/graph/rng';
import { attentionHeads, type ModelShape } from './workload';

/** A parameter in PyTorch's orientation: weights are `[outputs, inputs]`. */
export interface InitialTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * Initial weights under the names of PyTorch Geometric, drawn uniformly within 1 / sqrt(inputs) as by PyTorch;
 * BatchNorm is the identity.
 */
export function initialWeights({ kind, inputs, hidden, layers, classes }: ModelShape): Map<string, InitialTensor> {
  const rng = new Rng(0, 'initial weights');
  const tensors = new Map<string, InitialTensor>();
  const add = (name: string, shape: readonly number[], value: () => number): void => {
    const length = shape.reduce((product, size) => product * size, 1);
    tensors.set(name, { shape, values: Float32Array.from({ length }, value) });
  };
  const uniform = (width: number) => (): number => rng.between(-1, 1) / Math.sqrt(width);
  const linear = (name: string, from: number, to: number, bias = true): void => {
    add(`${name}.weight`, [to, from], uniform(from));
    if (bias) add(`${name}.bias`, [to], uniform(from));
  };
  const norm = (name: string): void => {
    add(`${name}.weight`, [hidden], () => 1);
    add(`${name}.bias`, [hidden], () => 0);
    add(`${name}.running_mean`, [hidden], () => 0);
    add(`${name}.running_var`, [hidden], () => 1);
  };
  for (let i = 0; i < layers; i++) {
    const width = i === 0 ? inputs : hidden;
    if (kind === 'gin') {
      linear(`convs.${i}.nn.0`, width, hidden);
      norm(`convs.${i}.nn.1`);
      linear(`convs.${i}.nn.3`, hidden, hidden);
      norm(`convs.${i}.nn.4`);
      continue;
    }
    linear(`convs.${i}.lin`, width, hidden, false);
    add(`convs.${i}.bias`, [hidden], uniform(width));
    if (kind === 'gat') {
      const headWidth = hidden / attentionHeads;
      for (const end of ['src', 'dst'])
        add(`convs.${i}.att_${end}`, [1, attentionHeads, headWidth], uniform(headWidth));
    }
    norm(`norms.${i}`);
  }
  linear('lin', hidden, classes);
  return tensors;
}
