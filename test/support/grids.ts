import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Grid } from '../../server/src/jobs/grid/grid';
import { parseGrid } from '../../server/src/jobs/grid/gridFile';
import type { CellId, FailedCell, MeasuredCell } from '../../server/src/report/grid/record';

export const gridsFolder = path.resolve(__dirname, '../../bench/grids');

/** A grid of `bench/grids`. */
export function readGrid(name: string): Grid {
  const file = path.join(gridsFolder, `${name}.json`);
  return parseGrid(readFileSync(file, 'utf8'), file);
}

export function cellId(parts: Partial<CellId> = {}): CellId {
  const names = { data: 'AIDS', attack: 'gta', architecture: 'gin', defense: 'graphnad' };
  return { ...names, holdingRate: 0.03, attackSeed: 0, defenseSeed: 0, ...parts };
}

/** A measured cell: accuracy 0.9 -> 0.88, flip ASR 0.95 -> 0.04, floor 0.1, unless told otherwise. */
export function measuredCell(cell: Partial<CellId> = {}, parts: Partial<MeasuredCell> = {}): MeasuredCell {
  return {
    key: 'k',
    cell: cellId(cell),
    options: {},
    before: { acc: 0.9, asr: 0.96, flipAsr: 0.95, cleanTargetRate: 0.1 },
    floor: { acc: 0.91, asr: 0.2, flipAsr: 0.1, cleanTargetRate: 0.1 },
    after: { acc: 0.88, asr: 0.12, flipAsr: 0.04, cleanTargetRate: 0.09 },
    der: 0.91,
    cleanGraphs: 48,
    seconds: 10,
    ...parts,
  };
}

export function failedCell(cell: Partial<CellId> = {}): FailedCell {
  const failed = { step: 'attack', error: 'AttackError', message: 'no graph can be poisoned' };
  return { key: 'k', cell: cellId(cell), failed };
}
