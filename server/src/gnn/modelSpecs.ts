import type { ArchitectureSummary } from '../../../protocol/model';
import type { LayerSpecs } from './kinds/layerKind';
import { layerKindOf } from './kinds/layerKinds';
import { linear, type LinearVariables, type ParameterSpec, type TensorSpec } from './parameters';
import type { UsualNames } from './tensorNames';

/** The parameters of a model of the usual shape, as their tensors are described. */
export interface ModelSpecs {
  /** One entry a layer: its parameters by name. */
  readonly layers: readonly LayerSpecs[];
  readonly output: ParameterSpec<LinearVariables>;
}

/**
 * What a model of the usual shape is made of, under the given names.
 *
 * @param inner width between the linear maps of each layer, where it has two. Default: that of its output
 */
export function modelSpecs(
  architecture: ArchitectureSummary,
  names: UsualNames,
  inner: readonly number[] = [],
): ModelSpecs {
  const { kind, inputs, hidden, classes, heads = 1, eps } = architecture;
  const layerKind = layerKindOf(kind);
  const { linear: name, norm } = names.output;
  return {
    layers: names.layers.map((layer, i) =>
      layerKind.specs(
        { inputs: i === 0 ? inputs : hidden, inner: inner[i] ?? hidden, outputs: hidden, heads, eps: eps?.[i] ?? 0 },
        layer,
      ),
    ),
    output: linear({ weights: [`${name}.weight`], bias: `${name}.bias`, norm, inputs: hidden, outputs: classes }),
  };
}

/** All parameters in the order of computation. */
export function allSpecs({ layers, output }: ModelSpecs): ParameterSpec<unknown>[] {
  return [...layers.flatMap((layer) => Object.values(layer)), output];
}

/** All tensors, buffers included. */
export function tensorSpecs(specs: ModelSpecs): TensorSpec[] {
  return allSpecs(specs).flatMap(({ tensors }) => tensors);
}

/** The names of the usual hand-written PyTorch Geometric module, for models that come from no checkpoint. */
export function defaultTensorNames({ kind, layers, batchNorm }: ArchitectureSummary): UsualNames {
  const layerKind = layerKindOf(kind);
  return {
    layers: Array.from({ length: layers }, (_, layer) => layerKind.names(layer, batchNorm)),
    output: { linear: 'lin' },
  };
}
