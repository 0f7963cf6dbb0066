import { injectTrigger } from '../../attack/inject';
import type { Trigger } from '../../attack/trigger';
import { drawTrigger, labelMarginal } from '../../attack/triggerPrior';
import type { GraphModel } from '../../gnn/graphModel';
import { argmaxRows } from '../../gnn/predict';
import type { FeatureLayout, Graph } from '../../graph/graph';
import { Rng } from '../../graph/rng';
import { predictInSteps } from '../modelRuns';
import { meanOfLargest, signedLog } from '../statistics';
import { NormalisedOutputs } from './normalisedOutputs';
import { covarianceOfMean, CovarianceSum, factorise, meanOf, whiten } from './whitening';

const triggerCount = 96;
const mostHosts = 16;
/** Draws of triggers and hosts that are looked at together: whether any of 96 triggers leads to a class is often chance. */
const draws = 3;
/** Shares of training graphs that poisoning is taken to lie between. */
const poisoningRates = [0.01, 0.15] as const;
/** Triggers toward a class that its evidence is the mean of: a single one may be far off by chance. */
const strongest = 9;
/** Multiply-adds that the covariance among nodes may take; with more nodes, every k-th is looked at. */
const mostProducts = 4e8;
/** Triggers that change less than this do not tell anything. */
const smallestChange = 1e-6;
/**
 * Mean squared difference, in variances of the noise, below which the statistics were taken on the clean graphs: what is
 * left then is rounding. Over reference models it is 0.03 or more.
 */
const leastMismatch = 0.001;

/** What the statistics of the training graphs, kept by the last BatchNorm, say of triggers among them. */
export type TrainingTraces =
  | {
      readonly kind: 'read';
      /**
       * Signed log of the log-likelihood ratio that training graphs carried a trigger that leads to the class: for a
       * trigger, evidence in favour counts by the square of the share of graphs outside the class that it moves there;
       * of this the mean over the nine triggers with most. `[classes]`
       */
      readonly byClass: readonly number[];
    }
  /** The last layer has no BatchNorm. */
  | { readonly kind: 'absent' }
  /** The statistics are those of the clean graphs, more closely than chance has it: they are not of the training. */
  | { readonly kind: 'overwritten' };

