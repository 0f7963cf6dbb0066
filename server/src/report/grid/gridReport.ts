import { attentionTable, cellTables } from './cellTables';
import { combinationsOf, type Combination } from './combination';
import { gridPlots, type NamedPlot } from './gridPlots';
import type { GridOutline } from './outline';
import { isMeasured, recordsOf, type CellId, type CellRecord, type FailedCell } from './record';
import { attackTable, goalTable, missedTable, outcomesBy, type GridPart } from './summaryTables';
import { groupBy } from './spread';
import { markdownTable } from '../markdown';

export interface GridReport {
  readonly markdown: string;
  readonly plots: readonly NamedPlot[];
}

/**
 * A grid's results in Markdown: a summary beside the goal, tables down to single cells, and plots. What failed or is
 * missing is shown as such.
 *
 * @param cells that are wanted
 * @param records those of other cells are left out
 * @param plotFolder folder that the text finds the plots in; without it the text does not mention them
 */
export function gridReport(
  grid: GridOutline,
  cells: readonly CellId[],
  records: readonly CellRecord[],
  plotFolder?: string,
): GridReport {
  const combinations = combinationsOf(cells, records);
  const plots = gridPlots(grid, combinations);
  const sections = [
    `## ${grid.title}\n`,
    ...(grid.description === '' ? [] : [`${grid.description}\n`]),
    goalTable(combinations),
    ...grid.goal.flatMap((defense) => [`### Where ${defense} misses the goal\n`, missed(combinations, defense)]),
    ...plots.flatMap(({ name, title }) => (plotFolder === undefined ? [] : [`![${title}](${plotFolder}/${name})\n`])),
    ...parts.map(([part, title]) => compared(combinations, part, title)),
    titled(attacksTitle, attackTable(combinations)),
    titled('### Attention on the nodes that the trigger touches\n', attentionTable(combinations)),
    `### Cell by cell\n`,
    cellTables(combinations, '####'),
    failures(cells, records),
  ];
  return { markdown: sections.filter((section) => section !== '').join('\n'), plots };
}

const parts: readonly (readonly [GridPart, string])[] = [
  ['data', 'By data set'],
  ['architecture', 'By architecture'],
  ['attack', 'By attack'],
];

/** Outcomes over a part that the grid has several of; over data sets in any case. */
function compared(combinations: readonly Combination[], part: GridPart, title: string): string {
  const several = new Set(combinations.map((one) => one[part])).size > 1;
  return part === 'data' || several ? titled(`### ${title}\n`, outcomesBy(combinations, part)) : '';
}

const attacksTitle = `### The attacks

ASR / flip ASR of the suspects, in percent, and what the poison costs of accuracy, in points: means over data sets.
`;

function missed(combinations: readonly Combination[], defense: string): string {
  return missedTable(combinations.filter((one) => one.defense === defense));
}

function titled(title: string, text: string): string {
  return text === '' ? '' : `${title}\n${text}`;
}

/** Why cells failed: each reason with one of its cells. */
function failures(cells: readonly CellId[], records: readonly CellRecord[]): string {
  const failed = recordsOf(cells, records).filter((record): record is FailedCell => !isMeasured(record));
  if (failed.length === 0) return '';
  const reasons = groupBy(failed, ({ failed: { step, error, message } }) => `${step}: ${error}: ${message}`);
  const rows = [...reasons].map(([reason, own]) => {
    const { data, attack, architecture, defense } = own[0].cell;
    return [reason.replaceAll('\n', ' '), String(own.length), [data, attack, architecture, defense].join(', ')];
  });
  return `### Cells that failed\n\n${markdownTable([['reason', 'cells', 'such as'], ...rows])}`;
}
