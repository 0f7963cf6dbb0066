import type { AttentionWeighting } from '../gnn/attentionMatrix';
import { count, flag, oneOf, positive, positiveShare, share, weight, within, type ValuesOf } from './settings';

const weightings: readonly AttentionWeighting[] = ['propagate', 'none', 'rsqrt', 'inverse', 'log', 'max'];

/** Fine-tuning on the clean graphs: a defense of its own, a teacher, and what every other one is compared with. */
export const fineTuneSettings = {
  /** Epochs of fine-tuning over the clean graphs. */
  fineTuneEpochs: count(100),
  /** Learning rate of Adam at the first step of fine-tuning; it falls to 0 along a half cosine. */
  fineTuneLearningRate: positive(1e-2),
  /** Clean graphs a step of fine-tuning; the last step of an epoch has about as many as the others. */
  fineTuneBatch: count(32, 2),
  /**
   * What BatchNorm normalises by, in fine-tuning and in training students on the clean graphs alone: `batch` as in
   * ordinary training, which also updates the statistics, or those of the suspect, `frozen`.
   */
  fineTuneStatistics: oneOf('batch', ['batch', 'frozen']),
};

/** The attention map and its loss L_AD; equations in docs/method.md. */
export const attentionSettings = {
  /** Weight of the attention loss L_AD, alpha. */
  attentionWeight: weight(1),
  /** Exponent p of the attention map, 1 to 4 (2: Zagoruyko & Komodakis 2017). */
  attentionPower: within(2, 1, 4),
  /** How a node's attention depends on its degree. */
  attentionWeighting: oneOf('propagate', weightings),
};

/** Attention and relation losses of GraphNAD (arXiv 2501.05835). */
export const guidanceSettings = {
  ...attentionSettings,
  /** Weight of the relation loss L_RC, beta. */
  relationWeight: weight(0.1),
  /** Random directions of the sliced Wasserstein distance. */
  relationDirections: count(32),
  /** L_RC is evaluated every so many steps, with so many times the weight: it costs more than the rest of a step. */
  relationEvery: count(3),
  /** Largest number of graphs of a batch that L_RC is evaluated on, drawn at random. */
  relationGraphs: count(16),
};

/** The robust preset; sources and measurements in docs/method.md. */
export const graphnadSettings = {
  ...fineTuneSettings,
  ...guidanceSettings,

  /** Quantile of the clean activations that the teacher's are clipped at, per channel. */
  boundQuantile: positiveShare(0.99),
  /**
   * Quantile of the nodes' clean contributions to the logits that the teacher's are clipped at (and its complement
   * from below); 1 leaves them alone.
   */
  contributionQuantile: positiveShare(0.95),
  /** Pseudo-graphs a round, the copies of clean graphs among them. */
  poolSize: count(256),
  /** Repeat the clean graphs of rarer classes until classes are even, before graphs are recombined. */
  oversample: flag(true),
  /**
   * The soft labels' temperature is lowered until their mean entropy is at most this share of log(classes); 1 keeps the
   * temperature at 1.
   */
  labelEntropy: positiveShare(0.25),
  /** Triggered candidates a graph. */
  candidates: count(2),
  /** Probability that the worst candidate is kept, not a random one. */
  worstShare: share(0.7),
  /** Share of triggers that hang new nodes on the graph. */
  newNodesShare: share(0.1),
  /** Share of triggers that prefer labels rare among the clean graphs. */
  rareLabelShare: share(0.2),
  /** Cap of the class-balanced weights on the triggered terms; 1 gives every class the same weight. */
  balanceCap: positive(5),

  /** Graphs a step, and as many triggered copies. */
  batch: count(64),
  /** Rounds of the teacher: each draws its graphs anew. */
  teacherRounds: count(8),
  /** Epochs a round of the teacher over the same graphs. */
  teacherEpochs: count(3),
  /** Learning rate of Adam at the teacher's first step. */
  teacherLearningRate: positive(1e-3),
  /** Weight of the divergence on clean and pseudo-graphs. */
  teacherCleanWeight: weight(4),
  /** Weight of the divergence on triggered copies. */
  teacherTriggeredWeight: weight(3),
  /** Share of the teacher's last rounds whose weights are averaged; 0 takes the last weights. */
  teacherAveragedShare: share(0.4),

  /** Rounds of the student: each draws its graphs anew. */
  studentRounds: count(16),
  /** Epochs a round of the student over the same graphs. */
  studentEpochs: count(3),
  /** Share of the student's last rounds whose weights are averaged; 0 takes the last weights. */
  studentAveragedShare: share(0.4),
  /** Triggered candidates a graph, tried on the student. */
  studentCandidates: count(2),
  /** Learning rate of Adam at the student's first step. */
  studentLearningRate: positive(1e-3),
  /** Share of the teacher's answers in the student's soft labels; the rest are the suspect's own. */
  studentTeacherShare: share(0.5),
  /** Weight of the divergence on clean and pseudo-graphs. */
  studentCleanWeight: weight(4),
  /** Weight of the divergence on triggered copies. */
  studentTriggeredWeight: weight(4),
  /** Weight of the cross-entropy on the clean graphs of the batch. */
  studentLabelWeight: weight(0.25),

  /** Learning rates of teacher and student fall along a half cosine to this share. */
  finalLearningRate: share(0.05),
  /** Largest Euclidean norm of a step's gradient, of teacher and student. */
  gradientNorm: positive(5),
};

export type FineTuneOptions = ValuesOf<typeof fineTuneSettings>;
export type AttentionSettings = ValuesOf<typeof attentionSettings>;
export type GuidanceOptions = ValuesOf<typeof guidanceSettings>;
/** Settings of the robust preset. */
export type GraphnadOptions = ValuesOf<typeof graphnadSettings>;

/** Below this many clean graphs, soft labels and contributions are too coarse to be sharpened and bounded. */
export const SMALL_CLEAN_SET = 24;

/** What the robust preset does differently with so many clean graphs: labels stay soft, contributions unbounded. */
export function smallSetDefaults(cleanGraphs: number): Partial<GraphnadOptions> {
  return cleanGraphs < SMALL_CLEAN_SET ? { contributionQuantile: 1, labelEntropy: 1 } : {};
}
