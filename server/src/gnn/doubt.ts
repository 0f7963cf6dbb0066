import { agreementByChance } from './agreement';
import type { Settings } from './recognition/settings';
import { count, shareText } from './signTest';
import { UnsettledArchitectureError } from './unrecognised';

/** So often chance may bring it about that predictions go with the labels. */
const significance = 0.05;

interface Predictions {
  /** Class of each graph. */
  readonly predicted: ArrayLike<number>;
  /** Which of them are right. */
  readonly hits: readonly boolean[];
}

interface CleanLabels {
  readonly labels: readonly number[];
  /** Which of the graphs are of the most frequent class. */
  readonly majority: readonly boolean[];
}

/**
 * Whether a model of which parts are assumed predicts clean labels so poorly that nothing can rest on it: it gets no more
 * right than always the most frequent class, or no more than chance may bring (permutation test at 5%).
 *
 * @param assumed the parts that nobody vouches for
 * @returns the reason, with how to state the parts; undefined where there is no such doubt, or nothing is assumed
 */
export function doubtOn(
  { predicted, hits }: Predictions,
  { labels, majority }: CleanLabels,
  assumed: Settings,
): UnsettledArchitectureError | undefined {
  if (Object.keys(assumed).length === 0) return undefined;
  if (count(hits) > count(majority) && agreementByChance(predicted, labels) <= significance) return undefined;
  return new UnsettledArchitectureError(
    `with what is assumed it is right on ${shareText(hits)} of ${hits.length} clean graphs, not clearly more than always ` +
      `the most frequent class (${shareText(majority)}): what is assumed may be wrong, the graphs may be few or of another ` +
      'task, or the model may be no better than guessing',
    assumed,
  );
}
