import { markdownTable } from '../../server/src/report/markdown';
import { groupBy, shareText, spreadOf } from '../../server/src/report/grid/spread';
import type { AttackMeasurement } from './measure';

/**
 * Tables of attacks by data sets, one a kind of model: ACC / ASR / flip ASR in percent, means over seeds and their
 * deviation, and below the flatness (`attack/flatness.ts`).
 */
export function attackTables(measurements: readonly AttackMeasurement[]): string {
  return [...groupBy(measurements, ({ arch }) => arch)]
    .map(([arch, ofArch]) => {
      const changing = ofArch.filter(({ flatness }) => flatness !== undefined);
      const seeds = [...new Set(ofArch.map(({ seed }) => seed))].sort((a, b) => a - b);
      return [
        `${arch}, seed ${seeds.join(', ')}: ACC / ASR / flip ASR, %\n`,
        table(ofArch, figures),
        `${arch}: flatness\n`,
        table(changing, (ofCell) => spreadOf(ofCell.map(({ flatness }) => flatness))?.mean.toFixed(2) ?? '-'),
      ].join('\n');
    })
    .join('\n');
}

function table(
  measurements: readonly AttackMeasurement[],
  cell: (ofCell: readonly AttackMeasurement[]) => string,
): string {
  const dataSets = [...groupBy(measurements, ({ dataSet }) => dataSet).keys()];
  return markdownTable([
    ['attack', ...dataSets],
    ...[...groupBy(measurements, ({ kind }) => kind)].map(([kind, ofKind]) => [
      kind === 'none' ? 'none (clean model)' : kind,
      ...dataSets.map((wanted) => cell(ofKind.filter(({ dataSet }) => dataSet === wanted))),
    ]),
  ]);
}

function figures(ofCell: readonly AttackMeasurement[]): string {
  const share = (figure: (one: AttackMeasurement) => number | undefined): string =>
    shareText(spreadOf(ofCell.map(figure)));
  if (ofCell.every(({ kind }) => kind === 'none')) return share(({ acc }) => acc);
  return [share(({ acc }) => acc), share(({ asr }) => asr), share(({ flipAsr }) => flipAsr)].join(' / ');
}
