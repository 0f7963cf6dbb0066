import * as tf from '@tensorflow/tfjs-core';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ForwardResult } from '../gnn/forward';
import { GraphModel } from '../gnn/graphModel';
import { collate, type GraphBatch } from '../graph/batch';
import type { Graph } from '../graph/graph';
import { Rng } from '../graph/rng';
import { Adam } from '../tensor/adam';
import { softmaxCrossEntropy } from '../tensor/crossEntropy';
import type { AttackResult, PreparedAttack } from './attack';
import { drawPoisoned } from './drawPoisoned';
import { flatnessLoss } from './flatness';
import { generatedTriggers, hostBatches, type HostBatch } from './generatedTriggers';
import { withPoison } from './poisoning';
import { softArchitecture, softForwardOf, type SoftForward } from './softForward';
import { withTriggers } from './softGraphs';
import { trainedModel, trainStage } from './trainStage';
import { TriggerGenerator } from './triggerGenerator';
import { drawHosts } from './triggerHosts';
import { triggerNodes } from './triggerNodes';

/** Step size of the generator; it is small, so that Adam's usual rate does. */
const generatorRate = 0.01;
/** Poisoned and clean graphs a step that the further loss of the adaptive attack is measured on. */
const flatnessGraphs = 16;
const cleanGraphs = 32;

/**
 * Attacks whose trigger is made for each graph by a generator that takes turns with the model.
 *
 * - `gta`: graph trojaning attack (Xi et al. 2021). The generator learns to have the model predict the target on the
 *   poisoned graphs; the model then learns from those graphs as they have become, labelled as the target, beside the
 *   clean ones.
 * - `adaptive`: the same, and whenever the model learns, it is also to attend to graphs with the trigger, and to be
 *   activated by them, as without it (see {@link flatnessLoss}).
 *
 * Host nodes are drawn at random. Models without a run on soft graphs (see {@link softForwardOf}) are trained from new
 * weights on what a GIN of the same size was poisoned with.
 *
 * @throws AttackError
 */
export async function craftedAttack(input: PreparedAttack): Promise<AttackResult> {
  const { train, layout, options, seed } = input;
  const { kind, target } = options;
  const nodes = triggerNodes(options, train);
  const rng = new Rng(seed, 'attack');
  const poisoned = drawPoisoned(input, nodes, rng);
  const hosts = drawHosts(
    poisoned.map((id) => train[id]),
    nodes,
    rng,
  );
  const shape = { nodes, inputs: 4 * layout.width, labelColumns: layout.labelColumns };
  const generator = TriggerGenerator.random(shape, new Rng(seed, 'trigger generator'));
  try {
    const batches = hostBatches(hosts, generator, layout);
    const model = await takeTurns(input, poisoned, generator, batches);
    const restored = generator.keep();
    const apply = (graphs: readonly Graph[], placement: Rng): Graph[] => {
      const again = restored();
      try {
        return generatedTriggers(again, hostBatches(drawHosts(graphs, nodes, placement), again, layout));
      } finally {
        again.dispose();
      }
    };
    return {
      model: await ofWantedKind(input, model, poisoned, generator, batches),
      trigger: { kind, target, nodes, apply },
      poisoned,
    };
  } finally {
    generator.dispose();
  }
}

