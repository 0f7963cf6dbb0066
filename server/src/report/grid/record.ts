import type { Metrics } from '../../../../protocol/reports';

/** What tells one cell of a grid from the others: names of the grid file, and seeds. */
export interface CellId {
  readonly data: string;
  readonly attack: string;
  readonly architecture: string;
  readonly defense: string;
  /** Number of clean graphs as a share of the training split. */
  readonly holdingRate: number;
  readonly attackSeed: number;
  readonly defenseSeed: number;
}

/**
 * Share of a graph's attention that lies on the nodes a trigger touches, of each layer, mean over the attacked test
 * graphs: without the trigger and with it.
 */
export interface TriggerAttention {
  readonly clean: readonly number[];
  readonly triggered: readonly number[];
}

/** True figures of one model; shares in [0, 1]. Those of an attack are absent where the model was not attacked. */
export interface ModelFigures extends Metrics {
  readonly attention?: TriggerAttention;
}

/** A cell that went all the way from training to evaluation. */
export interface MeasuredCell {
  /** Hash of everything the result follows from. */
  readonly key: string;
  readonly cell: CellId;
  /** Settings of the defense that the grid file gives. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The suspect model. */
  readonly before: ModelFigures;
  /** The benign floor: a model trained without poison, under the same triggered graphs. */
  readonly floor?: ModelFigures;
  /** What the defense made of the suspect. */
  readonly after: ModelFigures;
  /** Defense effectiveness rating; absent where there was no attack. */
  readonly der?: number;
  readonly cleanGraphs: number;
  /** Processor time of the defense, in seconds on one thread. */
  readonly seconds: number;
}

/** A cell whose training, attack or defense ended with an error. */
export interface FailedCell {
  readonly key: string;
  readonly cell: CellId;
  readonly failed: { readonly step: string; readonly error: string; readonly message: string };
}

export type CellRecord = MeasuredCell | FailedCell;

export function isMeasured(record: CellRecord): record is MeasuredCell {
  return 'after' in record;
}

/** Such as `PROTEINS/gta/gin/graphnad/3%/s0/d0`. */
export function cellName({
  data,
  attack,
  architecture,
  defense,
  holdingRate,
  attackSeed,
  defenseSeed,
}: CellId): string {
  return [data, attack, architecture, defense, rateText(holdingRate), `s${attackSeed}`, `d${defenseSeed}`].join('/');
}

/** A holding rate in percent, without needless digits. */
export function rateText(rate: number): string {
  return `${Number((100 * rate).toPrecision(6))}%`;
}

/** The latest record of each cell, in the order of the cells; those of other cells are left out. */
export function recordsOf(cells: readonly CellId[], records: readonly CellRecord[]): CellRecord[] {
  const latest = new Map(records.map((record) => [cellName(record.cell), record]));
  return cells.map((cell) => latest.get(cellName(cell))).filter((record) => record !== undefined);
}
