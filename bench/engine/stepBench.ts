import { initialWeights } from './initialWeights';
import { pack, packGraphs } from './packed';
import { takeTurns } from './samples';
import type { Answers } from './stepCommands';
import type { StepSide } from './stepSide';
import { meanSize, type ModelShape, type Workload } from './workload';

/** The same training steps by several contestants. */
export interface StepMeasurement {
  readonly shape: ModelShape;
  readonly data: string;
  readonly batchSize: number;
  /** Of a batch, on average. */
  readonly nodes: number;
  /** Directed edges of a batch, on average. */
  readonly edges: number;
  /** Whether collating is part of a step. */
  readonly collating: boolean;
  readonly contestants: readonly Contestant[];
  /** Largest relative difference of a loss from ours over the steps that were compared. */
  readonly lossDifference: number;
}

export interface Contestant {
  readonly name: string;
  readonly threads: number;
  /** Milliseconds a step, one value a turn. */
  readonly samples: readonly number[];
  /** The same in time of all processor cores together, which other load on the machine disturbs less. */
  readonly processor: readonly number[];
  readonly formulation?: string;
  readonly formulations?: Readonly<Record<string, number>>;
}

export interface StepBenchOptions {
  /** Turns of each contestant. */
  readonly turns: number;
  /** Time that a turn of the slowest contestant takes, about, in milliseconds. */
  readonly turnMilliseconds: number;
  /** Whether to measure steps that collate, too. Default true. */
  readonly collating?: boolean;
}

/**
 * Steps whose losses are compared, and how closely they must agree. At the learning rate of training, rounding grows
 * until after 20 steps PyTorch itself differs by 1% between one thread and two; at a hundredth of it, losses stay
 * together, and still move so far that a side whose gradients were wrong would be found out.
 */
const comparedSteps = 10;
const comparedLearningRate = 1e-5;
const lossTolerance = 1e-3;
const fewestTolerancesMoved = 5;
const learningRate = 1e-3;

/** Contestants did not do the same work: their times must not be compared. */
export class DifferentWorkError extends Error {
  override readonly name = 'DifferentWorkError';
}

export interface NamedSide {
  readonly name: string;
  readonly threads: number;
  readonly side: StepSide;
}

/**
 * Lets contestants train the same model on the same batches from the same weights in turns, with batches collated
 * beforehand and collated in every step.
 *
 * @param sides ours first
 * @throws DifferentWorkError where losses differ by more than 1e-3 within the first 10 steps
 */
export async function measureSteps(
  shape: ModelShape,
  workload: Workload,
  sides: readonly NamedSide[],
  options: StepBenchOptions,
): Promise<StepMeasurement[]> {
  const weights = Object.fromEntries(
    [...initialWeights(shape)].map(([name, tensor]) => [name, { shape: tensor.shape, values: pack(tensor.values) }]),
  );
  const { batches } = workload;
  const command = { shape, weights, graphs: packGraphs(workload.graphs), batches };
  const prepared: Answers['prepare'][] = [];
  for (const { side } of sides) prepared.push(await side.prepare(command));

  const lossDifference = await compareLosses(sides);
  const measurements: StepMeasurement[] = [];
  for (const collating of options.collating === false ? [false] : [false, true]) {
    const steps = await stepsPerTurn(sides, collating, options);
    const processor = sides.map((): number[] => []);
    const run = async (i: number): Promise<number> => {
      const { milliseconds, processorMilliseconds } = await sides[i].side.train({ steps, collating });
      processor[i].push(processorMilliseconds / steps);
      return milliseconds / steps;
    };
    const samples = await takeTurns(
      options.turns,
      sides.map((_, i) => () => run(i)),
    );
    measurements.push({
      shape,
      data: workload.data,
      batchSize: batches[0].length,
      ...meanSize(workload),
      collating,
      contestants: sides.map(({ name, threads }, i) => ({
        ...{ name, threads, samples: samples[i], processor: processor[i] },
        ...prepared[i],
      })),
      lossDifference,
    });
  }
  return measurements;
}

async function compareLosses(sides: readonly NamedSide[]): Promise<number> {
  const train = async ({ side }: NamedSide, rate: number): Promise<readonly number[]> => {
    await side.reset(rate);
    const { losses } = await side.train({ steps: comparedSteps });
    await side.reset(learningRate);
    return losses;
  };
  const untrained = await train(sides[0], 0);
  const losses: (readonly number[])[] = [];
  for (const side of sides) losses.push(await train(side, comparedLearningRate));
  if (largestDifference(untrained, losses[0]) < fewestTolerancesMoved * lossTolerance) {
    throw new DifferentWorkError(`training moves the losses too little to tell contestants apart`);
  }
  const differences = losses.map((own) => largestDifference(own, losses[0]));
  const different = differences.findIndex((difference) => !(difference <= lossTolerance));
  if (different >= 0) {
    const { name } = sides[different];
    const last = losses.map((own, i) => `${sides[i].name} ${own[own.length - 1].toFixed(6)}`);
    throw new DifferentWorkError(
      `${name} does not do the same work as ${sides[0].name}: losses differ by ${differences[different].toExponential(1)} within ` +
        `${comparedSteps} steps (the last: ${last.join(', ')})`,
    );
  }
  return Math.max(...differences);
}

/** Largest difference of two series relative to the second; below 1, absolute. */
export function largestDifference(values: readonly number[], reference: readonly number[]): number {
  return Math.max(...reference.map((value, i) => Math.abs(values[i] - value) / Math.max(1, Math.abs(value))));
}

/** As many steps for all as fit the time in the slowest one's hands: at least 2, and at most 64. */
async function stepsPerTurn(
  sides: readonly NamedSide[],
  collating: boolean,
  { turnMilliseconds }: StepBenchOptions,
): Promise<number> {
  let slowest = 0;
  for (const { side } of sides) {
    const { milliseconds } = await side.train({ steps: 4, collating });
    slowest = Math.max(slowest, milliseconds / 4);
  }
  return Math.max(2, Math.min(64, Math.round(turnMilliseconds / slowest)));
}
