import type { GraphModel } from '../gnn/graphModel';
import { collate } from '../graph/batch';
import type { Rng } from '../graph/rng';
import type { AnpOptions } from './baselineSettings';
import { cleanAccuracy, isAtLeast, trainingFigures, type DefenseContext } from './context';
import type { Defense } from './defense';
import { TrainingDivergedError } from './descent';
import { crossEntropy } from './losses';
import { Neurons, type NeuronFactors } from './neurons';

/**
 * Adversarial neuron pruning: a mask for every neuron is trained to keep the model right on clean graphs while an
 * adversary changes all neurons a little; neurons that it can do most harm with end with a low mask and are pruned.
 * BatchNorm statistics stay frozen, because a few dozen graphs give none to speak of.
 */
export const anp: Defense<AnpOptions> = {
  name: 'anp',
  source: 'Wu & Wang 2021, "Adversarial neuron pruning purifies backdoored deep models", NeurIPS',
  fineTunedIs: 'comparison',
  run: async (context, { stream, keep }) => {
    const student = keep(context.suspect.clone());
    const neurons = new Neurons(student);
    const masks = await trainMasks(context, student, neurons, stream('student'));
    pruneBelowThreshold(context, student, neurons, masks);
    return { student };
  },
};

/** Progress is reported every so many steps: accuracy costs as much as a step. */
const stepsBetweenReports = 10;

/**
 * Trains the masks by gradient descent with momentum, every step on all clean graphs.
 *
 * @param model the one of the neurons; its weights are left at the last factors
 * @returns one mask a neuron, in [0, 1]
 */
async function trainMasks(
  context: DefenseContext<AnpOptions>,
  model: GraphModel,
  neurons: Neurons,
  rng: Rng,
): Promise<Float32Array> {
  const { clean, layout, options, run } = context;
  const { anpSteps, anpLearningRate, anpMomentum, anpCleanShare } = options;
  const batch = collate(clean, layout);
  const slopesAt = (factors: NeuronFactors): ReturnType<Neurons['slopes']> => {
    neurons.apply(factors);
    const result = neurons.slopes(() => crossEntropy(model.forward(batch).logits, batch.classLabels));
    if (!Number.isFinite(result.value)) throw new TrainingDivergedError('the loss');
    return result;
  };
  const masks = ones(neurons.count);
  const velocity = new Float32Array(neurons.count);
  for (let step = 1; step <= anpSteps; step++) {
    await run.breathe();
    const start = randomChange(neurons.count, options.anpPerturbation, rng);
    const uphill = slopesAt(changed(masks, start)).slopes;
    const attacked = slopesAt(changed(masks, worstChange(start, uphill, options.anpPerturbation)));
    const usual = slopesAt({ scale: masks, shift: ones(neurons.count) });
    for (let k = 0; k < masks.length; k++) {
      const slope = anpCleanShare * usual.slopes.scale[k] + (1 - anpCleanShare) * attacked.slopes.scale[k];
      velocity[k] = anpMomentum * velocity[k] + slope;
      masks[k] = Math.min(1, Math.max(0, masks[k] - anpLearningRate * velocity[k]));
    }
    if (step % stepsBetweenReports === 0 || step === anpSteps) {
      const losses = { clean: usual.value, perturbed: attacked.value };
      run.report({
        stage: 'student',
        epoch: step,
        epochs: anpSteps,
        losses,
        ...trainingFigures(context, { model }, true),
      });
    }
  }
  return masks;
}

/** Steps in which the threshold is lowered, as in the authors' code. */
const thresholdStep = 0.05;

/**
 * Prunes the neurons whose masks are at or below the threshold, or below the highest one that leaves enough accuracy on
 * the clean graphs: with a few dozen of them the masks of needed neurons fall, too. Biases stay, as in the paper.
 */
function pruneBelowThreshold(
  context: DefenseContext<AnpOptions>,
  model: GraphModel,
  neurons: Neurons,
  masks: Float32Array,
): void {
  const { anpThreshold, pruningAccuracyLoss } = context.options;
  const shift = ones(neurons.count);
  const least = cleanAccuracy(context, { model: context.suspect }) - pruningAccuracyLoss;
  for (let threshold = anpThreshold; threshold >= 0; threshold -= thresholdStep) {
    neurons.apply({ scale: masks.map((mask) => (mask <= threshold ? 0 : 1)), shift });
    if (isAtLeast(cleanAccuracy(context, { model }), least)) return;
  }
  neurons.apply({ scale: ones(neurons.count), shift });
}

/** Where the adversary starts: relative changes, uniform up to `most` either way. */
function randomChange(count: number, most: number, rng: Rng): NeuronFactors {
  const draw = (): Float32Array => Float32Array.from({ length: count }, () => rng.between(-most, most));
  return { scale: draw(), shift: draw() };
}

/** The adversary's one step: `most` along the sign of the slope, within `most` of no change. */
function worstChange(start: NeuronFactors, slopes: NeuronFactors, most: number): NeuronFactors {
  const step = (from: Float32Array, slope: Float32Array): Float32Array =>
    from.map((value, k) => Math.min(most, Math.max(-most, value + most * Math.sign(slope[k]))));
  return { scale: step(start.scale, slopes.scale), shift: step(start.shift, slopes.shift) };
}

/** Masks and the adversary's changes together: as in the paper, the mask is on the scale alone. */
function changed(masks: Float32Array, change: NeuronFactors): NeuronFactors {
  return { scale: masks.map((mask, k) => mask + change.scale[k]), shift: change.shift.map((value) => 1 + value) };
}

function ones(count: number): Float32Array {
  return new Float32Array(count).fill(1);
}
