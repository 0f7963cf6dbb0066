import { percent } from '../../../protocol/numberText';
import type { BackdoorVerdict, Metrics, PurifyReport } from '../../../protocol/reports';
import { attackSuccess, type OutcomeCode } from '../defense/outcome';

/**
 * What a purification came to, in a sentence that says no more than was measured.
 *
 * @param suspect verdict on the model before
 * @param rescan verdict on the purified model
 * @param codes what went wrong, if anything
 * @param before figures of the suspect model on held-back graphs
 * @param after figures of the purified model on the same graphs, with the same trigger
 * @param floor flip ASR of a model that was never poisoned, with the same trigger, where one was given
 */
export function purificationVerdict(
  suspect: BackdoorVerdict,
  rescan: BackdoorVerdict,
  codes: readonly OutcomeCode[],
  before: Metrics,
  after: Metrics,
  floor?: number,
): PurifyReport['verdict'] {
  const figures =
    `estimated ASR ${percent(before.asr ?? 0)} -> ${percent(after.asr ?? 0)}, ` +
    `accuracy on held-back clean graphs ${percent(before.acc, 1)} -> ${percent(after.acc, 1)}` +
    (floor === undefined ? '.' : `; the trigger flips ${percent(floor)} with a model that was never poisoned.`);
  if (codes.includes('GN301')) {
    const left = percent(attackSuccess(after) ?? 0);
    return { kind: 'still-suspicious', text: `backdoor not removed: the trigger still flips ${left}; ${figures}` };
  }
  if (rescan.kind === 'likely') {
    return {
      kind: 'still-suspicious',
      text: `a fresh scan of the purified model still finds it suspicious; ${figures}`,
    };
  }
  const unscanned = rescan.kind === 'not-assessed' ? unscannedText(rescan) : '';
  if (suspect.kind !== 'likely') {
    const why =
      suspect.kind === 'not-assessed' ? `was not assessed (${suspect.reason})` : 'showed no sign of a backdoor';
    const isBetter = (attackSuccess(after) ?? 1) < (attackSuccess(before) ?? 0);
    const change = isBetter ? 'resists small triggers better' : 'does not resist small triggers better';
    return { kind: 'no-backdoor-found', text: `the model ${why}; the purified one ${change}${unscanned}: ${figures}` };
  }
  const cost = codes.includes('GN302') ? 'backdoor removed at a high price' : 'backdoor removed';
  return { kind: 'removed', text: `${cost}${unscanned}: ${figures}` };
}

function unscannedText({ reason, purified }: BackdoorVerdict & { readonly kind: 'not-assessed' }): string {
  return purified
    ? ', though a fresh scan of it has nothing of its training to judge by'
    : `, though a fresh scan could not assess the purified model (${reason})`;
}
