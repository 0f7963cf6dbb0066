import type { ArchitectureSummary } from '../../../protocol/model';
import type { Tensor } from '../checkpoint/checkpoint';
import { groupLayers } from './layerGroups';
import { checkOverride, checkValues } from './recogniseChecks';
import { readLayerNetwork, readLinear, type LinearShape } from './recogniseLinear';
import { allNames, type GinTensorNames, type ScalarName } from './tensorNames';
import { UnrecognisedArchitectureError } from './unrecognised';

export { UnrecognisedArchitectureError } from './unrecognised';

/** A model found in the tensors of a checkpoint. */
export interface Recognition {
  readonly architecture: ArchitectureSummary;
  readonly names: GinTensorNames;
  /** What was assumed or settled, a sentence each. */
  readonly notes: readonly string[];
  /** The readout leaves no tensors; true while nobody has vouched for it. */
  readonly readoutIsGuess: boolean;
}

/** Among the notes as long as `readoutIsGuess`. */
export const guessedReadoutNote = 'The readout leaves no tensors: sum is assumed.';

/**
 * Recognises a GIN graph classifier by the names and shapes of its tensors: layers of PyTorch Geometric's `GINConv`
 * (`convs.I.nn.0` linear, `.1` BatchNorm, `.3` linear, `.4` BatchNorm; a BatchNorm may be missing; `convs.I.eps`) in
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
  const groups = groupLayers([...tensors.keys()]);
  const layers = groups.layers.map(({ stem, places, eps }) => {
    const [first, second] = readLayerNetwork(tensors, stem, places);
    return { eps: eps === undefined ? undefined : readEps(tensors, eps), first, second };
  });
  const output = readLinear(tensors, groups.output);
  const linears = [...layers.flatMap(({ first, second }) => [first, second]), output];
  checkChain(linears);
  const names: GinTensorNames = {
    layers: layers.map(({ eps, first, second }) => ({
      eps: eps && { name: eps.name, shape: eps.shape },
      first: first.names,
      second: second.names,
    })),
    output: output.names,
  };
  checkComplete(tensors, names);
  checkValues(tensors);
  const architecture: ArchitectureSummary = {
    kind: 'gin',
    layers: layers.length,
    hidden: output.inputs,
    inputs: linears[0].inputs,
    classes: output.outputs,
    readout: override.readout ?? 'sum',
    batchNorm: linears.some((linear) => linear.names.norm !== undefined),
    eps: layers.map(({ eps }, i) => eps?.value ?? override.eps?.[i] ?? 0),
  };
  checkOverride(architecture, override);
  return { architecture, names, notes: notesOn(names, override), readoutIsGuess: override.readout === undefined };
}

function notesOn(names: GinTensorNames, override: Partial<ArchitectureSummary>): string[] {
  const notes = ['A ReLU after each linear layer is assumed: activation functions leave no tensors.'];
  if (names.layers.some(({ eps }) => eps === undefined) && override.eps === undefined) {
    notes.push('The checkpoint keeps no eps: 0 is assumed.');
  }
  if (override.readout === undefined) notes.push(guessedReadoutNote);
  return notes;
}

function checkChain(linears: readonly LinearShape[]): void {
  linears.slice(1).forEach(({ inputs, names }, i) => {
    const before = linears[i];
    if (inputs === before.outputs) return;
    throw new UnrecognisedArchitectureError(
      `${before.outputs} columns were expected, as many as ${before.names.linear} before it gives, found ${inputs}`,
      `${names.linear}.weight`,
    );
  });
  const { outputs, names } = linears[linears.length - 1];
  if (outputs < 2) {
    throw new UnrecognisedArchitectureError(
      `at least 2 classes were expected, found ${outputs}`,
      `${names.linear}.weight`,
    );
  }
}

function checkComplete(tensors: ReadonlyMap<string, Tensor>, names: GinTensorNames): void {
  const known = allNames(names);
  const strangers = [...tensors.keys()].filter((name) => !known.has(name));
  if (strangers.length === 0) return;
  const more = strangers.length === 1 ? '' : ` (nor do ${strangers.length - 1} more)`;
  throw new UnrecognisedArchitectureError(`it belongs to no known part of a GIN graph classifier${more}`, strangers[0]);
}

function readEps(tensors: ReadonlyMap<string, Tensor>, name: string): ScalarName & { value: number } {
  const tensor = tensors.get(name);
  const values = tensor?.values();
  if (tensor !== undefined && values?.length === 1) return { name, shape: tensor.shape, value: values[0] };
  throw new UnrecognisedArchitectureError(`one number was expected, found ${values?.length ?? 0}`, name);
}
