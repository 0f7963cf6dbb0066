import { UnrecognisedArchitectureError } from '../unrecognised';
import type { FoundLayers } from './layers';
import { inFile, type Module, type NamedTensors } from './namedTensors';
import { normWidth } from './norms';
import { byNumber } from './sequence';

/** Normalisations by where they belong. */
export interface PlacedNorms {
  /** Behind each layer; undefined where there is none. */
  readonly ofLayers: readonly (Module | undefined)[];
  readonly others: readonly Module[];
}

/**
 * Finds the normalisations behind layers: in the block that a layer is in (`layers.0.bn` beside `layers.0.conv`), or in
 * a list of their own, one for each layer or for each but the last.
 *
 * @param linears what is kept in one place with one of these is not behind a layer
 * @throws UnrecognisedArchitectureError where some are missing
 */
export function findNorms(
  tensors: NamedTensors,
  { layers, modules }: FoundLayers,
  norms: readonly Module[],
  linears: readonly Pick<Module, 'name'>[],
): PlacedNorms {
  const inBlocks = modules.map((module) => {
    const block = module.slice(0, module.lastIndexOf('.') + 1);
    return /\d\.$/.test(block) ? norms.find(({ name }) => name.startsWith(block)) : undefined;
  });
  if (inBlocks.some((norm) => norm !== undefined)) return placed(inBlocks, norms);
  const free = norms.filter(({ name }) => !linears.some((linear) => parentOf(name) !== '' && parentOf(linear.name) === parentOf(name))); // prettier-ignore
  for (const home of homesOf(free)) {
    const own = byNumber(home).slice(0, layers.length);
    if (own.length < Math.max(1, layers.length - 1)) continue;
    if (own.some((norm, i) => normWidth(tensors, norm) !== layers[i].outputs)) continue;
    requireNoGap(tensors, own);
    return placed(
      layers.map((_, i) => own.at(i)),
      norms,
    );
  }
  const [first] = free;
  if (first !== undefined && free.length === norms.length && linears.length === 1) {
    throw new UnrecognisedArchitectureError(
      `a normalisation behind each of the ${layers.length} layers was expected, or behind each but the last, or none; found ${free.length} of this width`,
      inFile(tensors, `${first.name}.${first.parts[0]}`),
    );
  }
  return { ofLayers: layers.map(() => undefined), others: norms };
}

function placed(ofLayers: PlacedNorms['ofLayers'], norms: readonly Module[]): PlacedNorms {
  return { ofLayers, others: norms.filter((norm) => !ofLayers.includes(norm)) };
}

function parentOf(name: string): string {
  return name.slice(0, Math.max(0, name.replace(/\.module$/, '').lastIndexOf('.')));
}

/** Those of one list, or of one name but for the number. */
function homesOf(norms: readonly Module[]): Module[][] {
  const homes = new Map<string, Module[]>();
  for (const norm of norms) {
    const home = norm.name.replace(/\d+\D*$/, '');
    homes.set(home, [...(homes.get(home) ?? []), norm]);
  }
  return [...homes.values()];
}

function requireNoGap(tensors: NamedTensors, sorted: readonly Module[]): void {
  const numbers = sorted.map(({ name }) => Number(/(\d+)\D*$/.exec(name)?.[1] ?? NaN));
  const gap = numbers.findIndex((number, i) => number !== numbers[0] + i);
  if (gap <= 0) return;
  throw new UnrecognisedArchitectureError(
    `normalisation ${numbers[0] + gap} is missing, but there is a normalisation ${numbers[gap]}`,
    inFile(tensors, `${sorted[gap].name}.${sorted[gap].parts[0]}`),
  );
}
