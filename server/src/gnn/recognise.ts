import { modelTitles, type ArchitectureSummary } from '../../../protocol/model';
import type { Tensor } from '../checkpoint/checkpoint';
import type { FoundLayers, LayerKind, LinearLink } from './kinds/layerKind';
import { layerKinds } from './kinds/layerKinds';
import { modelSpecs, tensorSpecs } from './modelSpecs';
import type { TensorSpec } from './parameters';
import { checkOverride, checkValues } from './recognition/checks';
import { linkOf } from './recognition/ginLayers';
import { found, readLinear } from './recognition/linearLayers';
import type { ModelNames, UsualNames } from './tensorNames';
import { UnrecognisedArchitectureError, UnsupportedTaskError } from './unrecognised';

export { UnrecognisedArchitectureError, UnsupportedTaskError } from './unrecognised';

/** A model found in the tensors of a checkpoint. */
export interface Recognition {
  readonly architecture: ArchitectureSummary;
  readonly names: ModelNames;
  /** What was assumed or settled, a sentence each. */
  readonly notes: readonly string[];
  /** The readout leaves no tensors; true while nobody has vouched for it. */
  readonly readoutIsGuess: boolean;
}

/** Among the notes as long as `readoutIsGuess`. */
export const guessedReadoutNote = 'The readout leaves no tensors: sum is assumed.';

/**
 * Recognises a graph classifier by the names and shapes of its tensors: layers of one of the `layerKinds`, as PyTorch
 * Geometric names them, in a module list or numbered attributes, and one linear layer `lin`, `fc`, `out`, `classifier`
 * or `linear` behind the readout. Every tensor must have its place: one that is ignored could change what the model
 * computes.
 *
 * @param override what the user vouches for; it must agree with the tensors as far as they show it
 * @throws UnsupportedTaskError where the model answers for nodes or gives a number; else UnrecognisedArchitectureError
 */
export function recogniseArchitecture(
  tensors: ReadonlyMap<string, Tensor>,
  override: Partial<ArchitectureSummary> = {},
): Recognition {
  const kind = kindOf([...tensors.keys()]);
  const layers = kind.find(tensors);
  const output = readLinear(tensors, layers.output);
  const links = [...layers.links.flat(), linkOf(output)];
  checkChain(links);
  checkWidths(layers, output.inputs);
  const names: UsualNames = { layers: layers.layers, output: output.names };
  const architecture: ArchitectureSummary = {
    kind: kind.kind,
    layers: layers.layers.length,
    hidden: output.inputs,
    inputs: links[0].inputs,
    classes: output.outputs,
    readout: override.readout ?? 'sum',
    batchNorm: [...tensors.keys()].some((name) => name.endsWith('.running_mean')),
    ...(layers.eps !== undefined && { eps: layers.eps.map((eps, i) => eps ?? override.eps?.[i] ?? 0) }),
    ...(layers.heads !== undefined && { heads: layers.heads }),
  };
  checkTensors(tensors, tensorSpecs(modelSpecs(architecture, names, innerWidths(layers))), kind);
  checkValues(tensors);
  checkOverride(architecture, override);
  return {
    architecture,
    names,
    notes: notesOn(kind, layers, override),
    readoutIsGuess: override.readout === undefined,
  };
}

/** The first kind that has its mark among the tensors. */
function kindOf(tensorNames: readonly string[]): LayerKind {
  const kind = layerKinds.find(({ mark }) => tensorNames.some((name) => mark.test(name)));
  if (kind !== undefined) return kind;
  if (tensorNames.length === 0) throw new UnrecognisedArchitectureError('there are no tensors');
  const examples = layerKinds.map(({ kind: name, example }) => `${example} (${modelTitles[name]})`).join(', ');
  throw new UnrecognisedArchitectureError(
    `there is no layer of a known kind: no tensor is named like ${examples}; the first is ${tensorNames[0]}`,
  );
}

function notesOn(kind: LayerKind, { eps }: FoundLayers, override: Partial<ArchitectureSummary>): string[] {
  const notes = [...kind.assumptions];
  if (eps?.includes(undefined) && override.eps === undefined) notes.push('The checkpoint keeps no eps: 0 is assumed.');
  if (override.readout === undefined) notes.push(guessedReadoutNote);
  return notes;
}

/** What a linear map takes must be what the one before it gives. */
function checkChain(links: readonly LinearLink[]): void {
  links.slice(1).forEach(({ inputs, weight }, i) => {
    const before = links[i];
    if (inputs === before.outputs) return;
    throw new UnrecognisedArchitectureError(
      `${before.outputs} columns were expected, as many as ${before.name} before it gives, found ${inputs}`,
      weight,
    );
  });
  const { outputs, weight } = links[links.length - 1];
  if (outputs < 2) {
    throw new UnsupportedTaskError(
      'its last layer gives one number, where a classifier gives a score for each of at least two classes',
      weight,
    );
  }
}

function checkWidths({ links }: FoundLayers, hidden: number): void {
  for (const { outputs, weight } of links.map((layer) => layer[layer.length - 1])) {
    if (outputs === hidden) continue;
    throw new UnrecognisedArchitectureError(
      `all layers must be equally wide, but this one gives ${outputs} channels and the last one ${hidden}`,
      weight,
    );
  }
}

/** What each layer's first linear map gives; of account only where there is a second one. */
function innerWidths({ links }: FoundLayers): number[] {
  return links.map(([first]) => first.outputs);
}

/** Every tensor that the model needs must be there in its shape, and no other. */
function checkTensors(tensors: ReadonlyMap<string, Tensor>, specs: readonly TensorSpec[], { kind }: LayerKind): void {
  for (const { name, dtype, shape } of specs) {
    const tensor = tensors.get(name);
    // Counters may be missing: nothing needs them.
    if (dtype === 'int64' || sameShape(tensor?.shape, shape)) continue;
    throw new UnrecognisedArchitectureError(`shape [${shape.join(', ')}] was expected, found ${found(tensor)}`, name);
  }
  const known = new Set(specs.map(({ name }) => name));
  const strangers = [...tensors.keys()].filter((name) => !known.has(name));
  if (strangers.length === 0) return;
  const more = strangers.length === 1 ? '' : ` (nor do ${strangers.length - 1} more)`;
  throw new UnrecognisedArchitectureError(
    `it belongs to no known part of a ${modelTitles[kind]} graph classifier${more}`,
    strangers[0],
  );
}

function sameShape(a: readonly number[] | undefined, b: readonly number[]): boolean {
  return a?.length === b.length && a.every((size, i) => size === b[i]);
}
