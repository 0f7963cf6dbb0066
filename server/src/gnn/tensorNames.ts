/** Which tensors of a checkpoint a GIN is made of. */
export interface GinTensorNames {
  readonly layers: readonly GinLayerNames[];
  readonly output: LinearNames;
}

export interface GinLayerNames {
  /** Absent where the checkpoint keeps no eps. */
  readonly eps?: ScalarName;
  readonly first: LinearNames;
  readonly second: LinearNames;
}

/** A tensor of one number; PyTorch keeps it with shape `[]` or `[1]`. */
export interface ScalarName {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Names without `.weight` and the like: `convs.0.nn.0`. */
export interface LinearNames {
  readonly linear: string;
  /** Absent where no BatchNorm follows. */
  readonly norm?: string;
}

/** The names of the usual hand-written PyTorch Geometric module, for models that come from no checkpoint. */
export function defaultTensorNames(layers: number, batchNorm: boolean): GinTensorNames {
  return {
    layers: Array.from({ length: layers }, (_, i) => ({
      eps: { name: `convs.${i}.eps`, shape: [1] },
      first: batchNorm ? { linear: `convs.${i}.nn.0`, norm: `convs.${i}.nn.1` } : { linear: `convs.${i}.nn.0` },
      second: batchNorm ? { linear: `convs.${i}.nn.3`, norm: `convs.${i}.nn.4` } : { linear: `convs.${i}.nn.2` },
    })),
    output: { linear: 'lin' },
  };
}

/** Full names of all tensors, buffers included. */
export function allNames({ layers, output }: GinTensorNames): ReadonlySet<string> {
  const linearNames = ({ linear, norm }: LinearNames): string[] => [
    `${linear}.weight`,
    `${linear}.bias`,
    ...(norm === undefined ? [] : normParts.map((part) => `${norm}.${part}`)),
  ];
  return new Set([
    ...layers.flatMap(({ eps, first, second }) => [
      ...(eps === undefined ? [] : [eps.name]),
      ...linearNames(first),
      ...linearNames(second),
    ]),
    ...linearNames(output),
  ]);
}

const normParts = ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked'] as const;