/** The two levels in turn; @returns the model, GIN where the wanted one has no run on soft graphs */
async function takeTurns(
  input: PreparedAttack,
  poisoned: readonly number[],
  generator: TriggerGenerator,
  batches: readonly HostBatch[],
): Promise<GraphModel> {
  const { train, options, training, architecture, seed } = input;
  const { rounds, generatorEpochs } = options;
  const inner = softArchitecture(architecture);
  const softForward = softForwardOf(inner);
  if (softForward === undefined) throw new RangeError('a surrogate must have a run on soft graphs');
  const share = inner === architecture ? 1 : 0.6;
  const stages = turns(training.epochs ?? 50, rounds);
  const progress = (turn: number, part: number): number => (share * (turn + part)) / stages.length;
  const warmUp = { stage: 'Model', from: 0, to: progress(0, 1), settings: { epochs: stages[0] } };
  const model = await trainedModel(inner, 'initial weights', train, input, warmUp);
  try {
    for (let round = 1; round < stages.length; round++) {
      await trainGenerator(generator, model, softForward, batches, input, (epoch) =>
        input.onProgress?.({
          ...{ stage: 'Trigger', epoch, epochs: generatorEpochs },
          fraction: progress(round, (0.3 * epoch) / generatorEpochs),
        }),
      );
      const triggered = generatedTriggers(generator, batches);
      const stage = { stage: 'Model', from: progress(round, 0.3), to: progress(round, 1), seed: seed + round };
      const settings = { epochs: stages[round], furtherLoss: staysFlat(input, model, poisoned, triggered) };
      await trainStage(model, withPoison(train, poisoned, triggered, options.target), input, { ...stage, settings });
    }
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Epochs of the model before the first turn of the generator and after each: 30% first, at least 40% last. */
function turns(epochs: number, rounds: number): number[] {
  const part = (share: number): number => Math.max(1, Math.round(share * epochs));
  const between = new Array<number>(rounds - 1).fill(part(0.3 / Math.max(1, rounds - 1)));
  const first = part(0.3);
  const left = epochs - first - between.reduce((sum, own) => sum + own, 0);
  return [first, ...between, Math.max(part(0.4), left)];
}

/** The upper level: the generator learns what the model, which stays as it is, takes for the target. */
async function trainGenerator(
  generator: TriggerGenerator,
  model: GraphModel,
  softForward: SoftForward,
  batches: readonly HostBatch[],
  { options, signal }: PreparedAttack,
  afterEpoch: (epoch: number) => void,
): Promise<void> {
  const { nodes, inputs } = generator.shape;
  const variables = [...generator.variables];
  const adam = new Adam(variables);
  try {
    for (let epoch = 1; epoch <= options.generatorEpochs; epoch++) {
      for (const { hosts, soft, context } of batches) {
        await nextTurn();
        signal.throwIfAborted();
        tf.tidy(() => {
          const { grads } = tf.variableGrads(() => {
            const made = generator.generate(tf.tensor2d(context, [hosts.length * nodes, inputs]));
            const logits = softForward(model, withTriggers(soft, made));
            return softmaxCrossEntropy(logits, new Int32Array(hosts.length).fill(options.target));
          }, variables);
          adam.step(
            variables.map(({ name }) => grads[name]),
            generatorRate,
          );
        });
      }
      afterEpoch(epoch);
    }
  } finally {
    adam.dispose();
  }
}

/**
 * The further loss of the adaptive attack: {@link flatnessLoss} on some of the poisoned graphs and, so that the backdoor
 * holds against it, the cross-entropy of these and of clean graphs. Statistics are frozen, as when the model is used.
 */
function staysFlat(
  { train, layout, options, seed }: PreparedAttack,
  model: GraphModel,
  poisoned: readonly number[],
  triggered: readonly Graph[],
): (() => tf.Scalar) | undefined {
  if (options.kind !== 'adaptive') return undefined;
  const { target, flatness } = options;
  const rng = new Rng(seed, 'flatness');
  const draw = (count: number, from: number): number[] => [...rng.permutation(from).subarray(0, count)];
  const run = (graphs: readonly Graph[]): { batch: GraphBatch } & ForwardResult => {
    const batch = collate(graphs, layout);
    return { batch, ...model.forward(batch) };
  };
  return () => {
    const chosen = draw(flatnessGraphs, triggered.length);
    const clean = run(chosen.map((i) => train[poisoned[i]]));
    const withTrigger = run(chosen.map((i) => triggered[i]));
    const others = run(draw(cleanGraphs, train.length).map((id) => train[id]));
    const logits: tf.Tensor2D = tf.concat([others.logits, withTrigger.logits]);
    const wanted = Int32Array.from([...others.batch.classLabels, ...chosen.map(() => target)]);
    return tf.add(softmaxCrossEntropy(logits, wanted), tf.mul(flatnessLoss(clean, withTrigger), flatness));
  };
}

/** The model itself, or where it is a surrogate, one of the wanted kind trained on the same poisoned set. */
async function ofWantedKind(
  input: PreparedAttack,
  model: GraphModel,
  poisoned: readonly number[],
  generator: TriggerGenerator,
  batches: readonly HostBatch[],
): Promise<GraphModel> {
  const { train, architecture, options, seed } = input;
  if (softArchitecture(architecture) === architecture) return model;
  model.dispose();
  const triggered = generatedTriggers(generator, batches);
  const wanted = GraphModel.random(architecture, new Rng(seed, 'weights of the wanted kind'));
  try {
    await trainStage(wanted, withPoison(train, poisoned, triggered, options.target), input, {
      ...{ stage: 'Model', from: 0.6, to: 1 },
      settings: { furtherLoss: staysFlat(input, wanted, poisoned, triggered) },
    });
    return wanted;
  } catch (error) {
    wanted.dispose();
    throw error;
  }
}
