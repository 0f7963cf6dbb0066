import { estimateText, percent } from '../../../protocol/numberText';
import type { Metrics, PurifyReport, StageFigures, StageResult } from '../../../protocol/reports';

/** A model as a column of the comparison. */
type Column = StageFigures & Partial<Pick<StageResult, 'der'>>;

/**
 * Before, fine-tuned only and purified side by side; beside them a model that was never poisoned, where one was given.
 *
 * @returns cells, the head first; the purified model's column is headed by the method
 */
export function comparisonRows({
  stages,
  methodTitle,
  benign,
}: Pick<PurifyReport, 'stages' | 'methodTitle' | 'benign'>): string[][] {
  const columns: readonly Column[] = benign ? [...stages, benign] : stages;
  const row = (name: string, cell: (column: Column) => string): string[] => [name, ...columns.map(cell)];
  const share = (value: number | undefined, decimals = 0): string =>
    value === undefined ? '-' : percent(value, decimals);
  const truth = (name: string, key: keyof Metrics, decimals = 0): string[] =>
    row(name, (stage) => share(stage.true?.[key], decimals));
  return [
    ['', ...stages.map(({ name }) => stageTitle(name, methodTitle)), ...(benign ? ['never poisoned'] : [])],
    row('accuracy', (stage) => share(stage.estimated.acc, 1)),
    row('ASR, estimated', (stage) => estimateText(stage.estimated.asrInterval)),
    row('flip ASR, estimated', (stage) => share(stage.estimated.flipAsr)),
    row('DER', (stage) => stage.der?.toFixed(2) ?? '-'),
    ...(stages.some((stage) => stage.true)
      ? [truth('ASR, true trigger', 'asr', 1), truth('flip ASR, true trigger', 'flipAsr', 1)]
      : []),
  ];
}

/** What a column is headed by. */
export function stageTitle(name: StageResult['name'], methodTitle: string): string {
  switch (name) {
    case 'before':
      return 'before';
    case 'fine-tuned':
      return 'fine-tuned only';
    case 'graphnad':
      return methodTitle;
  }
}
