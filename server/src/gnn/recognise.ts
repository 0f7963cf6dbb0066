import type { ArchitectureSummary } from '../../../protocol/model';
import type { Tensor } from '../checkpoint/checkpoint';
import type { GinArchitecture } from './architecture';
import { checkOverride, checkValues } from './recogniseChecks';
import { readLayerNetwork, readLinear, type LinearShape } from './recogniseLinear';
import type { GinTensorNames } from './tensorNames';
import { UnrecognisedArchitectureError } from './unrecognised';

export { UnrecognisedArchitectureError } from './unrecognised';

/** A model found in the tensors of a checkpoint. */
export interface Recognition {
  readonly architecture: GinArchitecture;
  readonly names: GinTensorNames;
  /** What was assumed or settled, a sentence each. */
  readonly notes: readonly string[];
  /** The readout leaves no tensors; true while nobody has vouched for it. */
  readonly readoutIsGuess: boolean;
}

/** `convs.0.nn.3.weight`: where the layers are kept, layer, place in its network, part. */
const layerTensor = /^(?<stem>.*?)(?<layer>\d+)\.(?:nn\.(?<place>\d+)\.(?<part>\w+)|(?<eps>eps))$/;
const outputTensor = /^(?:.*\.)?(?:lin|fc|out|classifier|linear)\.(?:weight|bias)$/;

/**
 * Recognises a GIN graph classifier by the names and shapes of its tensors: layers of PyTorch Geometric's `GINConv`
 * (`convs.I.nn.0` linear, `.1` BatchNorm, `.3` linear, `.4` BatchNorm; each BatchNorm may be missing; `convs.I.eps`) in
 * a module list or numbered attributes, and one linear layer `lin`, `fc`, `out`, `classifier` or `linear` behind the
 * readout. Every tensor must have its place: one that is ignored could change what the model computes.
 *
 * @param override what the user vouches for; it must agree with the tensors as far as they show it
 * @throws UnrecognisedArchitectureError
 */
export function recogniseArchitecture(
  tensors: ReadonlyMap<string, Tensor>,
  override: Partial<ArchitectureSummary> = {},
): Recognition {
  const { layers: groups, output } = sortTensors(tensors);
  const notes = ['A ReLU after each linear layer is assumed: activation functions leave no tensors.'];
  const layers = groups.map((group) => {
    const [first, second] = readLayerNetwork(
      tensors,
      group.stem,
      [...group.places].sort((a, b) => a - b),
    );
    return { eps: group.eps, first, second };
  });
  const blocks = layers.flatMap(({ first, second }) => [first, second]);
  const last = readLinear(tensors, output);
  checkChain([...blocks, last]);
  const { readout } = override;
  if (readout === undefined) notes.push('The readout leaves no tensors: sum is assumed.');
  const architecture: GinArchitecture = {
    kind: 'gin',
    layers: layers.length,
    hidden: last.inputs,
    inputs: blocks[0].inputs,
    classes: last.outputs,
    readout: readout ?? 'sum',
    batchNorm: blocks.some(({ names }) => names.norm !== undefined),
    eps: layers.map(({ eps }, i) => readEps(tensors, eps) ?? override.eps?.[i] ?? 0),
  };
  if (override.eps === undefined && layers.some(({ eps }) => eps === undefined)) {
    notes.push('The checkpoint keeps no eps: 0 is assumed.');
  }
  checkOverride(architecture, override);
  checkValues(tensors);
  const names = {
    layers: layers.map(({ eps, first, second }) => ({ eps, first: first.names, second: second.names })),
    output: last.names,
  };
  return { architecture, names, notes, readoutIsGuess: readout === undefined };
}

/** The tensors of one layer: the prefix of its network and the places filled in it. */
interface LayerGroup {
  readonly number: number;
  /** `convs.0.nn.` */
  readonly stem: string;
  readonly places: ReadonlySet<number>;
  readonly eps?: string;
}

