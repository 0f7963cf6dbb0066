import type { Finding } from '../../../protocol/findings';
import type { Spread, StageSpread } from '../../../protocol/seeds';
import { variesStrongly } from '../defense/seedSpread';

/**
 * GN303 where the purified models of several seeds differ strongly.
 *
 * @param spread of the purified model
 * @param seeds number of seeds
 */
export function seedFindings(spread: StageSpread, seeds: number): Finding[] {
  if (!variesStrongly(spread)) return [];
  const { acc, flipAsr, asr } = spread.figures;
  const figures = [
    ...(acc === undefined ? [] : [`accuracy ${range(acc, 1)}`]),
    ...(flipAsr === undefined ? [] : [`flip ASR ${range(flipAsr, 0)}`]),
    ...(flipAsr === undefined && asr !== undefined ? [`ASR ${range(asr, 0)}`] : []),
  ];
  return [
    {
      code: 'GN303',
      severity: 'information',
      message: 'Results differ strongly from seed to seed: the clean set is too small or not representative',
      details: [
        `Over ${seeds} seeds, mean and standard deviation: ${figures.join(', ')}.`,
        'A deviation of so few runs is itself known to about half of its value.',
      ],
    },
  ];
}

/** `93.1% ± 4.0 points (88.0 to 97.5%)` */
function range({ mean, deviation, least, most }: Spread, decimals: number): string {
  const [m, d, l, h] = [mean, deviation, least, most].map((share) => (100 * share).toFixed(decimals));
  return `${m}% ± ${d} points (${l} to ${h}%)`;
}
