import type { LinearTensors, Step } from '../plan/modelPlan';
import { UnrecognisedArchitectureError } from '../unrecognised';
import { inFile, modulesOf, readLinear, type Module, type NamedTensors } from './namedTensors';
import { isLinear, isNorm, normWidth, readNorm } from './norms';
import type { Settings } from './settings';

/** A chain of linear maps with what lies between them. */
export interface Sequence {
  readonly steps: readonly Step[];
  readonly inputs: number;
  readonly outputs: number;
  /** Names of the first weight and of the last. */
  readonly first: string;
  readonly last: string;
  /** Whether it ends with a normalisation behind an activation. */
  readonly ended: boolean;
}

export interface Place extends Module {
  /** Place in an `nn.Sequential`, where there may be room between modules; undefined in other modules. */
  readonly place?: number;
}

/**
 * Reads the linear maps and normalisations of a module: in an `nn.Sequential` by their places, else by their numbers,
 * else in the order of the file.
 *
 * @param names the tensors below the module
 * @throws UnrecognisedArchitectureError where something else is in it, or the widths do not fit each other
 */
export function readSequence(
  tensors: NamedTensors,
  module: string,
  names: readonly string[],
  settings: Settings,
): Sequence {
  const modules = modulesOf(names);
  for (const one of modules) if (!isLinear(tensors, one) && !isNorm(tensors, one)) throw stray(tensors, one);
  const places = modules.map((one) => placeIn(module, one));
  return places.every(({ place }) => place !== undefined)
    ? readPlaces(tensors, byNumber(places), settings)
    : readPlaces(tensors, interleaved(tensors, modules), settings);
}

/** A module with its place, where it is directly below another in an `nn.Sequential`. */
export function placeIn(module: string, { name, parts }: Module): Place {
  const own = name.startsWith(`${module}.`) ? name.slice(module.length + 1) : '';
  return { name, parts, ...(/^\d+$/.test(own) && { place: Number(own) }) };
}

/**
 * Reads linear maps and normalisations one behind the other, with an activation wherever there is room for one: between
 * places of an `nn.Sequential`, elsewhere before each linear map but the first.
 *
 * @throws UnrecognisedArchitectureError where the widths do not fit each other
 */
export function readPlaces(tensors: NamedTensors, places: readonly Place[], { norm }: Settings): Sequence {
  const steps: Step[] = [];
  let before: LinearTensors | undefined;
  let first: LinearTensors | undefined;
  places.forEach((place, i) => {
    const isActive = i > 0 && hasRoom(places[i - 1], place, isLinear(tensors, place));
    if (isActive && steps.at(-1)?.step !== 'activation') steps.push({ step: 'activation' });
    if (!isLinear(tensors, place)) {
      steps.push(readNorm(tensors, place, before?.outputs ?? normWidth(tensors, place), norm));
      return;
    }
    const linear = readLinear(tensors, `${place.name}.weight`);
    requireChain(linear, before);
    steps.push({ step: 'linear', ...linear });
    first ??= linear;
    before = linear;
  });
  if (first === undefined || before === undefined) {
    const [{ name }] = places;
    throw new UnrecognisedArchitectureError(`a linear layer was expected beside ${inFile(tensors, name)}`);
  }
  const ended = steps.at(-1)?.step === 'norm' && steps.at(-2)?.step === 'activation';
  const { outputs, weight } = before;
  return { steps, inputs: first.inputs, outputs, first: first.weight, last: weight, ended };
}

/** What a linear map takes must be what the one before it gives. */
export function requireChain(
  { inputs, weight }: { readonly inputs: number; readonly weight: string },
  before: { readonly outputs: number; readonly weight: string } | undefined,
): void {
  if (before === undefined || before.outputs === inputs) return;
  throw new UnrecognisedArchitectureError(
    `${before.outputs} columns were expected, as many as ${before.weight.replace(/\.weight$/, '')} before it gives, found ${inputs}`,
    weight,
  );
}

function hasRoom(before: Place, { place }: Place, isLinearPlace: boolean): boolean {
  if (place === undefined || before.place === undefined) return isLinearPlace;
  return place > before.place + 1;
}

/** Lists of linear maps and of normalisations beside each other, by their numbers; else the order of the file. */
function interleaved(tensors: NamedTensors, modules: readonly Module[]): Module[] {
  const linears = byNumber(modules.filter((one) => isLinear(tensors, one)));
  const norms = byNumber(modules.filter((one) => !isLinear(tensors, one)));
  for (const list of [linears, norms]) requireNoGap(tensors, list);
  if (norms.length > linears.length) throw stray(tensors, norms[linears.length]);
  return linears.flatMap((linear, i) => (i < norms.length ? [linear, norms[i]] : [linear]));
}

/** A list begins at 0, or with numbered attributes at 1, and misses no number. */
function requireNoGap(tensors: NamedTensors, list: readonly Module[]): void {
  if (list.some(({ name }) => !/\d\D*$/.test(name))) return;
  list.forEach((one, i) => {
    const expected = Math.min(1, numberOf(list[0].name)) + i;
    if (numberOf(one.name) !== expected) throw stray(tensors, one);
  });
}

/** What is numbered, in the order of its numbers. */
export function byNumber<M extends Module>(modules: readonly M[]): M[] {
  const numbers = new Map(modules.map((one) => [one, numberOf(one.name)]));
  return [...modules].sort((a, b) => (numbers.get(a) ?? 0) - (numbers.get(b) ?? 0));
}

/** The last number in a module's name, whatever stands behind it: 1 of `norms.1.module`; 0 where there is none. */
export function numberOf(module: string): number {
  return Number(/(\d+)\D*$/.exec(module)?.[1] ?? 0);
}

function stray(tensors: NamedTensors, { name, parts }: Module): UnrecognisedArchitectureError {
  return new UnrecognisedArchitectureError(
    'it stands where no module with tensors was expected',
    inFile(tensors, `${name}.${parts[0]}`),
  );
}
