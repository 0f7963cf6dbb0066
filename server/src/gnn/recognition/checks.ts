import type { ArchitectureOverride } from '../../../../protocol/manifest';
import {
  activations,
  aggregators,
  jumpings,
  normalisations,
  normKinds,
  readouts,
  type ArchitectureSummary,
} from '../../../../protocol/model';
import type { Tensor } from '../../checkpoint/checkpoint';
import { UnrecognisedArchitectureError } from '../unrecognised';

/** No model that people train on graphs has more tensors, or longer names. */
const mostTensors = 20_000;
const mostCharacters = 1000;

/** @throws UnrecognisedArchitectureError where there is more than recognition should look through */
export function checkLimits(tensors: ReadonlyMap<string, Tensor>): void {
  if (tensors.size > mostTensors) {
    throw new UnrecognisedArchitectureError(`there are ${tensors.size} tensors, more than ${mostTensors}`);
  }
  const long = [...tensors.keys()].find(({ length }) => length > mostCharacters);
  if (long === undefined) return;
  throw new UnrecognisedArchitectureError(
    `a name of ${long.length} characters is no tensor's`,
    `${long.slice(0, 40)}...`,
  );
}

/** Words that parts may be. */
const words = {
  readout: readouts,
  secondReadout: readouts,
  activation: activations,
  norm: normKinds,
  jumping: jumpings,
  aggregator: aggregators,
  normalisation: normalisations,
} satisfies { readonly [part in keyof ArchitectureSummary]?: readonly string[] };

/** Parts that are taken as they are given, because no tensor shows them. */
const taken: ReadonlySet<string> = new Set([
  ...['readout', 'activation', 'lastActivation', 'encoderActivation', 'normBehindActivation', 'residual', 'aggregator'],
  ...['normalisation', 'selfLoops', 'norm', 'eps', 'tensors'],
]);

/** What a part is where it is absent. */
const defaults: { readonly [part in keyof ArchitectureSummary]?: unknown } = {
  ...{ encoder: false, jumpingInput: false, headsAveraged: false, head: 1, virtualNode: false, oneOutput: false },
};

/**
 * What the user vouches for must agree with what the tensors show.
 *
 * @throws UnrecognisedArchitectureError naming the part that does not
 */
export function checkOverride(architecture: ArchitectureSummary, override: ArchitectureOverride): void {
  const { eps, widths, embeddings, edgeEmbeddings, ...parts } = override;
  for (const [part, allowed] of Object.entries(words)) {
    const given = override[part as keyof typeof words];
    if (given === undefined || (allowed as readonly string[]).includes(given)) continue;
    throw new UnrecognisedArchitectureError(
      `the ${part} was given as ${given}, but it must be one of ${allowed.join(', ')}`,
    );
  }
  for (const [part, expected] of Object.entries(parts)) {
    if (expected === undefined || taken.has(part)) continue;
    const shown = architecture[part as keyof ArchitectureSummary] ?? defaults[part as keyof ArchitectureSummary];
    if (shown === expected) continue;
    throw new UnrecognisedArchitectureError(
      `${part} was given as ${text(expected)}, but the tensors show ${text(shown ?? 'none')}`,
    );
  }
  requireList('eps', eps, architecture.eps, architecture.layers);
  const shownWidths = architecture.widths ?? Array.from({ length: architecture.layers }, () => architecture.hidden);
  requireList('widths', widths, shownWidths, architecture.layers);
  requireList('embeddings', embeddings, architecture.embeddings, architecture.embeddings?.length ?? 0);
  requireList('edgeEmbeddings', edgeEmbeddings, architecture.edgeEmbeddings, architecture.edgeEmbeddings?.length ?? 0);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function requireList(
  part: string,
  given: readonly number[] | undefined,
  shown: readonly number[] | undefined,
  length: number,
): void {
  if (given === undefined) return;
  if (given.length === length && given.every((value, i) => Math.fround(value) === Math.fround(shown?.[i] ?? NaN)))
    return;
  throw new UnrecognisedArchitectureError(`${part} was given as ${list(given)}, but the tensors show ${list(shown)}`);
}

const floats: ReadonlySet<string> = new Set(['float64', 'float32', 'float16', 'bfloat16']);

/**
 * A model with values that are no numbers predicts nothing, and must not pass for one that was analysed.
 *
 * @throws UnrecognisedArchitectureError naming the tensor
 */
export function checkValues(tensors: ReadonlyMap<string, Tensor>): void {
  for (const tensor of tensors.values()) {
    const { name } = tensor;
    if (name.endsWith('.num_batches_tracked')) continue;
    if (!floats.has(tensor.dtype)) {
      throw new UnrecognisedArchitectureError(`floating-point values were expected, found ${tensor.dtype}`, name);
    }
    const values = tensor.values();
    // Values are computed with as float32, so one that overflows it is no number either.
    if (!values.every((value) => Number.isFinite(Math.fround(value)))) {
      throw new UnrecognisedArchitectureError('not all of its values are finite numbers', name);
    }
    if (name.endsWith('.running_var') && values.some((value) => value < 0)) {
      throw new UnrecognisedArchitectureError('a variance is negative', name);
    }
  }
}

/** Values that a message names. */
const mostListed = 16;

function list(values: readonly number[] | undefined): string {
  if (values === undefined) return 'none';
  const more = values.length > mostListed ? `, ... ${values.length} in all` : '';
  return `[${values.slice(0, mostListed).join(', ')}${more}]`;
}
