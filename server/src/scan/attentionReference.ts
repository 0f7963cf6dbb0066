/** What the strongest trigger found does to clean models, in the layer where it draws attention most: 5% and 95% quantiles. */
export interface AttentionReference {
  /** Rise of the Gini coefficient. */
  readonly gini: readonly [low: number, high: number];
  /** Fall of the entropy. */
  readonly entropy: readonly [low: number, high: number];
}

/** Of clean reference models; written by `bench/scanWithoutData.ts`. */
export const attentionReference: AttentionReference = { gini: [0.0682, 0.4507], entropy: [0.02, 0.2772] };
