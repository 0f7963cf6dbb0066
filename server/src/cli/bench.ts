import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { CellFilterError, cellsOf, selectCells } from '../jobs/grid/cells';
import type { Grid } from '../jobs/grid/grid';
import { GridFileError, parseGrid } from '../jobs/grid/gridFile';
import type { GridProgressReport } from '../jobs/grid/gridProgress';
import { readJsonLines } from '../jobs/grid/jsonLines';
import { resultsFile, runGrid } from '../jobs/grid/runGrid';
import { defaultPoolSize, WorkerPool } from '../jobs/pool';
import { readText } from '../jobs/readText';
import { runJob } from '../jobs/workerTasks';
import { writeWhole } from '../jobs/writeWhole';
import type { NamedPlot } from '../report/grid/gridPlots';
import { gridReport } from '../report/grid/gridReport';
import { isMeasured, recordsOf, type CellId, type CellRecord } from '../report/grid/record';
import { parseArguments, pathOption, text, UsageError, type Arguments } from './arguments';
import { exitCode } from './exitCodes';
import { say } from './output';

export const benchHelp = `graphnad bench GRID.json [options]
  Trains, attacks, purifies and measures models over a grid of settings; prints tables in Markdown, draws plots.

  Whatever is done is kept, and a run that was broken off goes on where it was. bench/grids/ holds grids and tells how
  they are written.

  --data DIR     folder that holds the data sets by name; default: where the grid file says
  --out DIR      folder of results, plots and trained models, which several grids may share; default: graphnad-bench
  --jobs N       cells computed at the same time, each on one thread; default: one a core, as far as memory allows
  --only WORDS   part of the grid: names of data sets, attacks, architectures and defenses, 3% for a holding rate, s0 and
                 d0 for seeds of attack and defense, with commas between them. Words of one kind are alternatives
  --tables       compute nothing, print the tables and draw the plots of what is there
  --retry        try cells again that failed before`;

/** `graphnad bench`. Exit code 2 where a cell failed. */
export async function bench(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const args = parseArguments(
    argv,
    {
      data: { type: 'string' },
      out: { type: 'string' },
      jobs: { type: 'string' },
      only: { type: 'string' },
      tables: { type: 'boolean' },
      retry: { type: 'boolean' },
    },
    { min: 1, max: 1, what: 'the grid file' },
  );
  const grid = await readGrid(args.positionals[0], pathOption(args, 'data'));
  const cells = chosenCells(args, grid);
  const out = pathOption(args, 'out') ?? path.resolve('graphnad-bench');
  const records = args.values.tables
    ? recordsOf(cells, await readJsonLines<CellRecord>(resultsFile(out, grid.name)))
    : await compute(args, grid, cells, out, signal);
  const { markdown, plots } = gridReport(grid, cells, records);
  process.stdout.write(markdown);
  await writePlots(plots, path.join(out, 'plots'));
  return records.every(isMeasured) ? exitCode.ok : exitCode.failed;
}

async function compute(
  args: Arguments,
  grid: Grid,
  cells: readonly CellId[],
  out: string,
  signal: AbortSignal,
): Promise<CellRecord[]> {
  const size = jobsOption(args);
  const pool = new WorkerPool({ script: path.join(__dirname, 'worker.js'), size, threads: 1 });
  const line = gridProgressLine(grid.name);
  try {
    return await runGrid({
      ...{ grid, cells, out, size, signal },
      run: (task, own) => runJob(pool, task, { signal: own }),
      retry: args.values.retry === true,
      onProgress: line.update,
    });
  } finally {
    line.done();
    await pool.dispose();
  }
}

/** @throws OutputError */
async function writePlots(plots: readonly NamedPlot[], folder: string): Promise<void> {
  if (plots.length > 0) await mkdir(folder, { recursive: true });
  for (const { name, svg } of plots) {
    const file = path.join(folder, name);
    await writeWhole(file, svg, { overwrite: true });
    say(`${file} written`);
  }
}

async function readGrid(file: string, dataFolder: string | undefined): Promise<Grid> {
  return parseGrid(await readText(file, (reason) => new GridFileError(file, '', reason)), file, dataFolder);
}

function chosenCells(args: Arguments, grid: Grid): CellId[] {
  const filter = text(args, 'only');
  const cells = cellsOf(grid);
  if (filter === undefined) return cells;
  try {
    return selectCells(cells, filter);
  } catch (error) {
    throw error instanceof CellFilterError ? new UsageError(`--only: ${error.message}`) : error;
  }
}

function jobsOption(args: Arguments): number {
  const value = text(args, 'jobs');
  if (value === undefined) return defaultPoolSize(availableParallelism() + 1);
  if (!/^[1-9]\d{0,2}$/.test(value))
    throw new UsageError(`--jobs must be a whole number from 1 to 999, not "${value}"`);
  return Number(value);
}

/** Least milliseconds between two lines where standard error is no terminal. */
const lineInterval = 60_000;

/** Shows progress: one line that is written over, or in a log a line a minute. */
function gridProgressLine(name: string): { update: (progress: GridProgressReport) => void; done: () => void } {
  const { stderr } = process;
  let last = Date.now();
  return {
    update: (progress) => {
      const line = `${name}: ${progressText(progress)}`;
      if (stderr.isTTY) stderr.write(`\r\x1b[K${line.slice(0, Math.max(20, stderr.columns - 1))}`);
      else if (progress.running.length > 0 && Date.now() - last >= lineInterval) {
        last = Date.now();
        say(line);
      }
    },
    done: () => {
      if (stderr.isTTY) stderr.write('\r\x1b[K');
    },
  };
}

/** Such as `12 of 96 cells, 1 failed, 3.4 a minute, 25 min left; gta on AIDS/...`. */
function progressText({ done, total, failed, running, rate, secondsLeft }: GridProgressReport): string {
  const parts = [`${done} of ${total} cells`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (rate !== undefined) parts.push(`${rate.toPrecision(2)} a minute`);
  if (secondsLeft !== undefined) parts.push(`${durationText(secondsLeft)} left`);
  parts.push(`${running.length} running${running.length > 0 ? `: ${running[0]}` : ''}`);
  return parts.join(', ');
}

function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
