import { mean } from '../../scan/statistics';
import { markdownTable } from '../markdown';
import { isAttackedCell, overSeeds, shortfall, variantName, type Combination } from './combination';
import { goalLines, judge, type Judged } from './goal';
import { rateText, type MeasuredCell } from './record';
import { groupBy, shareText } from './spread';

const percent = (share: number): string => (100 * share).toFixed(1).replace(/^-0\.0$/, '0.0');

/**
 * A row a defense over all attacked models of the grid, with what the goal asks of each figure in the head. What was
 * not measured is counted beside what was.
 */
export function goalTable(combinations: readonly Combination[]): string {
  const { flipAsr, aboveFloor, accuracyLoss, worstAccuracyLoss } = goalLines;
  const head = [
    'defense',
    'cells',
    `mean flip ASR, % (goal: at most ${percent(flipAsr)})`,
    `cells more than ${100 * aboveFloor} points above their floor (goal: 0)`,
    `mean accuracy loss, points (goal: at most ${percent(accuracyLoss)})`,
    `worst accuracy loss (goal: at most ${percent(worstAccuracyLoss)})`,
    'mean DER',
    's',
  ];
  const rows = [...groupBy(combinations, variantName(combinations))].map(([name, own]) => [name, ...goalRow(own)]);
  return markdownTable([head, ...rows]);
}

function goalRow(own: readonly Combination[]): string[] {
  const judged = own.map(judge).filter((one) => one !== undefined);
  const { word, note } = shortfall(own);
  if (word !== undefined || judged.length === 0) return [word ?? 'no attack', ...Array.from({ length: 6 }, () => '-')];
  const records = own.flatMap(({ measured }) => measured).filter(isAttackedCell);
  const flips = judged.map((one) => one.flipAsr).filter((flip) => flip !== undefined);
  const losses = judged.map((one) => one.accuracyLoss);
  return [
    `${judged.length}${note}`,
    flips.length > 0 ? percent(mean(flips)) : '-',
    String(judged.filter(({ aboveFloor }) => aboveFloor).length),
    percent(mean(losses)),
    percent(Math.max(...losses)),
    overSeeds(records, ({ der }) => der)?.mean.toFixed(3) ?? '-',
    mean(records.map(({ seconds }) => seconds)).toFixed(1),
  ];
}

/** The cells in which a defense misses the goal, the worst first; a sentence where there are none. */
export function missedTable(combinations: readonly Combination[]): string {
  const rates = new Set(combinations.map(({ holdingRate }) => holdingRate));
  const judged = combinations.map(judge).filter((one) => one !== undefined);
  const missed = judged.filter(({ misses }) => misses.length > 0);
  if (missed.length === 0) return `None of ${judged.length} cells.\n`;
  const excess = (one: Judged): number => (one.flipAsr ?? 1) - (one.floor ?? 0) + one.accuracyLoss;
  const rows = missed
    .sort((a, b) => excess(b) - excess(a))
    .map(({ combination: { data, attack, architecture, holdingRate }, flipAsr, floor, accuracyLoss, misses }) => [
      [data, architecture, attack, ...(rates.size > 1 ? [rateText(holdingRate)] : [])].join(', '),
      flipAsr === undefined ? '-' : percent(flipAsr),
      floor === undefined ? '-' : percent(floor),
      percent(accuracyLoss),
      misses.join('; '),
    ]);
  const table = markdownTable([['cell', 'flip ASR, %', 'floor, %', 'accuracy loss, points', 'misses'], ...rows]);
  return `${missed.length} of ${judged.length} cells.\n\n${table}`;
}

/** Parts of a grid that outcomes are compared over. */
export type GridPart = 'data' | 'architecture' | 'attack';

/**
 * A row a defense, a column a data set (or architecture, or attack): `ACC / ASR / flip ASR` in percent and DER, means
 * over the other parts of the grid. Nothing where there is no attack.
 */
