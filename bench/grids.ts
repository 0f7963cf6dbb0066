/**
 * Writes docs/results.md from the recorded results of the grids in bench/grids.
 *
 *   npm run bench -- grids [--record DIR]
 *
 * `--record` first takes over what `graphnad bench bench/grids/NAME.json --out DIR` has computed, as
 * bench/results/grid/NAME.jsonl: the latest record of each cell, and no models.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { cellsOf } from '../server/src/jobs/grid/cells';
import { readJsonLines } from '../server/src/jobs/grid/jsonLines';
import { resultsFile } from '../server/src/jobs/grid/runGrid';
import { recordsOf, type CellRecord } from '../server/src/report/grid/record';
import { documentedGrids, readGridFile, resultsDocument } from './grid/document';

const gridFolder = path.join(__dirname, 'grids');
const recordFolder = path.join(__dirname, 'results', 'grid');
const documents = path.resolve(__dirname, '..', 'docs');

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { record: { type: 'string' } } });
  const grids = documentedGrids.map((name) => readGridFile(gridFolder, name));
  const recordOf = (name: string): string => path.join(recordFolder, `${name}.jsonl`);
  if (values.record !== undefined) {
    mkdirSync(recordFolder, { recursive: true });
    for (const grid of grids) {
      const file = resultsFile(values.record, grid.name);
      if (!existsSync(file)) continue;
      const kept = recordsOf(cellsOf(grid), await readJsonLines<CellRecord>(file));
      writeFileSync(recordOf(grid.name), kept.map((record) => `${JSON.stringify(record)}\n`).join(''));
      console.log(`${grid.name}: ${kept.length} cells recorded`);
    }
  }
  const recorded = await Promise.all(
    grids.map(async (grid) => ({ grid, records: await readJsonLines<CellRecord>(recordOf(grid.name)) })),
  );
  const { markdown, plots } = resultsDocument(recorded);
  const file = path.join(documents, 'results.md');
  writeFileSync(file, await format(markdown, { ...(await resolveConfig(file)), parser: 'markdown' }));
  for (const [name, svg] of plots) {
    const plot = path.join(documents, ...name.split('/'));
    mkdirSync(path.dirname(plot), { recursive: true });
    writeFileSync(plot, svg);
  }
}

void main();
