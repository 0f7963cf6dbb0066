import { attentionSettings, fineTuneSettings, guidanceSettings } from './graphnadSettings';
import { count, positive, positiveShare, share, weight, withDefaults, type ValuesOf } from './settings';

/*
 * Published settings are for thousands of images. Those that count steps or depend on the optimizer are replaced by
 * those of fine-tuning, so that all baselines get the same number of steps on the clean graphs; the others are kept.
 */

/** Training of a student on the clean graphs toward a fine-tuned teacher. */
export const distillationSettings = {
  /** Epochs of the student over the clean graphs, in batches of `fineTuneBatch`. */
  distillationEpochs: count(100),
  /** Learning rate of Adam at the student's first step; it falls to 0 along a half cosine. */
  distillationLearningRate: positive(1e-2),
};

/** The published GraphNAD recipe: alpha 10, beta 1 (arXiv 2501.05835), L_RC at every step. */
export const paperSettings = {
  ...fineTuneSettings,
  ...distillationSettings,
  ...withDefaults(guidanceSettings, { attentionWeight: 10, relationWeight: 1, relationEvery: 1 }),
};

/**
 * Neural attention distillation (Li et al. 2021). Its factors of 500, 1000 and 1000 belong to means of squares over maps
 * of 32 x 32, 16 x 16 and 8 x 8 pixels, and are 0.5, 3.9 and 15.6 for sums of squares as L_AD has them: 7 is about their
 * mean. Degrees have no counterpart in images, so that attention is not weighted by them.
 */
export const nadSettings = {
  ...fineTuneSettings,
  ...distillationSettings,
  ...withDefaults(attentionSettings, { attentionWeight: 7, attentionWeighting: 'none' }),
};

/**
 * Attention relation graph distillation (Xia et al. 2022). The authors' code has factors of 2000, 5000 and 2000 on the
 * nodes of the relation graph: 2, 20 and 31 for sums of squares (as for `nad`), 18 on average.
 */
export const argdSettings = {
  ...fineTuneSettings,
  ...distillationSettings,
  ...withDefaults(attentionSettings, { attentionWeight: 18, attentionWeighting: 'none' }),
  /** Weight of the loss on the edges of the relation graph: distances between layers' attention maps. */
  attentionEdgeWeight: weight(1),
};

/** How far neurons may be pruned. */
const pruningSettings = {
  /**
   * Accuracy on the clean graphs that pruning may cost, as a share of them. The papers leave it to the defender; 0.1 is
   * the tolerance of BackdoorBench (Wu et al. 2022).
   */
  pruningAccuracyLoss: share(0.1),
};

/** Fine-pruning (Liu et al. 2018). */
export const finePruningSettings = { ...fineTuneSettings, ...pruningSettings };

/** Adversarial neuron pruning (Wu & Wang 2021); defaults of the authors' code but for the number of steps. */
export const anpSettings = {
  ...fineTuneSettings,
  ...pruningSettings,
  /** Steps of the masks, each on all clean graphs. 2000 in the paper, on batches of 128. */
  anpSteps: count(500),
  /** Learning rate of the masks, by gradient descent with momentum. */
  anpLearningRate: positive(0.2),
  /** Momentum of the masks. */
  anpMomentum: share(0.9),
  /** Largest relative change, up or down, of a neuron's weights and bias by the adversary, epsilon. */
  anpPerturbation: share(0.4),
  /** Share alpha of the loss without the adversary in the masks' loss; the rest is the loss with it. */
  anpCleanShare: share(0.2),
  /** Neurons whose mask ends at or below this are pruned, or fewer where accuracy demands it. */
  anpThreshold: positiveShare(0.2),
};

export type PaperOptions = ValuesOf<typeof paperSettings>;
export type DistillationOptions = ValuesOf<typeof fineTuneSettings & typeof distillationSettings>;
export type NadOptions = ValuesOf<typeof nadSettings>;
export type ArgdOptions = ValuesOf<typeof argdSettings>;
export type FinePruningOptions = ValuesOf<typeof finePruningSettings>;
export type AnpOptions = ValuesOf<typeof anpSettings>;