export function outcomesBy(combinations: readonly Combination[], part: GridPart): string {
  const attacked = attackedOnes(combinations);
  if (attacked.length === 0) return '';
  const names = [...groupBy(attacked, (one) => one[part]).keys()];
  const variants = groupBy(attacked, variantName(combinations));
  const of = (own: readonly Combination[], name: string): Combination[] => own.filter((one) => one[part] === name);
  const suspects = names.map((name) => suspectText(of(attacked, name)));
  const rows = [...variants].map(([variant, own]) => [variant, ...names.map((name) => outcomeText(of(own, name)))]);
  return markdownTable([['', ...names], ['suspect', ...suspects], ...rows]);
}

/**
 * How strong the attacks are: a row an attack, a column an architecture; ASR and flip ASR of the suspects in percent, and
 * the points of accuracy that the poison costs beside a benign model of the same seeds; means over data sets.
 */
export function attackTable(combinations: readonly Combination[]): string {
  const attacked = attackedOnes(combinations);
  const architectures = [...groupBy(attacked, ({ architecture }) => architecture).keys()];
  const rows = [...groupBy(attacked, ({ attack }) => attack)].map(([attack, own]) => [
    attack,
    ...architectures.map((name) => strengthText(own.filter(({ architecture }) => architecture === name))),
  ]);
  return rows.length === 0 ? '' : markdownTable([['', ...architectures], ...rows]);
}

function strengthText(combinations: readonly Combination[]): string {
  const { word } = shortfall(combinations);
  if (word !== undefined) return word;
  const models = suspectsOf(combinations);
  const figure = (of: Parameters<typeof overSeeds>[1]): string => shareText(overSeeds(models, of));
  return [
    figure(({ before }) => before.asr),
    figure(({ before }) => before.flipAsr),
    figure(({ before, floor }) => (floor === undefined ? undefined : floor.acc - before.acc)),
  ].join(' / ');
}

/** Leaves out models that were never attacked, those that were not measured yet as well. */
function attackedOnes(combinations: readonly Combination[]): Combination[] {
  const benign = combinations.filter(({ measured }) => measured.length > 0 && !measured.some(isAttackedCell));
  const names = new Set(benign.map(({ attack }) => attack));
  return combinations.filter(({ attack }) => !names.has(attack));
}

/** A record of every suspect model, whatever was made of it. */
function suspectsOf(combinations: readonly Combination[]): MeasuredCell[] {
  const records = combinations.flatMap(({ measured }) => measured);
  const models = groupBy(records, ({ cell: { data, attack, architecture, attackSeed } }) =>
    [data, attack, architecture, attackSeed].join('/'),
  );
  const nothingDone = { defense: '', holdingRate: 0, defenseSeed: 0 };
  return [...models.values()].map(([first]) => ({ ...first, cell: { ...first.cell, ...nothingDone } }));
}

/** `ACC / ASR / flip ASR` of the suspects, each model counted once. */
export function suspectText(combinations: readonly Combination[]): string {
  const { word } = shortfall(combinations);
  if (word !== undefined) return word;
  return figuresText(suspectsOf(combinations), 'before');
}

/** `ACC / ASR / flip ASR, DER` of what a defense made, and how many seeds there are where some lack. */
export function outcomeText(combinations: readonly Combination[]): string {
  const { word, note } = shortfall(combinations);
  if (word !== undefined) return word;
  const records = combinations.flatMap(({ measured }) => measured);
  const der = overSeeds(records, (record) => record.der)?.mean;
  return `${figuresText(records, 'after')}${der === undefined ? '' : `, ${der.toFixed(2)}`}${note}`;
}

function figuresText(records: Parameters<typeof overSeeds>[0], which: 'before' | 'after'): string {
  const figure = (key: 'acc' | 'asr' | 'flipAsr'): string => shareText(overSeeds(records, (one) => one[which][key]));
  return records.some(isAttackedCell) ? [figure('acc'), figure('asr'), figure('flipAsr')].join(' / ') : figure('acc');
}
