import type { AttentionWeighting } from './attentionMatrix';

/** How a model is purified; see docs/method.md. */
export const purificationMethods = ['graphnad', 'graphnad-paper', 'finetune'] as const;
export type PurificationMethod = (typeof purificationMethods)[number];

/** Settings of a purification. Defaults and their sources: `resolveOptions` and docs/method.md. */
export interface GraphnadOptions {
  /** `graphnad` is the robust preset, `graphnad-paper` the published recipe, `finetune` the baseline. */
  readonly method: PurificationMethod;

  /** Weight alpha of the attention loss L_AD. */
  readonly attentionWeight: number;
  /** Exponent p of the attention map, 1 to 4. */
  readonly attentionPower: number;
  readonly attentionWeighting: AttentionWeighting;
  /** Weight beta of the relation loss L_RC. */
  readonly relationWeight: number;
  /** Random directions of the sliced Wasserstein distance. */
  readonly relationDirections: number;
  /** L_RC is evaluated every so many steps, with so many times the weight: it costs more than the rest of a step. */
  readonly relationEvery: number;
  /** Largest number of graphs of a batch that L_RC is evaluated on, drawn at random. */
  readonly relationGraphs: number;

  /** Epochs of fine-tuning on the clean graphs (baseline and teacher of the paper preset). */
  readonly fineTuneEpochs: number;
  readonly fineTuneLearningRate: number;
  /** Clean graphs a step of fine-tuning and of the paper preset's distillation. */
  readonly fineTuneBatch: number;
  /** Epochs and learning rate of the paper preset's distillation. */
  readonly paperEpochs: number;
  readonly paperLearningRate: number;

  /** Quantile of the clean activations that the teacher's are clipped at, per channel, in (0, 1]. */
  readonly boundQuantile: number;
  /**
   * Quantile of the nodes' clean contributions to the logits that the teacher's are clipped at (and its complement
   * from below); 1 leaves them alone.
   */
  readonly contributionQuantile: number;
  /** Pseudo-graphs a round, the copies of clean graphs among them. */
  readonly poolSize: number;
  /** Repeat the clean graphs of rarer classes until classes are even, before graphs are recombined. */
  readonly oversample: boolean;
  /**
   * The soft labels' temperature is lowered until their mean entropy is at most this share of log(classes); 1 keeps the
   * temperature at 1.
   */
  readonly labelEntropy: number;
  /** Triggered candidates a graph. */
  readonly candidates: number;
  /** Probability that the worst candidate is kept, not a random one. */
  readonly worstShare: number;
  /** Share of triggers that hang new nodes on the graph. */
  readonly newNodesShare: number;
  /** Share of triggers that prefer labels rare among the clean graphs. */
  readonly rareLabelShare: number;
  /** Cap of the class-balanced weights on the triggered terms; 1 gives every class the same weight. */
  readonly balanceCap: number;

  /** Graphs a step, and as many triggered copies. */
  readonly batch: number;
  readonly teacherRounds: number;
  /** Epochs a round of the teacher over the same graphs. */
  readonly teacherEpochs: number;
  readonly teacherLearningRate: number;
  /** Weights of the divergence on clean and pseudo-graphs and on triggered copies. */
  readonly teacherCleanWeight: number;
  readonly teacherTriggeredWeight: number;
  /** Share of the teacher's last rounds whose weights are averaged; 0 takes the last weights. */
  readonly teacherAveragedShare: number;

  readonly studentRounds: number;
  /** Epochs a round of the student over the same graphs. */
  readonly studentEpochs: number;
  /** The same share for the student. */
  readonly studentAveragedShare: number;
  /** Triggered candidates a graph, tried on the student. */
  readonly studentCandidates: number;
  readonly studentLearningRate: number;
  readonly studentCleanWeight: number;
  readonly studentTriggeredWeight: number;
  /** Weight of the cross-entropy on the clean graphs of the batch. */
  readonly studentLabelWeight: number;

  /** Learning rates fall along a half cosine to this share. */
  readonly finalLearningRate: number;
  /** Largest Euclidean norm of a step's gradient. */
  readonly gradientNorm: number;
}

/** Below this many clean graphs, soft labels and contributions are too coarse to be sharpened and bounded. */
const SMALL_CLEAN_SET = 24;

const robust: GraphnadOptions = {
  method: 'graphnad',
  attentionWeight: 1,
  attentionPower: 2,
  attentionWeighting: 'propagate',
  relationWeight: 0.1,
  relationDirections: 32,
  relationEvery: 3,
  relationGraphs: 16,
  fineTuneEpochs: 100,
  fineTuneLearningRate: 1e-2,
  fineTuneBatch: 32,
  paperEpochs: 100,
  paperLearningRate: 1e-2,
  boundQuantile: 0.99,
  contributionQuantile: 0.95,
  poolSize: 256,
  oversample: false,
  labelEntropy: 0.25,
  candidates: 4,
  worstShare: 0.7,
  newNodesShare: 0.1,
  rareLabelShare: 0.2,
  balanceCap: 5,
  batch: 64,
  teacherRounds: 8,
  teacherEpochs: 3,
  teacherLearningRate: 1e-3,
  teacherCleanWeight: 4,
  teacherTriggeredWeight: 3,
  teacherAveragedShare: 0.4,
  studentRounds: 6,
  studentEpochs: 3,
  studentAveragedShare: 0,
  studentCandidates: 4,
  studentLearningRate: 1e-3,
  studentCleanWeight: 4,
  studentTriggeredWeight: 2,
  studentLabelWeight: 0.25,
  finalLearningRate: 0.05,
  gradientNorm: 5,
};

/** What the published recipe sets differently: alpha 10, beta 1 (arXiv 2501.05835), at every step. */
const paper: Partial<GraphnadOptions> = {
  attentionWeight: 10,
  relationWeight: 1,
  relationEvery: 1,
};

/** What small clean sets need instead: labels as soft as the model gives them, no bounds on contributions. */
const smallCleanSet: Partial<GraphnadOptions> = {
  contributionQuantile: 1,
  labelEntropy: 1,
  teacherRounds: 10,
};

/**
 * Fills in defaults.
 *
 * @param cleanGraphs number of clean graphs; small sets have defaults of their own
 */
export function resolveOptions(given: Partial<GraphnadOptions>, cleanGraphs: number): GraphnadOptions {
  const method = given.method ?? 'graphnad';
  return {
    ...robust,
    ...(method === 'graphnad' && cleanGraphs < SMALL_CLEAN_SET ? smallCleanSet : {}),
    ...(method === 'graphnad-paper' ? paper : {}),
    ...definedOnly(given),
    method,
  };
}

/** Spreading an explicit `undefined` would erase a default. */
function definedOnly(given: Partial<GraphnadOptions>): Partial<GraphnadOptions> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
