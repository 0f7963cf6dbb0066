/** The class-free summary of a model's signals that the suspicion score weighs. */
export interface SignalSummary {
  /** Largest minus smallest rho over classes. */
  readonly rhoAsymmetry: number;
  readonly gain: number;
  /** Largest minus smallest excess over classes. */
  readonly excessAsymmetry: number;
  /**
   * Largest evidence over classes that training graphs carried a trigger (`signals/trainingTraces.ts`); absent where the
   * model's statistics are not those of its training.
   */
  readonly trace?: number;
}

export type SignalName = keyof SignalSummary;

/** A logistic regression over standardised signals, and what clean reference models show. */
export interface Calibration {
  readonly signals: Readonly<
    Partial<Record<SignalName, { readonly mean: number; readonly deviation: number; readonly weight: number }>>
  >;
  readonly intercept: number;
  /** Deviations from its mean that a signal counts up to. Default 1. */
  readonly limit?: number;
  /** Figures of clean reference models, each list ascending, one value a model. */
  readonly clean: {
    /** Suspicion. */
    readonly suspicion: readonly number[];
    /** Estimated ASR toward the class that the scan would name. */
    readonly estimatedAsr: readonly number[];
    /** Estimated ASR of the class easiest to reach minus that of the next. */
    readonly asrGap: readonly number[];
    /** How many times a trigger raises the attention on the top nodes, in the layer where that is largest. */
    readonly concentrationRise: readonly number[];
    /** How far it raises the Gini coefficient of attention there. */
    readonly giniRise: readonly number[];
    /** How far it lowers the entropy of attention there. */
    readonly entropyFall: readonly number[];
  };
}

/**
 * A signal in standard deviations from its mean, at most `limit` to either side. A linear score must not run away on one
 * signal: a purified model can have a gain far beyond that of any model the score was fitted on, while the other
 * signals say that nothing follows from it (docs/detection.md).
 */
export function standardised(value: number, mean: number, deviation: number, limit = 1): number {
  return Math.max(-limit, Math.min(limit, (value - mean) / deviation));
}

/**
 * Suspicion in [0, 1]: logistic of the weighted, standardised signals. A score to compare models by, not the
 * probability that a model is backdoored, which also depends on how common backdoors are.
 *
 * @throws RangeError where a signal is missing that the calibration weighs
 */
export function suspicionOf(
  signals: SignalSummary,
  { signals: weighed, intercept, limit }: Omit<Calibration, 'clean'>,
): number {
  let score = intercept;
  for (const [name, { mean, deviation, weight }] of Object.entries(weighed)) {
    const value = signals[name as SignalName];
    if (value === undefined) throw new RangeError(`the signal ${name} was not measured`);
    score += weight * standardised(value, mean, deviation, limit);
  }
  return 1 / (1 + Math.exp(-score));
}

/** Share of the reference values that lie below `value`. @param reference ascending; 0 where it is empty */
export function shareBelow(reference: readonly number[], value: number): number {
  return reference.length === 0 ? 0 : reference.filter((other) => other < value).length / reference.length;
}

/**
 * How often a clean model would reach `value`: the conformal p-value (1 + references at or above it) / (1 + references).
 * With n references it cannot fall below 1 / (n + 1).
 */
export function falseAlarmRate(reference: readonly number[], value: number): number {
  return (1 + reference.filter((other) => other >= value).length) / (1 + reference.length);
}

/** False-alarm rates at which a finding is an error, and at which it is a warning. */
export const errorRate = 0.05;
export const warningRate = 0.1;
