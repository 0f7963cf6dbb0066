import path from 'node:path';
import { cellsOf } from '../../server/src/jobs/grid/cells';
import type { Grid } from '../../server/src/jobs/grid/grid';
import { readJsonLines } from '../../server/src/jobs/grid/jsonLines';
import type { MeasuredSuspect } from '../../server/src/jobs/grid/measureSuspect';
import { hasModelFolder } from '../../server/src/jobs/grid/modelFolder';
import { planCells } from '../../server/src/jobs/grid/plan';
import { hashesOf } from '../../server/src/jobs/grid/runGrid';
import { isAttacked, type SuspectSpec } from '../../server/src/jobs/grid/suspect';
import type { TrainStep } from '../../server/src/jobs/grid/trainSuspect';
import { documentedGrids, readGridFile } from '../grid/document';

const gridFolder = path.join(__dirname, '..', 'grids');

/** A trained model that no threshold has seen. */
export interface HoldoutModel {
  readonly key: string;
  readonly spec: SuspectSpec;
  /** Folder that `graphnad bench` keeps it in. */
  readonly folder: string;
  /** Of the true trigger on the test split; absent for clean models. */
  readonly asr?: number;
}

/**
 * Trained models of the grids in bench/grids, each once; of the backdoored ones those whose attack was measured.
 *
 * @param out folder that `graphnad bench` was given
 */
export async function gridModels(out: string): Promise<HoldoutModel[]> {
  const suspects = await readJsonLines<MeasuredSuspect & { readonly key: string }>(path.join(out, 'suspects.jsonl'));
  const measured = new Map(suspects.map((record) => [record.key, record.before.asr]));
  const found = new Map<string, HoldoutModel>();
  for (const name of documentedGrids) {
    const grid = readGridFile(gridFolder, name);
    for (const { measure } of await planned(grid, out)) {
      const asr = measured.get(measure.key);
      for (const { key, task } of measure.needs) {
        const { spec, folder } = task as TrainStep;
        if (isAttacked(spec) && asr === undefined) continue;
        if (!found.has(key) && (await hasModelFolder(folder))) {
          found.set(key, { key, spec, folder, ...(isAttacked(spec) && { asr }) });
        }
      }
    }
  }
  return [...found.values()];
}

/** Seeds that no grid has. */
const cleanSeeds = [200, 201, 202, 203, 204, 205];

/** Clean models to train beside those of the grids, which have few: all kinds on all data sets, seed by seed. */
export async function furtherCleanModels(out: string): Promise<HoldoutModel[]> {
  const grid = readGridFile(gridFolder, 'defenses');
  const clean = { ...grid, attacks: grid.attacks.filter(({ kind }) => kind === 'none'), attackSeeds: cleanSeeds };
  const steps = (await planned(clean, out)).map(({ measure }) => measure.needs[0]);
  return [...new Set(steps)].map(({ key, task }) => {
    const { spec, folder } = task as TrainStep;
    return { key, spec, folder };
  });
}

async function planned(grid: Grid, out: string): Promise<ReturnType<typeof planCells>> {
  const cells = cellsOf(grid);
  return planCells(grid, cells, await hashesOf(grid, cells), path.join(out, 'models'));
}
