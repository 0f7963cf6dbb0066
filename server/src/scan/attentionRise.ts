import type { AttentionConcentration, CleanAndTriggered } from '../../../protocol/reports';

/** How many times a share is what it was; 0 where there was nothing. */
export function riseOf({ clean, triggered }: CleanAndTriggered): number {
  return clean > 0 ? triggered / clean : 0;
}

/**
 * The layer whose concentration a trigger raises most, and how many times. Shares themselves depend on the size of the
 * graphs; their ratio on the same graphs does not.
 *
 * @param attention at least one layer
 */
export function largestRise(attention: readonly AttentionConcentration[]): {
  readonly layer: AttentionConcentration;
  readonly rise: number;
} {
  return attention
    .map((layer) => ({ layer, rise: riseOf(layer) }))
    .reduce((largest, other) => (other.rise > largest.rise ? other : largest));
}
