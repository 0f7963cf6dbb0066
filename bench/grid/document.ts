import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cellsOf } from '../../server/src/jobs/grid/cells';
import type { Grid } from '../../server/src/jobs/grid/grid';
import { parseGrid } from '../../server/src/jobs/grid/gridFile';
import { gridReport } from '../../server/src/report/grid/gridReport';
import type { CellRecord } from '../../server/src/report/grid/record';

/** The order of the sections of docs/results.md; the smoke test says nothing about any defense. */
export const documentedGrids = [
  'defenses',
  'ablation',
  'exponent',
  'weighting',
  'weights',
  'holding-rate',
  'auxiliary',
  'layers',
  'attention',
  'gatv2',
  'strength',
] as const;

/** @param folder that holds `NAME.json` */
export function readGridFile(folder: string, name: string): Grid {
  const file = path.join(folder, `${name}.json`);
  return parseGrid(readFileSync(file, 'utf8'), file);
}

/** A grid with what is recorded of it. */
export interface RecordedGrid {
  readonly grid: Grid;
  readonly records: readonly CellRecord[];
}

export interface ResultsDocument {
  readonly markdown: string;
  /** Plots by path beside the document, with `/` between names. */
  readonly plots: ReadonlyMap<string, string>;
}

const plotFolder = 'results';

const introduction = `# Results

<!-- Written by \`npm run bench -- grids\` from bench/results/grid; changes by hand are lost. -->

What defenses make of backdoored models, measured by the grids in [bench/grids](../bench/grids/README.md). Metrics and the protocol are those of [method.md](method.md): the true trigger and the test split are used to report only, the clean set holds no poisoned graph, and every model is measured on the same triggered test graphs.

Figures are percentages, \`ACC / ASR / flip ASR\`, and behind them the DER; with ± the standard deviation over those seeds of the attack and the defense that have all of the cells. The floor is the flip ASR of a model that was never poisoned, under the same triggered graphs. A cell is a data set, an attack and an architecture, its figures the means over seeds. What failed or was not measured is shown as \`failed\`, \`missing\` or with the number of seeds there are. Times are processor time of one defense on one thread, in seconds.
`;

/** docs/results.md: a section a grid; those with no results are named as such. */
export function resultsDocument(recorded: readonly RecordedGrid[]): ResultsDocument {
  const plots = new Map<string, string>();
  const sections = recorded.map(({ grid, records }) => {
    if (records.length === 0) return `## ${grid.title}\n\n${grid.description}\n\nNot measured yet.\n`;
    const report = gridReport(grid, cellsOf(grid), records, plotFolder);
    for (const { name, svg } of report.plots) plots.set(`${plotFolder}/${name}`, svg);
    return report.markdown;
  });
  return { markdown: [introduction, ...sections].join('\n'), plots };
}