export interface TracesInput {
  readonly model: GraphModel;
  /** At least two graphs with nodes. */
  readonly clean: readonly Graph[];
  readonly layout: FeatureLayout;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/**
 * Looks for poison in what the last BatchNorm remembers of the training graphs.
 *
 * Its running mean and variance are averages over the training graphs, poisoned ones included; the clean graphs lack the
 * poison. The difference of the two averages is noise that the clean graphs tell the size of, unless some training
 * graphs were of another kind. For each of three times 96 random triggers, the change that it makes in the averages when
 * it is put into clean graphs is the direction in which poisoning with it would have moved the statistics. Along it, the
 * log-likelihood ratio of "a share of 1% to 15% carried the trigger" against "none did" follows from a normal
 * distribution of the noise.
 *
 * @throws the signal's reason once it is aborted
 */
export async function measureTrainingTraces(input: TracesInput): Promise<TrainingTraces> {
  const outputs = NormalisedOutputs.of(input.model);
  if (outputs === undefined) return { kind: 'absent' };
  try {
    return await compare(outputs, input);
  } finally {
    outputs.dispose();
  }
}

/**
 * Whether the statistics of the last BatchNorm were taken on just these graphs: then they tell nothing of the training,
 * and any difference from other clean graphs is chance.
 *
 * @param input graphs to hold against the statistics, in place of clean ones
 * @throws the signal's reason once it is aborted
 */
export async function tookStatisticsFrom(input: Omit<TracesInput, 'seed'>): Promise<boolean> {
  const outputs = NormalisedOutputs.of(input.model);
  if (outputs === undefined) return false;
  try {
    return isTakenFrom(await measureNoise(outputs, input));
  } finally {
    outputs.dispose();
  }
}

async function compare(outputs: NormalisedOutputs, input: TracesInput): Promise<TrainingTraces> {
  const noise = await measureNoise(outputs, input);
  if (isTakenFrom(noise)) return { kind: 'overwritten' };
  const explanations: Explanation[] = [];
  for (let draw = 0; draw < draws; draw++) explanations.push(...(await explain(outputs, input, noise, draw)));
  return { kind: 'read', byClass: evidenceByClass(explanations, input.model.architecture.classes) };
}

/** How well the triggers of one draw explain the difference. */
async function explain(
  outputs: NormalisedOutputs,
  input: TracesInput,
  noise: Noise,
  draw: number,
): Promise<Explanation[]> {
  const { model, layout, signal } = input;
  const { classes } = model.architecture;
  const { triggers, hosts, triggered } = drawTriggered(input, draw);
  const before = argmaxRows(await predictInSteps(model, hosts, layout, { signal }), classes);
  const after = argmaxRows(await predictInSteps(model, triggered, layout, { signal }), classes);
  const hostMean = meanOf(await outputs.moments(hosts, layout, { signal }));
  const { nodes, sums, width } = await outputs.moments(triggered, layout, { signal });
  return triggers.flatMap((_, t): Explanation[] => {
    const [begin, end] = [t * hosts.length, (t + 1) * hosts.length];
    const own = { nodes: nodes.subarray(begin, end), sums: sums.subarray(begin * width, end * width), width };
    const change = meanOf(own).map((value, j) => value - hostMean[j]);
    if (change.every((value) => Math.abs(value) < smallestChange)) return [];
    const evidence = evidenceAlong(whiten(noise.factor, change), noise.difference);
    return [{ evidence, flips: flipShares(before, after.subarray(begin, end), classes) }];
  });
}

/** How the statistics of the training differ from those of the clean graphs, in units of what chance makes of it. */
interface Noise {
  /** Cholesky factor of the covariance of the clean graphs' mean. */
  readonly factor: Float64Array;
  /** Whitened. */
  readonly difference: Float64Array;
}

async function measureNoise(
  outputs: NormalisedOutputs,
  { model, clean, layout, signal }: Omit<TracesInput, 'seed'>,
): Promise<Noise> {
  const { hidden } = model.architecture;
  const width = 2 * hidden;
  const nodeCount = clean.reduce((sum, graph) => sum + graph.nodeCount, 0);
  const stride = Math.ceil((nodeCount * width * width) / 2 / mostProducts);
  const amongNodes = new CovarianceSum(width);
  let seen = 0;
  const moments = await outputs.moments(clean, layout, {
    signal,
    node: (row, count) => {
      if (seen++ % stride === 0) amongNodes.add(row, count);
    },
  });
  const factor = factorise(covarianceOfMean(moments, amongNodes.covariance()), width);
  // Over the training graphs values have mean 0 and squares mean 1: so they are normalised.
  const difference = meanOf(moments).map((value, j) => (j < hidden ? 0 : 1) - value);
  return { factor, difference: whiten(factor, difference) };
}

/** Random triggers in some of the clean graphs. */
function drawTriggered(
  { clean, layout, seed }: TracesInput,
  draw: number,
): {
  readonly triggers: readonly Trigger[];
  readonly hosts: readonly Graph[];
  /** `[triggers, hosts]` */
  readonly triggered: readonly Graph[];
} {
  const rng = new Rng(seed, `training traces ${draw}`);
  const order = [...rng.permutation(clean.length)].map((i) => clean[i]);
  const hosts = order.filter((graph) => graph.nodeCount > 0).slice(0, mostHosts);
  const marginal = labelMarginal(clean, layout.labelColumns);
  const triggers = Array.from({ length: triggerCount }, () => drawTrigger(rng, marginal));
  const triggered = triggers.flatMap((trigger) => hosts.map((host) => injectTrigger(host, trigger, rng)));
  return { triggers, hosts, triggered };
}

interface Explanation {
  /** Signed log of the log-likelihood ratio. */
  readonly evidence: number;
  /** `[classes]` */
  readonly flips: readonly number[];
}

/**
 * Signed log of the log-likelihood ratio that a share of 1% to 15% of the graphs was changed, against that none was.
 *
 * @param change by the trigger, whitened
 * @param difference that it is to explain, whitened
 */
export function evidenceAlong(change: Float64Array, difference: Float64Array): number {
  let product = 0;
  let square = 0;
  change.forEach((value, j) => {
    product += value * difference[j];
    square += value * value;
  });
  const [least, most] = poisoningRates;
  const rate = Math.max(least, Math.min(most, product / square));
  return signedLog(rate * product - (rate * rate * square) / 2);
}

/** Share of the hosts outside each class that end up in it; 0 for a class that all hosts are of. */
function flipShares(before: Int32Array, after: Int32Array, classes: number): number[] {
  return Array.from({ length: classes }, (_, c) => {
    let outside = 0;
    let flipped = 0;
    before.forEach((own, host) => {
      if (own === c) return;
      outside++;
      if (after[host] === c) flipped++;
    });
    return outside === 0 ? 0 : flipped / outside;
  });
}

/**
 * Evidence for each class: mean of the most that triggers give, where evidence in favour counts by the square of the
 * share flipped. A threshold for what leads to a class would make it a matter of chance whether any trigger does.
 */
export function evidenceByClass(explanations: readonly Explanation[], classes: number): number[] {
  return Array.from({ length: classes }, (_, c) => {
    const weighed = explanations.map(({ evidence, flips }) => (evidence > 0 ? evidence * flips[c] ** 2 : evidence));
    return weighed.length === 0 ? 0 : meanOfLargest(weighed, strongest);
  });
}

function isTakenFrom({ difference }: Noise): boolean {
  return difference.reduce((sum, value) => sum + value * value, 0) / difference.length < leastMismatch;
}
