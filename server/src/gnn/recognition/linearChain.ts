import type { LinearTensors } from '../plan/modelPlan';
import { byNumber } from './sequence';

/** A linear layer that is in no message passing layer. */
export interface FreeLinear extends LinearTensors {
  /** Name of its module. */
  readonly name: string;
  readonly parts: readonly string[];
}

/** Linear layers before the message passing layers and behind the readout, each in the order of computation. */
export interface Chain {
  readonly before: readonly FreeLinear[];
  readonly behind: readonly FreeLinear[];
}

export interface ChainWidths {
  /** What the first layer takes. */
  readonly inputs: number;
  /** What the readout may give. */
  readonly read: ReadonlySet<number>;
}

/** Orders are tried until there were so many steps; models that people write take a few dozen. */
const mostSteps = 20_000;

/**
 * All orders of linear layers whose widths fit, the likeliest first: names say what is meant for which place, and of
 * two equally good orders that of the file is taken.
 *
 * @param linears in the order of the file
 * @param isEarly whether one stands before the message passing layers in the file
 */
export function findChains(
  linears: readonly FreeLinear[],
  { inputs, read }: ChainWidths,
  isEarly: (linear: FreeLinear) => boolean,
): Chain[] {
  const found: Chain[] = [];
  const predecessors = new Map(linears.map((linear) => [linear, predecessorsOf(linear, linears)]));
  let steps = 0;
  const extend = (chain: Chain, used: ReadonlySet<FreeLinear>, isBehind: boolean): void => {
    if (steps++ > mostSteps) return;
    if (used.size === linears.length) {
      if (isBehind) found.push(chain);
      return;
    }
    const last = (isBehind ? chain.behind : chain.before).at(-1);
    for (const linear of linears) {
      if (used.has(linear) || (predecessors.get(linear) ?? []).some((one) => !used.has(one))) continue;
      const more = new Set([...used, linear]);
      const follows = last === undefined || last.outputs === linear.inputs;
      if (isBehind && follows) extend({ ...chain, behind: [...chain.behind, linear] }, more, true);
      if (!isBehind && follows) extend({ ...chain, before: [...chain.before, linear] }, more, false);
      const turns = !isBehind && (last === undefined || last.outputs === inputs) && read.has(linear.inputs);
      if (turns) extend({ ...chain, behind: [linear] }, more, true);
    }
  };
  extend({ before: [], behind: [] }, new Set(), false);
  const rank = new Map(found.map((chain) => [chain, likelihood(chain, linears, isEarly)]));
  return found.sort((a, b) => (rank.get(b) ?? 0) - (rank.get(a) ?? 0));
}

/** Those of the same list, or the same name but for the number, that have a lower number. */
function predecessorsOf({ name }: FreeLinear, linears: readonly FreeLinear[]): FreeLinear[] {
  const home = homeOf(name);
  const all = byNumber(linears.filter((one) => homeOf(one.name) === home));
  return all.slice(
    0,
    all.findIndex((one) => one.name === name),
  );
}

function homeOf(name: string): string {
  return name.replace(/\d+\D*$/, '');
}

const ofInput = /(?:^|[._])(?:enc|embed|emb|input|in|pre|proj|node)/i;
const ofOutput = /(?:^|[._])(?:out|class|cls|head|pred|score|post|readout)/i;

function likelihood({ before, behind }: Chain, linears: readonly FreeLinear[], isEarly: (one: FreeLinear) => boolean) {
  let sum = 0;
  for (const one of before) sum += (ofInput.test(one.name) ? 2 : 0) - (ofOutput.test(one.name) ? 2 : 0);
  for (const one of behind) sum -= (ofInput.test(one.name) ? 2 : 0) - (ofOutput.test(one.name) ? 1 : 0);
  for (const one of linears) sum += isEarly(one) === before.includes(one) ? 0.5 : 0;
  const last = behind.at(-1);
  if (last !== undefined && ofOutput.test(last.name)) sum += 1;
  const order = [...before, ...behind].map((one) => linears.indexOf(one));
  return sum - 0.01 * order.filter((place, i) => i > 0 && place < order[i - 1]).length;
}
