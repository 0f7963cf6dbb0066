import type { LinearTensors, Step } from '../plan/modelPlan';
import { UnrecognisedArchitectureError, UnsupportedTaskError } from '../unrecognised';
import type { FoundLayers } from './layers';
import { findChains, type FreeLinear } from './linearChain';
import { findNorms, type PlacedNorms } from './layerNorms';
import { inFile, modulesOf, readLinear, type Module, type NamedTensors } from './namedTensors';
import { isLinear, isNorm, normWidth } from './norms';
import { byNumber, placeIn, readPlaces, type Place } from './sequence';
import type { Settings } from './settings';

/** No model that people train on graphs has more linear layers outside of its layers. */
const mostLinears = 64;

/** What is not in the layers: what comes before them, behind each of them, and behind the readout. */
export interface AroundLayers {
  readonly encoder: readonly Step[];
  /** What the first layer takes, or the encoder before it. */
  readonly inputs: number;
  /** The normalisation behind each layer; undefined where there is none. */
  readonly norms: readonly (Module | undefined)[];
  readonly head: readonly Step[];
  readonly outputs: readonly [LinearTensors, ...LinearTensors[]];
  /** What the first linear layer behind the readout takes. */
  readonly read: number;
  /** What is made of a node's row behind the layers, before the readout. */
  readonly joint: readonly Step[];
  /** Names of tensors that have no place. */
  readonly strangers: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Sorts what is not in the layers.
 *
 * @throws UnsupportedTaskError where nothing comes behind the layers: what they give is given node by node;
 *   UnrecognisedArchitectureError where widths do not fit
 */
export function findAround(tensors: NamedTensors, found: FoundLayers, settings: Settings): AroundLayers {
  const all = modulesOf([...tensors.keys()].filter((name) => !found.names.has(name)));
  const modules = all.filter((one) => isLinear(tensors, one));
  if (modules.length > mostLinears) {
    const reason = `there are ${modules.length} linear layers around the layers, more than ${mostLinears}`;
    throw new UnrecognisedArchitectureError(reason, inFile(tensors, `${modules[0].name}.weight`));
  }
  const linears = modules.map((one): FreeLinear => ({ ...one, ...readLinear(tensors, `${one.name}.weight`) }));
  const norms = all.filter((one) => !isLinear(tensors, one) && isNorm(tensors, one));
  const known = new Map([
    ...norms.map(({ name, parts }) => [name, parts] as const),
    ...modules.map(({ name }) => [name, ['weight', 'bias']] as const),
  ]);
  const strangers = all.flatMap(({ name, parts }) =>
    parts.filter((part) => !known.get(name)?.includes(part)).map((part) => (name === '' ? part : `${name}.${part}`)),
  );
  refuseOddLayers(tensors, found, modules);
  if (linears.length === 0) throw nothingBehind(tensors, strangers);
  const placed = findNorms(tensors, found, norms, linears);
  const scores = placed.others.length === 0 ? scoresOf(found, linears) : undefined;
  if (scores !== undefined) {
    const { inputs } = found.layers[0];
    const rest = { encoder: [], joint: [], head: [], norms: placed.ofLayers, strangers, notes: [] };
    return { ...rest, inputs, outputs: scores, read: scores[0].inputs };
  }
  return { ...chained(tensors, found, linears, placed, settings), norms: placed.ofLayers, strangers };
}

/** What is kept among the layers, and is none, may be one that lacks a tensor. */
function refuseOddLayers(tensors: NamedTensors, { layers, modules }: FoundLayers, linears: readonly Module[]): void {
  const homes = new Set(modules.map((module) => module.replace(/\d+\D*$/, '')));
  const odd = linears.find(({ name }) =>
    [...homes].some((home) => home !== '' && name.startsWith(home) && /^\d+(?:\.|$)/.test(name.slice(home.length))),
  );
  if (odd === undefined) return;
  const reason = `it is kept among the layers, but is none like that of ${layers[0].first}`;
  throw new UnrecognisedArchitectureError(reason, inFile(tensors, `${odd.name}.weight`));
}

function nothingBehind(tensors: NamedTensors, strangers: readonly string[]): UnrecognisedArchitectureError {
  if (strangers.length > 0) {
    const reason = 'there is no linear layer behind the readout';
    return new UnrecognisedArchitectureError(reason, inFile(tensors, strangers[0]));
  }
  return new UnsupportedTaskError(
    'nothing comes behind its message passing layers, so it answers for nodes or edges and not for whole graphs',
  );
}

/** One linear layer for the readout of each layer, or of the features and each layer, that all give the classes. */
function scoresOf(
  { layers }: FoundLayers,
  linears: readonly FreeLinear[],
): readonly [LinearTensors, ...LinearTensors[]] | undefined {
  const widths = layers.map(({ outputs }) => outputs);
  const read = linears.length === widths.length ? widths : [layers[0].inputs, ...widths];
  if (linears.length < 2 || linears.length !== read.length) return undefined;
  const home = (name: string): string => name.replace(/\d+$/, '');
  if (linears.some(({ name }) => home(name) === name || home(name) !== home(linears[0].name))) return undefined;
  const [first, ...rest] = byNumber(linears).map(tensorsOf);
  const fits = [first, ...rest].every(({ inputs, outputs }, i) => inputs === read[i] && outputs === first.outputs);
  // A chain of equally wide layers is more common than scores of as many classes as there are channels.
  return fits && first.outputs !== widths[widths.length - 1] ? [first, ...rest] : undefined;
}

function tensorsOf({ weight, bias, inputs, outputs }: LinearTensors): LinearTensors {
  return { weight, ...(bias !== undefined && { bias }), inputs, outputs };
}

function chained(
  tensors: NamedTensors,
  found: FoundLayers,
  linears: readonly FreeLinear[],
  { others }: PlacedNorms,
  settings: Settings,
): Omit<AroundLayers, 'norms' | 'strangers'> {
  const { layers } = found;
  const order = new Map([...tensors.keys()].map((name, i) => [name, i]));
  const start = Math.min(...[...found.names].map((name) => order.get(name) ?? Infinity));
  const read = readWidths(found);
  const chains = findChains(linears, { inputs: layers[0].inputs, read }, ({ name }) => (order.get(`${name}.weight`) ?? Infinity) < start); // prettier-ignore
  const [chain] = chains;
  if (chain === undefined) throw misfit(found, linears);
  const { before, behind } = chain;
  const taken = { notes: [] as string[], left: [...others] };
  const head = placesOf(tensors, behind, taken, layers[layers.length - 1].outputs);
  const encoder = placesOf(tensors, before, taken, before[0]?.inputs);
  const stray = taken.left.at(0);
  if (stray !== undefined) {
    const reason = 'it stands where no normalisation was expected';
    throw new UnrecognisedArchitectureError(reason, inFile(tensors, `${stray.name}.${stray.parts[0]}`));
  }
  const { steps } = readPlaces(tensors, head, settings);
  const ofNodes = steps[1]?.step === 'activation' && isOfBody(behind[0], behind[1], found);
  const last = steps.at(-1);
  if (last?.step !== 'linear') {
    const { name, parts } = head[head.length - 1];
    throw new UnrecognisedArchitectureError(
      'the last thing behind the readout must be a linear layer',
      inFile(tensors, `${name}.${parts[0]}`),
    );
  }
  const isUnclear = chains.length > 1 && (before.length > 0 || chains[1].before.length > 0);
  const listed = before.map(({ weight }) => weight.replace(/\.weight$/, '')).join(', ');
  const note = `By names and order, ${listed === '' ? 'no linear layer' : listed} is taken to come before the first layer; widths allow more.`;
  return {
    encoder: encoder.length === 0 ? [] : readPlaces(tensors, encoder, settings).steps,
    inputs: before.length === 0 ? layers[0].inputs : before[0].inputs,
    joint: ofNodes ? steps.slice(0, 1) : [],
    head: ofNodes ? steps.slice(2, -1) : steps.slice(0, -1),
    outputs: [tensorsOf(last)],
    read: behind[0].inputs,
    notes: [
      ...taken.notes,
      ...(ofNodes
        ? [`${behind[0].weight.replace(/\.weight$/, '')} is taken to be applied to nodes, before the readout.`]
        : []),
      ...(isUnclear ? [note] : []),
    ],
  };
}

/** What a readout may give: the channels of the last layer, of two readouts of it, of all layers, or features as well. */
function readWidths({ layers }: FoundLayers): ReadonlySet<number> {
  const last = layers[layers.length - 1].outputs;
  const all = layers.reduce((sum, { outputs }) => sum + outputs, 0);
  return new Set(layers.length === 1 ? [last, 2 * last] : [last, all, all + layers[0].inputs, 2 * last]);
}

function misfit({ layers }: FoundLayers, linears: readonly FreeLinear[]): UnrecognisedArchitectureError {
  const { outputs, last } = layers[layers.length - 1];
  const [first] = linears;
  const all = layers.reduce((sum, layer) => sum + layer.outputs, 0);
  const jumping = layers.length > 1 ? `, or ${all}, as many as all layers give` : '';
  const sides = first.inputs % outputs === 0 && first.inputs > outputs ? `, as if ${first.inputs / outputs} readouts were side by side` : ''; // prettier-ignore
  const before = `as many as ${last.replace(/\.weight$/, '')} before it gives`;
  const columns = `${outputs} columns were expected, ${before}${jumping}, found ${first.inputs}${sides}`;
  const reason =
    linears.length === 1 ? columns : `its widths and those of other linear layers behind it form no chain: ${columns}`;
  return new UnrecognisedArchitectureError(reason, first.weight);
}

/** Whether the layers and a linear layer behind them are one module, as in `nn.models`, and the next is another. */
function isOfBody(first: FreeLinear, second: FreeLinear | undefined, { modules }: FoundLayers): boolean {
  const body = first.name.slice(0, first.name.lastIndexOf('.') + 1);
  return body !== '' && /^lin$/.test(first.name.slice(body.length)) && second !== undefined && !second.name.startsWith(body) && modules.every((module) => module.startsWith(body)); // prettier-ignore
}

/** Linear layers with the normalisations that belong to them: kept in the same place, else as wide. */
function placesOf(
  tensors: NamedTensors,
  linears: readonly FreeLinear[],
  taken: { readonly notes: string[]; left: Module[] },
  readWidth: number | undefined,
): Place[] {
  const homes = linears.map(({ name }) => name.slice(0, Math.max(0, name.lastIndexOf('.'))));
  const take = (fits: (norm: Module) => boolean): Module[] => {
    const own = taken.left.filter(fits);
    taken.left = taken.left.filter((norm) => !own.includes(norm));
    return own;
  };
  const places = linears.flatMap((linear, i): Place[] => {
    const here = placeIn(homes[i], linear);
    const next = homes[i] === homes[i + 1] ? placeIn(homes[i], linears[i + 1]).place : undefined;
    const inPlace = (norm: Module): boolean => {
      const { place } = placeIn(homes[i], norm);
      return here.place !== undefined && place !== undefined && place > here.place && place < (next ?? Infinity);
    };
    return [here, ...take((norm) => homes[i] !== '' && inPlace(norm)).map((norm) => placeIn(homes[i], norm))];
  });
  // Those kept elsewhere: `bn1` behind `lin1`, `norms.0` behind `lins.0`.
  for (const norm of byNumber(taken.left)) {
    const width = normWidth(tensors, norm);
    const at = places.findIndex((place, i) => {
      const follower = places.at(i + 1);
      const isFree = follower === undefined || isLinear(tensors, follower);
      return isLinear(tensors, place) && isFree && i < places.length - 1 && linears.find(({ name }) => name === place.name)?.outputs === width; // prettier-ignore
    });
    if (at < 0 && width !== readWidth) continue;
    if (at < 0 && places.some((place) => !isLinear(tensors, place))) continue;
    const [own] = take((one) => one === norm);
    places.splice(at + 1, 0, { name: own.name, parts: own.parts });
    const where = at < 0 ? 'the first linear layer there' : places[at].name;
    taken.notes.push(`${inFile(tensors, own.name)} is taken to come ${at < 0 ? 'before' : 'behind'} ${where}.`);
  }
  return places;
}
