import { findChains, type FreeLinear } from './linearChain';
import { inFile, modulesOf, readLinear, type NamedTensors } from './namedTensors';
import { isLinear, isNorm } from './norms';
import { placeIn } from './sequence';

/** Larger models are not guessed at: an offer that nobody can check by eye is none. */
const mostLinears = 12;

/**
 * What tensors of unknown names could be called, by their shapes alone: a GIN of layers with two linear maps each, and
 * one linear layer or two behind the readout. It is for the user to say whether that is so: other layers with as many
 * weights have the same shapes.
 *
 * @returns names for `architecture.tensors` in `graphnad.json`; undefined where the shapes form no such chain
 */
export function guessNames(tensors: NamedTensors): Readonly<Record<string, string>> | undefined {
  // GINConv keeps an eps, even where it is none of its parameters.
  const modules = modulesOf([...tensors.keys()].filter((name) => !/(?:^|\.)eps$/.test(name)));
  const linears = modules
    .filter((one) => isLinear(tensors, one) && one.parts.every((part) => part === 'weight' || part === 'bias'))
    .map((one): FreeLinear => ({ ...one, ...readLinear(tensors, `${one.name}.weight`) }));
  const norms = modules.filter((one) => !linears.some(({ name }) => name === one.name));
  if (linears.length < 3 || linears.length > mostLinears || !norms.every((one) => isNorm(tensors, one)))
    return undefined;
  const read = new Set(linears.map(({ inputs }) => inputs));
  const chain = findChains(linears, { inputs: NaN, read }, () => false).at(0)?.behind;
  if (chain === undefined) return undefined;
  const layers = Math.floor((chain.length - 1) / 2);
  const head = chain.slice(2 * layers);
  const networks = Array.from({ length: layers }, (_, i) => networkNames(tensors, i, chain[2 * i], chain[2 * i + 1]));
  const isWhole = networks.every((names) => names !== undefined);
  const held = new Set(networks.flatMap((names = {}) => Object.keys(names)));
  const isHeld = norms.every(({ name }) => [...held].some((module) => inFile(tensors, `${name}.weight`).startsWith(`${module}.`))); // prettier-ignore
  if (!isWhole || !isHeld) return undefined;
  const last = head.map(({ weight }, i): [string, string] => [
    weight.replace(/\.weight$/, ''),
    head.length === 1 ? 'lin' : `lin${i + 1}`,
  ]);
  return { ...Object.assign({}, ...networks), ...Object.fromEntries(last) } as Record<string, string>;
}

/** Two linear maps as the network of a layer: a sequence that both are in, else one by one. */
function networkNames(
  tensors: NamedTensors,
  layer: number,
  first: FreeLinear,
  second: FreeLinear,
): Readonly<Record<string, string>> | undefined {
  const home = first.name.slice(0, Math.max(0, first.name.lastIndexOf('.')));
  if (home !== '' && [first, second].every((linear) => placeIn(home, linear).place !== undefined)) {
    const linears = modulesOf(tensors.keys()).filter(
      (one) => placeIn(home, one).place !== undefined && isLinear(tensors, one),
    );
    const inHome = first.weight.slice(0, first.weight.length - first.name.length - '.weight'.length + home.length);
    return linears.length === 2 ? { [inHome]: `convs.${layer}.nn` } : undefined;
  }
  const nameOf = ({ weight }: FreeLinear): string => weight.replace(/\.weight$/, '');
  return { [nameOf(first)]: `convs.${layer}.nn.0`, [nameOf(second)]: `convs.${layer}.nn.2` };
}