function sortTensors(tensors: ReadonlyMap<string, Tensor>): { layers: LayerGroup[]; output: string } {
  const groups = new Map<number, { stem: string; places: Set<number>; eps?: string }>();
  const stems = new Set<string>();
  const outputs = new Set<string>();
  const strangers: string[] = [];
  for (const name of tensors.keys()) {
    const match = layerTensor.exec(name)?.groups;
    if (match === undefined) {
      if (outputTensor.test(name)) outputs.add(name.slice(0, name.lastIndexOf('.')));
      else strangers.push(name);
      continue;
    }
    stems.add(match.stem);
    const number = Number(match.layer);
    const group = groups.get(number) ?? { stem: `${match.stem}${match.layer}.nn.`, places: new Set<number>() };
    groups.set(number, group);
    if (match.eps === undefined) group.places.add(Number(match.place));
    else group.eps = name;
  }
  if (groups.size === 0) throw new UnrecognisedArchitectureError(noLayerReason(tensors));
  if (strangers.length > 0) {
    throw new UnrecognisedArchitectureError(
      `it belongs to no known part of a GIN graph classifier${others(strangers.length - 1)}`,
      strangers[0],
    );
  }
  if (stems.size > 1) {
    throw new UnrecognisedArchitectureError(`layers were found in several places: ${quoted([...stems])}`);
  }
  if (outputs.size !== 1) {
    throw new UnrecognisedArchitectureError(
      outputs.size === 0
        ? 'there is no linear layer behind the readout (named lin, fc, out, classifier or linear)'
        : `one linear layer behind the readout was expected, found ${quoted([...outputs])}`,
    );
  }
  return { layers: inOrder(groups), output: [...outputs][0] };
}

function inOrder(groups: ReadonlyMap<number, Omit<LayerGroup, 'number'>>): LayerGroup[] {
  const sorted = [...groups].sort(([a], [b]) => a - b).map(([number, group]) => ({ number, ...group }));
  sorted.forEach(({ number }, i) => {
    const expected = sorted[0].number + i;
    if (number !== expected)
      throw new UnrecognisedArchitectureError(`layer ${expected} is missing before layer ${number}`);
  });
  return sorted;
}

/** What else the tensors may be, for layers known by name. */
function noLayerReason(tensors: ReadonlyMap<string, Tensor>): string {
  const names = [...tensors.keys()];
  if (names.length === 0) return 'there are no tensors';
  const known: readonly (readonly [RegExp, string])[] = [
    [/\.att_(src|dst|l|r)$/, 'GAT'],
    [/\.lin_[lr]\.weight$/, 'GraphSAGE'],
    [/conv\w*?\.?\d+\.lin\.weight$/, 'GCN'],
  ];
  const likeness = known.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
  return likeness === undefined
    ? `no GIN layer was found: no tensor is named like convs.0.nn.0.weight (the first is ${names[0]})`
    : `this looks like ${likeness}; only GIN is supported so far`;
}

function checkChain(blocks: readonly LinearShape[]): void {
  for (let i = 1; i < blocks.length; i++) {
    const { outputs, names } = blocks[i - 1];
    if (blocks[i].inputs === outputs) continue;
    throw new UnrecognisedArchitectureError(
      `it takes ${blocks[i].inputs} inputs, but ${names.linear} before it gives ${outputs}`,
      `${blocks[i].names.linear}.weight`,
    );
  }
  const { outputs, names } = blocks[blocks.length - 1];
  if (outputs < 2) {
    throw new UnrecognisedArchitectureError(
      `at least 2 classes were expected, found ${outputs}`,
      `${names.linear}.weight`,
    );
  }
}

function readEps(tensors: ReadonlyMap<string, Tensor>, name: string | undefined): number | undefined {
  if (name === undefined) return undefined;
  const values = tensors.get(name)?.values();
  if (values?.length !== 1) {
    throw new UnrecognisedArchitectureError(`one number was expected, found ${values?.length ?? 0}`, name);
  }
  return values[0];
}

function others(count: number): string {
  return count === 0 ? '' : ` (and ${count} more like it)`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
