import type { Tensor } from '../../checkpoint/checkpoint';
import type { FoundLayers, LinearLink } from '../kinds/layerKind';
import type { GinLayerNames, ScalarName } from '../tensorNames';
import { UnrecognisedArchitectureError } from '../unrecognised';
import { groupLayers } from './layerGroups';
import { readLayerNetwork, type LinearShape } from './linearLayers';

/**
 * Finds layers of PyTorch Geometric's `GINConv`: `convs.I.nn.0` linear, `.1` BatchNorm, `.3` linear, `.4` BatchNorm; a
 * BatchNorm may be missing; `convs.I.eps`.
 *
 * @throws UnrecognisedArchitectureError
 */
export function findGinLayers(tensors: ReadonlyMap<string, Tensor>): FoundLayers {
  const groups = groupLayers([...tensors.keys()]);
  const layers = groups.layers.map(({ stem, places, eps }) => {
    const [first, second] = readLayerNetwork(tensors, stem, places);
    return { eps: eps === undefined ? undefined : readEps(tensors, eps), first, second };
  });
  return {
    layers: layers.map(({ eps, first, second }): GinLayerNames => ({
      eps: eps && { name: eps.name, shape: eps.shape },
      first: first.names,
      second: second.names,
    })),
    links: layers.map(({ first, second }) => [linkOf(first), linkOf(second)]),
    output: groups.output,
    eps: layers.map(({ eps }) => eps?.value),
  };
}

/** A linear layer as a link of the chain from features to logits. */
export function linkOf({ names: { linear }, inputs, outputs }: LinearShape): LinearLink {
  return { name: linear, weight: `${linear}.weight`, inputs, outputs };
}

function readEps(tensors: ReadonlyMap<string, Tensor>, name: string): ScalarName & { value: number } {
  const tensor = tensors.get(name);
  const values = tensor?.values();
  if (tensor !== undefined && values?.length === 1) return { name, shape: tensor.shape, value: values[0] };
  throw new UnrecognisedArchitectureError(`one number was expected, found ${values?.length ?? 0}`, name);
}
