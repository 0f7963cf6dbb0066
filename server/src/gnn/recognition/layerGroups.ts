import { UnrecognisedArchitectureError, UnsupportedTaskError } from '../unrecognised';

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
  const others: string[] = [];
  for (const name of tensorNames) {
    const match = layerTensor.exec(name)?.groups;
    if (match === undefined) {
      others.push(name);
      continue;
    }
    homes.add(match.stem);
    const number = Number(match.layer);
    const group = groups.get(number) ?? { stem: `${match.stem}${match.layer}.nn.`, places: new Set<number>() };
    groups.set(number, group);
    if (match.place === undefined) group.eps = name;
    else group.places.add(Number(match.place));
  }
  requireOneHome(homes, 'layers');
  const output = outputLinear(others);
  const layers = inOrder(groups, 'layer').map(({ stem, places, eps }) => ({
    stem,
    places: [...places].sort((a, b) => a - b),
    eps,
  }));
  return { layers, output };
}

/**
 * The linear layer behind the readout.
 *
 * @param tensorNames of tensors that belong to no layer
 * @throws UnsupportedTaskError where nothing comes behind the layers: what they give is given node by node;
 *   UnrecognisedArchitectureError unless there is exactly one otherwise
 */
export function outputLinear(tensorNames: readonly string[]): string {
  const found = tensorNames.filter((name) => outputTensor.test(name));
  const outputs = new Set(found.map((name) => name.slice(0, name.lastIndexOf('.'))));
  if (outputs.size === 0 && tensorNames.every(isOfNorm(tensorNames))) {
    throw new UnsupportedTaskError(
      'nothing comes behind its message passing layers, so it answers for nodes or edges and not for whole graphs',
    );
  }
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
  return [...outputs][0];
}

/** Tells the tensors of BatchNorms among others. */
function isOfNorm(tensorNames: readonly string[]): (name: string) => boolean {
  const moduleOf = (name: string): string => name.slice(0, name.lastIndexOf('.'));
  const norms = new Set(tensorNames.filter((name) => name.endsWith('.running_mean')).map(moduleOf));
  return (name) => norms.has(moduleOf(name));
}

/**
 * What is numbered, in the order of its numbers.
 *
 * @param what `layer` or the like
 * @throws UnrecognisedArchitectureError where a number is missing
 */
export function inOrder<T>(numbered: ReadonlyMap<number, T>, what: string): T[] {
  const sorted = [...numbered].sort(([a], [b]) => a - b);
  sorted.forEach(([number], i) => {
    const expected = sorted[0][0] + i;
    if (number === expected) return;
    throw new UnrecognisedArchitectureError(`${what} ${expected} is missing, but there is a ${what} ${number}`);
  });
  return sorted.map(([, value]) => value);
}

/** @throws UnrecognisedArchitectureError where things are kept in several places */
export function requireOneHome(homes: ReadonlySet<string>, what: string): void {
  if (homes.size > 1) throw new UnrecognisedArchitectureError(`there are ${what} in several places: ${quoted(homes)}`);
}

function quoted(names: Iterable<string>): string {
  return [...names].map((name) => `"${name}"`).join(', ');
}
