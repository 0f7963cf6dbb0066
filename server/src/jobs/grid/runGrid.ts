import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { defenseEffectiveness } from '../../attack/metrics';
import { cellName, isMeasured, type CellId, type CellRecord, type MeasuredCell } from '../../report/grid/record';
import { groupBy } from '../../report/grid/spread';
import type { Defended } from './defendSuspect';
import type { Grid } from './grid';
import { loadSource } from './gridData';
import { GridProgress, type GridProgressReport } from './gridProgress';
import type { GridTask, GridTaskResult } from './gridTask';
import { JsonLines, readJsonLines } from './jsonLines';
import type { MeasuredSuspect } from './measureSuspect';
import { hasModelFolder } from './modelFolder';
import { planCells, type PlannedCell, type Step } from './plan';
import { inOrder, runSteps, type StepOutcome } from './stepQueue';
import { makeFolder } from '../writeWhole';

export interface GridRun {
  readonly grid: Grid;
  /** Cells of the grid that are wanted. */
  readonly cells: readonly CellId[];
  /** Folder of results and trained models; several grids may share one, and what one has computed serves the others. */
  readonly out: string;
  /** Steps that run at the same time. */
  readonly size: number;
  /** Does a step, in a worker or here. */
  readonly run: (task: GridTask, signal: AbortSignal) => Promise<GridTaskResult>;
  /** Try failed cells again. Default false: their failure is their result. */
  readonly retry?: boolean;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: GridProgressReport) => void;
}

/** A measured suspect as it is kept beside the results. */
interface SuspectRecord extends MeasuredSuspect {
  readonly key: string;
}

/** File of a grid's results in a folder of results. */
export function resultsFile(out: string, gridName: string): string {
  return path.join(out, 'results', `${gridName}.jsonl`);
}

/**
 * Computes the cells of a grid that are not there yet. A cell's line is written when it is done, so that a run that is
 * killed goes on where it was.
 *
 * @returns records of the wanted cells that there are, the latest of each
 * @throws DatasetError, JsonLinesError, and the signal's reason once it is aborted
 */
export async function runGrid(options: GridRun): Promise<CellRecord[]> {
  const { grid, cells, out, signal } = options;
  const models = path.join(out, 'models');
  const file = resultsFile(out, grid.name);
  await makeFolder(models);
  await makeFolder(path.dirname(file));

  const planned = planCells(grid, cells, await hashesOf(grid, cells), models);
  const results = await JsonLines.open<CellRecord>(file);
  const suspects = await JsonLines.open<SuspectRecord>(path.join(out, 'suspects.jsonl'));
  const known = new Map(results.records.map((record) => [cellName(record.cell), record]));
  const keep = async (record: CellRecord): Promise<void> => {
    known.set(cellName(record.cell), record);
    await results.append(record);
  };
  const measured = new Map(suspects.records.map((record) => [record.key, record as MeasuredSuspect]));
  const byKey = new Map([...(await otherResults(file)), ...results.records].map((record) => [record.key, record]));

  const open: PlannedCell[] = [];
  for (const one of planned) {
    const { cell, defend, options: settings } = one;
    const own = known.get(cellName(cell));
    const same = byKey.get(defend.key);
    if (own?.key === defend.key && (isMeasured(own) || !options.retry)) continue;
    if (same && isMeasured(same)) await keep({ ...same, cell, options: settings });
    else open.push(one);
  }

  const done = await doneSteps(open, measured);
  const steps = inOrder(
    open.map(({ defend }) => defend),
    done,
  );
  const cellsOfStep = groupBy(open, ({ defend }) => defend.key);
  const progress = new GridProgress(steps, planned.length, options.onProgress);
  const onEnd = async (step: Step, outcome: StepOutcome): Promise<void> => {
    if (step.task.step === 'measure' && outcome.kind === 'done') {
      const figures = outcome.result as MeasuredSuspect;
      measured.set(step.key, figures);
      await suspects.append({ key: step.key, ...figures });
    }
    for (const one of cellsOfStep.get(step.key) ?? []) {
      await keep(recordOf(one, outcome, measured.get(one.measure.key), out));
    }
    progress.ended(step, outcome.kind === 'failed');
  };
  await runSteps({
    steps,
    done,
    size: options.size,
    run: (step, own) => options.run(step.task, own),
    onStart: (step) => progress.started(step),
    onEnd,
    signal,
  });
  return planned.map(({ cell }) => known.get(cellName(cell))).filter((record) => record !== undefined);
}

function recordOf(
  { cell, defend, options }: PlannedCell,
  outcome: StepOutcome,
  suspect: MeasuredSuspect | undefined,
  out: string,
): CellRecord {
  const { key } = defend;
  if (outcome.kind === 'failed') {
    const { step, error } = outcome;
    return {
      key,
      cell,
      failed: { step: stepName(step), error: error.name, message: withoutPaths(error.message, out) },
    };
  }
  if (suspect === undefined) throw new RangeError(`the suspect of ${key} was not measured`);
  const { before, floor } = suspect;
  const { after, cleanGraphs, seconds } = outcome.result as Defended;
  const record: MeasuredCell = {
    ...{ key, cell, options, before },
    ...(floor === undefined ? {} : { floor }),
    after,
    ...(before.asr === undefined || after.asr === undefined
      ? {}
      : {
          der: Number(
            defenseEffectiveness({ acc: before.acc, asr: before.asr }, { acc: after.acc, asr: after.asr }).toFixed(5),
          ),
        }),
    cleanGraphs,
    seconds,
  };
  return record;
}

/** What a step is called where it failed. */
function stepName({ task }: Step): string {
  if (task.step !== 'train') return task.step;
  return task.spec.attack.kind === 'none' ? 'train' : 'attack';
}

/** Steps, of those that open cells need, whose results are there already. */
async function doneSteps(open: readonly PlannedCell[], measured: ReadonlyMap<string, unknown>): Promise<Set<Step>> {
  const done = new Set<Step>();
  const seen = new Set<Step>();
  const look = async (step: Step): Promise<void> => {
    if (seen.has(step)) return;
    seen.add(step);
    const { task, key } = step;
    if (task.step === 'measure' && measured.has(key)) done.add(step);
    if (task.step === 'train' && (await hasModelFolder(task.folder))) done.add(step);
    for (const need of step.needs) await look(need);
  };
  for (const { defend } of open) await look(defend);
  return done;
}

/** SHA-256 of the data sets that the cells need, by name. @throws DatasetError */
export async function hashesOf(grid: Grid, cells: readonly CellId[]): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  const names = new Set(cells.map(({ data }) => data));
  for (const data of grid.data.filter(({ name }) => names.has(name))) {
    for (const one of [data, ...(data.auxiliary ? [data.auxiliary] : [])]) {
      if (!hashes.has(one.name)) hashes.set(one.name, (await loadSource(one.name, one.source)).hash);
    }
  }
  return hashes;
}

/** Results of other grids in the same folder. */
async function otherResults(own: string): Promise<CellRecord[]> {
  const folder = path.dirname(own);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl') && name !== path.basename(own));
  const records = await Promise.all(names.map((name) => readJsonLines<CellRecord>(path.join(folder, name))));
  return records.flat();
}

/** Results may be shown to others: they tell no folders of this machine. */
function withoutPaths(message: string, out: string): string {
  return message.replaceAll(path.resolve(out) + path.sep, '').replaceAll(homedir(), '~');
}
