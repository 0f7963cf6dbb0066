import { UnrecognisedArchitectureError } from './unrecognised';

/** The tensors of one GIN layer: where its network is and which places of it are filled. */
export interface LayerGroup {
  /** Common beginning of the network's tensors: `convs.0.nn.` */
  readonly stem: string;
  /** Ascending. */
  readonly places: readonly number[];
  readonly eps?: string;
}

/** `convs.0.nn.3.weight`: where the layers are kept, number of the layer, place in its network; or `convs.0.eps`. */
const layerTensor = /^(?<stem>(?:.*\D)?)(?<layer>\d+)\.(?:nn\.(?<place>\d+)\.\w+|eps)$/;
const outputTensor = /^(?:.*\.)?(?:lin|fc|out|classifier|linear)\.(?:weight|bias)$/;

/**
 * Sorts tensor names into GIN layers, in a module list (`convs.0`) or numbered attributes (`conv1`), and the linear
 * layer behind the readout.
 *
 * @throws UnrecognisedArchitectureError unless there are layers, numbered without a gap, and one linear layer
 */
export function groupLayers(tensorNames: readonly string[]): { layers: LayerGroup[]; output: string } {
  const groups = new Map<number, { stem: string; places: Set<number>; eps?: string }>();
  const homes = new Set<string>();
  const outputs = new Set<string>();
  for (const name of tensorNames) {
    const match = layerTensor.exec(name)?.groups;
    if (match === undefined) {
      if (outputTensor.test(name)) outputs.add(name.slice(0, name.lastIndexOf('.')));
      continue;
    }
    homes.add(match.stem);
    const number = Number(match.layer);
    const group = groups.get(number) ?? { stem: `${match.stem}${match.layer}.nn.`, places: new Set<number>() };
    groups.set(number, group);
    if (match.place === undefined) group.eps = name;
    else group.places.add(Number(match.place));
  }
  if (groups.size === 0) throw new UnrecognisedArchitectureError(noLayerReason(tensorNames));
  if (homes.size > 1) throw new UnrecognisedArchitectureError(`there are layers in several places: ${quoted(homes)}`);
  if (outputs.size === 0) {
    throw new UnrecognisedArchitectureError(
      'there is no linear layer behind the readout (named lin, fc, out, classifier or linear)',
    );
  }
  if (outputs.size > 1) {
    throw new UnrecognisedArchitectureError(
      `one linear layer behind the readout was expected, found ${quoted(outputs)}`,
    );
  }
  const numbers = [...groups.keys()].sort((a, b) => a - b);
  numbers.forEach((number, i) => {
    if (number === numbers[0] + i) return;
    throw new UnrecognisedArchitectureError(`layer ${numbers[0] + i} is missing, but there is a layer ${number}`);
  });
  const layers = [...groups]
    .sort(([a], [b]) => a - b)
    .map(([, { stem, places, eps }]) => ({ stem, places: [...places].sort((a, b) => a - b), eps }));
  return { layers, output: [...outputs][0] };
}

/** Other layers of PyTorch Geometric, by what their tensors are called. */
const otherLayers: readonly (readonly [RegExp, string])[] = [
  [/\.att_(?:src|dst|l|r)$/, 'GAT'],
  [/\.lin_[lr]\.weight$/, 'GraphSAGE'],
  [/conv\D*\d+\.lin\.weight$/, 'GCN'],
];

function noLayerReason(tensorNames: readonly string[]): string {
  if (tensorNames.length === 0) return 'there are no tensors';
  const likeness = otherLayers.find(([pattern]) => tensorNames.some((name) => pattern.test(name)))?.[1];
  return likeness === undefined
    ? `there is no GIN layer: no tensor is named like convs.0.nn.0.weight (the first is ${tensorNames[0]})`
    : `this looks like ${likeness}; only GIN is supported`;
}

function quoted(names: Iterable<string>): string {
  return [...names].map((name) => `"${name}"`).join(', ');
}
