import path from 'node:path';
import process from 'node:process';
import { CellFilterError, cellsOf, selectCells } from '../jobs/grid/cells';
import type { Grid } from '../jobs/grid/grid';
import { GridFileError, parseGrid } from '../jobs/grid/gridFile';
import { readJsonLines } from '../jobs/grid/jsonLines';
import { resultsFile } from '../jobs/grid/runGrid';
import { readText } from '../jobs/readText';
import { makeFolder, writeWhole } from '../jobs/writeWhole';
import type { NamedPlot } from '../report/grid/gridPlots';
import { gridReport } from '../report/grid/gridReport';
import { isMeasured, recordsOf, type CellId, type CellRecord } from '../report/grid/record';
import {
  parseArguments,
  pathOption,
  smallNumber,
  text,
  UsageError,
  withoutOptions,
  type Arguments,
  type Options,
} from './arguments';
import { computeGrid } from './computeGrid';
import { localExecutor, poolSize } from './executor';
import { exitCode } from './exitCodes';
import { say } from './output';
import { queueChoice, queueHelp, queueOptions, runOptions } from './queueOptions';
import { withExecutor } from './withExecutor';

export const benchHelp = `graphnad bench GRID.json [options]
  Trains, attacks, purifies and measures models over a grid of settings; prints tables in Markdown, draws plots.

  Whatever is done is kept, and a run that was broken off goes on where it was. bench/grids/ holds grids and tells how
  they are written.

  --data DIR           folder that holds the data sets by name; default: where the grid file says
  --out DIR            folder of results, plots and trained models, which several grids may share; default:
                       graphnad-bench
  --jobs N             cells computed at the same time, each on one thread; default: one a core, as far as memory allows
  --only WORDS         part of the grid: names of data sets, attacks, architectures and defenses, 3% for a holding rate,
                       s0 and d0 for seeds of attack and defense, with commas between them. Words of one kind are
                       alternatives
  --tables             compute nothing, print the tables and draw the plots of what is there
  --retry              try cells again that failed before
${queueHelp}

  Steps that need others are asked for when those are done: with --detach, by graphnad attach.`;

const word = { type: 'string' } as const;
const options: Options = {
  ...queueOptions,
  ...{ data: word, out: word, jobs: word, only: word, tables: { type: 'boolean' } },
};

/** `graphnad bench`. Exit code 2 where a cell failed. */
export async function bench(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const args = parseArguments(argv, options, { min: 1, max: 1, what: 'the grid file' });
  const queue = queueChoice(args, ['retry']);
  const grid = await readGrid(args.positionals[0], pathOption(args, 'data'));
  const cells = chosenCells(args, grid);
  const out = pathOption(args, 'out') ?? path.resolve('graphnad-bench');
  const finish = async (records: readonly CellRecord[]): Promise<number> => {
    const { markdown, plots } = gridReport(grid, cells, records);
    process.stdout.write(markdown);
    await writePlots(plots, path.join(out, 'plots'));
    return records.every(isMeasured) ? exitCode.ok : exitCode.failed;
  };
  if (args.values.tables) return finish(recordsOf(cells, await readJsonLines<CellRecord>(resultsFile(out, grid.name))));
  const size = poolSize({ jobs: smallNumber(args, 'jobs'), threads: 1 });
  const command = ['bench', ...withoutOptions(argv, options, runOptions)];
  const retry = args.values.retry === true;
  return withExecutor(
    { queue, command, local: () => localExecutor({ size, threads: 1 }), signal },
    async (executor, own) =>
      finish(
        await computeGrid({ grid, cells, out, size: queue ? executor.places : size, retry, executor, signal: own }),
      ),
  );
}

/** @throws OutputError */
async function writePlots(plots: readonly NamedPlot[], folder: string): Promise<void> {
  if (plots.length > 0) await makeFolder(folder);
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
