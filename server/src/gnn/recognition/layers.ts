import { modelTitles } from '../../../../protocol/model';
import { UnrecognisedArchitectureError } from '../unrecognised';
import type { FoundLayer, LayerForm } from './forms/layerForm';
import { inFile, type NamedTensors } from './namedTensors';
import { numberOf, requireChain } from './sequence';
import type { Settings } from './settings';

/** The layers of a model in the order of computation. */
export interface FoundLayers {
  readonly layers: readonly FoundLayer[];
  /** Their modules: `convs.0`. */
  readonly modules: readonly string[];
  /** The names of all their tensors. */
  readonly names: ReadonlySet<string>;
  /** What was assumed, a sentence each. */
  readonly notes: readonly string[];
}

/** No model that people train on graphs is deeper. */
const mostLayers = 200;

/**
 * Finds the layers of a form: in a module list (`convs.0`), numbered attributes (`conv1`), or several of these one
 * after the other.
 *
 * @throws UnrecognisedArchitectureError
 */
export function findLayers(tensors: NamedTensors, form: LayerForm, settings: Settings): FoundLayers {
  const homes = homesOf(layerModules(tensors, form));
  const modules = homes.flat();
  if (modules.length === 0) throw new UnrecognisedArchitectureError('no module has a name, so there are no layers');
  if (modules.length > mostLayers) {
    throw new UnrecognisedArchitectureError(`there are ${modules.length} layers, more than ${mostLayers}`);
  }
  const owned = new Map(modules.map((module) => [module, namesBelow(tensors, module, form)]));
  requireAlike(tensors, owned, form);
  const read = new Map(modules.map((module) => [module, form.read({ tensors, module }, settings)]));
  requireAlikeNetworks([...read.values()]);
  const layersIn = (order: readonly string[]): FoundLayer[] => order.flatMap((module) => read.get(module) ?? []);
  const fitting = ordersOf(homes).filter((order) => brokenLink(layersIn(order)) === undefined);
  const order = fitting.at(0) ?? modules;
  requireLinks(layersIn(order));
  return {
    ...{ layers: layersIn(order), modules: order, names: new Set([...owned.values()].flat()) },
    notes: homes.length > 1 ? [orderNote(homes, fitting.length > 1)] : [],
  };
}

function orderNote(homes: readonly (readonly string[])[], isOpen: boolean): string {
  const places = homes.map(([first]) => first).join(', ');
  const others = isOpen ? '; their widths allow other orders' : '';
  return `Layers are kept in several places (from ${places}) and taken one after the other${others}.`;
}

/** Places one after the other: in the order of the file, then in all others, where there are few. */
function ordersOf(homes: readonly (readonly string[])[]): string[][] {
  if (homes.length === 1 || homes.length > 4) return [homes.flat()];
  return homes.flatMap((home, i) => ordersOf([...homes.slice(0, i), ...homes.slice(i + 1)]).map((rest) => [...home, ...rest])); // prettier-ignore
}

/** Number of the first layer that does not take what the one before it gives. */
function brokenLink(layers: readonly FoundLayer[]): number | undefined {
  const broken = layers.findIndex(({ inputs }, i) => i > 0 && inputs !== layers[i - 1].outputs);
  return broken < 0 ? undefined : broken;
}

function requireLinks(layers: readonly FoundLayer[]): void {
  const broken = brokenLink(layers);
  if (broken === undefined) return;
  const { inputs, first } = layers[broken];
  const { outputs, last } = layers[broken - 1];
  requireChain({ inputs, weight: first }, { outputs, weight: last });
}

function layerModules(tensors: NamedTensors, { marks }: LayerForm): string[] {
  const modules = new Set<string>();
  for (const name of tensors.keys()) {
    for (const mark of marks) {
      const at = mark.endsWith('.') ? name.indexOf(`.${mark}`) : name.length - mark.length - 1;
      if (at > 0 && name.startsWith(`.${mark}`, at)) modules.add(name.slice(0, at));
    }
  }
  if (modules.size > mostLayers) {
    throw new UnrecognisedArchitectureError(`there are ${modules.size} layers, more than ${mostLayers}`);
  }
  const found = [...modules].filter((module) => isLayerName(module) && !isAround(module, modules));
  if (found.length > 0) return found;
  throw new UnrecognisedArchitectureError(`no module with ${marks[0]} has the name of a layer`, [...modules].at(0));
}

/** `convs.0`, `conv1`, `gcn`, but no `lin` of a module that happens to have a linear layer. */
function isLayerName(module: string): boolean {
  const own = module.slice(module.lastIndexOf('.') + 1);
  return /\d$/.test(own) || /conv|gcn|gat|gin|sage|layer|gnn|mp/i.test(own);
}

/** Whether other layers are in it: what is called like a layer's part there is another's. */
function isAround(module: string, modules: ReadonlySet<string>): boolean {
  return [...modules].some((other) => other.startsWith(`${module}.`));
}

/** Lists in the order of the file, each by its numbers, which must have no gap. */
function homesOf(modules: readonly string[]): string[][] {
  const homes = new Map<string, string[]>();
  for (const module of modules) {
    const home = module.replace(/\d+\D*$/, '');
    homes.set(home, [...(homes.get(home) ?? []), module]);
  }
  for (const home of homes.values()) {
    home.sort((a, b) => numberOf(a) - numberOf(b));
    home.forEach((module, i) => {
      const expected = numberOf(home[0]) + i;
      if (numberOf(module) === expected) return;
      throw new UnrecognisedArchitectureError(`layer ${expected} is missing, but there is a layer ${numberOf(module)}`);
    });
  }
  return [...homes.values()];
}

function namesBelow(tensors: NamedTensors, module: string, { parts }: LayerForm): string[] {
  return [...tensors.keys()].filter(
    (name) =>
      name.startsWith(`${module}.`) &&
      parts.some((part) => (part.endsWith('.') ? name.startsWith(`${module}.${part}`) : name === `${module}.${part}`)),
  );
}

/** All layers have what one of them has, but for networks. */
function requireAlike(tensors: NamedTensors, owned: ReadonlyMap<string, readonly string[]>, form: LayerForm): void {
  const parts = form.parts.filter((part) => !part.endsWith('.'));
  for (const part of parts) {
    const having = [...owned.keys()].filter((module) => tensors.has(`${module}.${part}`));
    const lacking = [...owned.keys()].find((module) => !tensors.has(`${module}.${part}`));
    if (having.length === 0 || lacking === undefined) continue;
    throw new UnrecognisedArchitectureError(
      `no such tensor, but ${inFile(tensors, `${having[0]}.${part}`)} is there: layers of one ${modelTitles[form.kind]} are alike`,
      `${lacking}.${part}`,
    );
  }
}

/** Networks of layers have as many linear maps, with biases in the same places. */
function requireAlikeNetworks(layers: readonly FoundLayer[]): void {
  const linearsIn = ({ steps }: FoundLayer) => steps.filter((step) => step.step === 'linear');
  const first = linearsIn(layers[0]);
  for (const layer of layers) {
    const linears = linearsIn(layer);
    if (linears.length !== first.length) {
      throw new UnrecognisedArchitectureError(
        `its network has ${linears.length} linear layers, that of ${layers[0].first} has ${first.length}`,
        layer.first,
      );
    }
    const other = linears.find(({ bias }, i) => (bias === undefined) !== (first[i].bias === undefined));
    if (other === undefined) continue;
    const reason = 'only some layers of the network have a bias here';
    throw new UnrecognisedArchitectureError(reason, other.weight);
  }
}
