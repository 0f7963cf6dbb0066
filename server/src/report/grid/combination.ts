import { cellName, isMeasured, rateText, type CellId, type CellRecord, type MeasuredCell } from './record';
import { groupBy, spreadOf, type Spread } from './spread';

/** A combination of a grid's parts over its seeds: what a goal calls a cell. */
export interface Combination {
  readonly data: string;
  readonly attack: string;
  readonly architecture: string;
  readonly defense: string;
  readonly holdingRate: number;
  /** Seeds that were measured. */
  readonly measured: readonly MeasuredCell[];
  /** Seeds that are wanted. */
  readonly wanted: number;
  readonly failed: number;
}

/** The cells of a grid with what there is of them, seeds together. */
export function combinationsOf(cells: readonly CellId[], records: readonly CellRecord[]): Combination[] {
  const byName = new Map(records.map((record) => [cellName(record.cell), record]));
  const withoutSeeds = ({ data, attack, architecture, defense, holdingRate }: CellId): string =>
    [data, attack, architecture, defense, holdingRate].join('/');
  return [...groupBy(cells, withoutSeeds).values()].map((own) => {
    const found = own.map((cell) => byName.get(cellName(cell))).filter((record) => record !== undefined);
    const measured = found.filter(isMeasured);
    const { data, attack, architecture, defense, holdingRate } = own[0];
    return {
      ...{ data, attack, architecture, defense, holdingRate, measured },
      wanted: own.length,
      failed: found.length - measured.length,
    };
  });
}

/**
 * A figure of cells: each cell's mean over its seeds, and of these the mean. The deviation is that over seeds, among the
 * seeds that have all of the cells: others differ in what they were measured on.
 */
export function overSeeds(
  records: readonly MeasuredCell[],
  figure: (record: MeasuredCell) => number | undefined,
): Spread | undefined {
  const known = records.filter((record) => figure(record) !== undefined);
  const meanOf = (own: readonly MeasuredCell[]): number | undefined => spreadOf(own.map(figure))?.mean;
  const byCell = groupBy(known, ({ cell }) => cellName({ ...cell, attackSeed: 0, defenseSeed: 0 }));
  const overall = spreadOf([...byCell.values()].map(meanOf));
  if (overall === undefined) return undefined;
  const bySeed = [...groupBy(known, ({ cell }) => `${cell.attackSeed} ${cell.defenseSeed}`).values()];
  const seeds = spreadOf(bySeed.filter((own) => own.length === byCell.size).map(meanOf));
  return { mean: overall.mean, deviation: seeds?.deviation ?? 0, count: seeds?.count ?? 0 };
}

/** Whether the suspects were attacked at all. */
export function isAttackedCell({ before }: MeasuredCell): boolean {
  return before.asr !== undefined;
}

/** Accuracy that the defense cost; negative where it gained. */
export function accuracyLoss({ before, after }: MeasuredCell): number {
  return before.acc - after.acc;
}

/** What a table shows of seeds that are not all there: nothing, ` (2 of 3)`, or a word where there is none. */
export function shortfall(combinations: readonly Combination[]): { readonly word?: string; readonly note: string } {
  const sum = (of: (combination: Combination) => number): number =>
    combinations.reduce((total, combination) => total + of(combination), 0);
  const measured = sum(({ measured: records }) => records.length);
  const wanted = sum((combination) => combination.wanted);
  if (measured === 0) return { word: sum(({ failed }) => failed) > 0 ? 'failed' : 'missing', note: '' };
  return { note: measured < wanted ? ` (${measured} of ${wanted})` : '' };
}

/** Name of a defense, with the holding rate where the grid has several. */
export function variantName(combinations: readonly Combination[]): (one: Combination) => string {
  const rates = new Set(combinations.map(({ holdingRate }) => holdingRate));
  return ({ defense, holdingRate }) => (rates.size > 1 ? `${defense}, ${rateText(holdingRate)}` : defense);
}
