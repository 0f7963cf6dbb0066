import { percent, plural } from '../../../protocol/numberText';
import type { SeedFigure, SeedReport, Spread } from '../../../protocol/seeds';
import { stageTitle } from './comparisonTable';

const figureTitles: readonly (readonly [SeedFigure, string])[] = [
  ['acc', 'accuracy'],
  ['asr', 'ASR, estimated'],
  ['flipAsr', 'flip ASR, estimated'],
  ['der', 'DER'],
];

/** `Over 3 seeds (0, 1, 2), mean ± standard deviation`. */
export function seedCaption({ runs }: SeedReport): string {
  return `Over ${plural(runs.length, 'seed')} (${runs.map(({ seed }) => seed).join(', ')}), mean ± standard deviation`;
}

/** Figures of each model over seeds: cells, the head first. */
export function seedRows({ spread }: SeedReport, methodTitle: string): string[][] {
  return [
    ['', ...spread.map(({ name }) => stageTitle(name, methodTitle))],
    ...figureTitles.map(([figure, title]) => [title, ...spread.map(({ figures }) => cell(figure, figures[figure]))]),
  ];
}

function cell(figure: SeedFigure, spread: Spread | undefined): string {
  if (spread === undefined) return '-';
  const { mean, deviation } = spread;
  if (figure === 'der') return `${mean.toFixed(2)} ± ${deviation.toFixed(2)}`;
  const decimals = figure === 'acc' ? 1 : 0;
  return `${percent(mean, decimals)} ± ${(100 * deviation).toFixed(decimals)}`;
}
