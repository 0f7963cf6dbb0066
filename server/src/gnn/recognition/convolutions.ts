import type { Tensor } from '../../checkpoint/checkpoint';
import type { FoundLayers, LinearLink } from '../kinds/layerKind';
import type { ConvolutionNames } from '../tensorNames';
import { UnrecognisedArchitectureError } from '../unrecognised';
import { found } from './linearLayers';
import { inOrder, outputLinear, requireOneHome } from './layerGroups';

type Tensors = ReadonlyMap<string, Tensor>;

/** By which tensors convolutions of a kind are found. */
export interface ConvolutionTensors {
  /** All that a convolution of the kind may have: `lin.weight`. */
  readonly parts: readonly string[];
  /** Those among them that may hold its weight, `[outputs, inputs]`. Where there are several, they hold the same values. */
  readonly weights: readonly [string, ...string[]];
  /** The tensor that shows the number of heads, `[1, heads, width]`. */
  readonly heads?: string;
  /** Weights that are one and the same where the module shares them, which is not supported. */
  readonly separate?: readonly [string, string];
}

/**
 * Finds convolutions that are modules of their own in a module list (`convs.0`) or numbered attributes (`conv1`), each
 * with a BatchNorm behind it in another (`bns.0`, `norms.0.module`), or none of them.
 *
 * @throws UnrecognisedArchitectureError
 */
export function findConvolutions(tensors: Tensors, kind: ConvolutionTensors): FoundLayers {
  const names = [...tensors.keys()];
  const weights = modulesWith(names, kind.weights);
  requireOneHome(new Set(weights.map(({ stem }) => stem)), 'layers');
  const convs = inOrder(new Map(weights.map(({ module, number }) => [number, module])), 'layer');
  const norms = findNorms(names, convs.length);
  const ofLayers = new Set(convs.flatMap((conv) => kind.parts.map((part) => `${conv}.${part}`)));
  const layers = convs.map((conv, i): ConvolutionNames => {
    const present = kind.weights.filter((part) => tensors.has(`${conv}.${part}`));
    requireSame(tensors, present.map((part) => `${conv}.${part}`)); // prettier-ignore
    if (kind.separate !== undefined) requireSeparate(tensors, conv, kind.separate);
    return {
      conv,
      ...(norms.length > 0 && { norm: norms[i] }),
      ...(kind.weights.length > 1 && { weights: present.map((part) => part.replace(/\.weight$/, '')) }),
    };
  });
  const links = convs.map((conv) => linkOf(tensors, conv, kind.weights));
  return {
    layers,
    links: links.map((link) => [link]),
    output: outputLinear(names.filter((name) => !ofLayers.has(name))),
    ...(kind.heads !== undefined && { heads: readHeads(tensors, `${convs[0]}.${kind.heads}`, links[0].outputs) }),
  };
}

interface NumberedModule {
  /** `convs.0` */
  readonly module: string;
  /** `convs.` */
  readonly stem: string;
  readonly number: number;
}

/** Modules with a number at the end, or before `.module`, that have one of the parts. */
function modulesWith(names: readonly string[], parts: readonly string[]): NumberedModule[] {
  const modules = new Map<string, NumberedModule>();
  for (const name of names) {
    const part = parts.find((candidate) => name.endsWith(`.${candidate}`));
    if (part === undefined) continue;
    const module = name.slice(0, -part.length - 1);
    const match = /^(?<stem>(?:.*\D)?)(?<number>\d+)(?:\.module)?$/.exec(module)?.groups;
    if (match !== undefined) modules.set(module, { module, stem: match.stem, number: Number(match.number) });
  }
  return [...modules.values()];
}

/** The BatchNorms behind the layers in their order; none, or one a layer. */
function findNorms(names: readonly string[], layers: number): string[] {
  const modules = modulesWith(names, ['running_mean']);
  requireOneHome(new Set(modules.map(({ stem }) => stem)), 'BatchNorms');
  const norms = inOrder(new Map(modules.map(({ module, number }) => [number, module])), 'BatchNorm');
  if (norms.length === 0 || norms.length === layers) return norms;
  throw new UnrecognisedArchitectureError(
    `a BatchNorm behind each of the ${layers} layers was expected, or none; found ${norms.length}`,
    `${norms[0]}.running_mean`,
  );
}

function linkOf(tensors: Tensors, conv: string, weights: readonly string[]): LinearLink {
  const weight = weights.map((part) => `${conv}.${part}`).find((name) => tensors.has(name)) ?? `${conv}.${weights[0]}`;
  const tensor = tensors.get(weight);
  if (tensor?.shape.length !== 2 || tensor.shape.includes(0)) {
    throw new UnrecognisedArchitectureError(`a matrix was expected, found ${found(tensor)}`, weight);
  }
  const [outputs, inputs] = tensor.shape;
  return { name: conv, weight, inputs, outputs };
}

function readHeads(tensors: Tensors, name: string, outputs: number): number {
  const tensor = tensors.get(name);
  const [one, heads, width] = tensor?.shape ?? [];
  if (tensor?.shape.length === 3 && one === 1 && heads * width === outputs) return heads;
  throw new UnrecognisedArchitectureError(
    `shape [1, heads, width] with heads * width = ${outputs} was expected, found ${found(tensor)}`,
    name,
  );
}

/** Tensors of one weight under several names must be one weight. */
function requireSame(tensors: Tensors, names: readonly string[]): void {
  for (const name of names.slice(1)) {
    if (sameValues(tensors.get(name), tensors.get(names[0]))) continue;
    throw new UnrecognisedArchitectureError(
      `it differs from ${names[0]}: weights of senders and receivers of their own are not supported`,
      name,
    );
  }
}

/** A weight that is there twice would have to stay so, which nothing here sees to. */
function requireSeparate(tensors: Tensors, conv: string, [first, second]: readonly [string, string]): void {
  const [one, other] = [tensors.get(`${conv}.${first}`), tensors.get(`${conv}.${second}`)];
  if (one === undefined || !sameValues(one, other)) return;
  throw new UnrecognisedArchitectureError(
    `it is the same as ${conv}.${first}: shared weights (share_weights=True) are not supported`,
    `${conv}.${second}`,
  );
}

function sameValues(a: Tensor | undefined, b: Tensor | undefined): boolean {
  const [one, other] = [a?.values() ?? [], b?.values() ?? []];
  return one.length === other.length && one.every((value, i) => value === other[i]);
}
