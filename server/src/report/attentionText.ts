import type { AttentionGraph, AttentionLayer, AttentionOverview, AttentionSide } from '../../../protocol/attention';
import { percent, plural } from '../../../protocol/numberText';
import { describeTrigger } from '../scan/describeTrigger';
import { textTable } from './table';
import { visible } from './visible';

/** A bar of this many characters stands for all attention on one node. */
const barWidth = 20;

export interface AttentionNames {
  /** How a file or folder is called where the reader is; default: its path. */
  readonly nameOf?: (file: string) => string;
}

/**
 * The two sides of one graph as text. Line by line they are about the same layer and node, and numbers have two decimals,
 * so that a diff of the two marks what moved and nothing else. A node's line names its layer as well (`2:17`): a diff
 * would else take lines of different layers for the same.
 */
export function attentionText(
  overview: AttentionOverview,
  graph: AttentionGraph,
  { nameOf = (file) => file }: AttentionNames = {},
): { readonly before: string; readonly after: string } {
  const rows = Math.max(graph.before.labels.length, graph.after.labels.length);
  const labelWidth = Math.max(5, ...[graph.before, graph.after].flatMap(({ labels }) => labels.map(lengthOf)));
  const text = (side: AttentionSide): string =>
    [
      ...head(overview, graph, side, (file) => visible(nameOf(file))),
      ...side.layers.flatMap((layer, index) => ['', ...layerLines(side, layer, index, rows, labelWidth)]),
      '',
    ].join('\n');
  return { before: text(graph.before), after: text(graph.after) };
}

/** The graphs that changed most, as a table with a sentence that says how to read it. */
export function attentionSummaryText(
  overview: AttentionOverview,
  { nameOf = (file) => file, most = 20 }: AttentionNames & { readonly most?: number } = {},
): string {
  const { models, ranked, graphs, trigger, data, notes } = overview;
  const view = ranked.triggered.length > 0 ? 'triggered' : 'clean';
  const byId = new Map(graphs.map((graph) => [graph.id, graph]));
  const rows = ranked[view].slice(0, most).flatMap((id) => {
    const graph = byId.get(id);
    const seen = graph?.[view];
    if (graph === undefined || seen === undefined) return [];
    const { change, before, after } = seen;
    return [
      [String(id), String(graph.classLabel), String(graph.nodes), change.toFixed(2), String(before), String(after)],
    ];
  });
  const names = models.map(({ file }) => visible(nameOf(file)));
  const [first, second] = names.length > 1 ? names : [`${names[0]} without the trigger`, 'with the trigger'];
  const shown = rows.length < ranked[view].length ? `, the ${rows.length} that changed most` : '';
  return [
    `Attention of ${first} and ${second}`,
    `${plural(ranked[view].length, 'graph')} of ${visible(nameOf(data.folder))}${names.length > 1 && view === 'triggered' ? ' with the trigger in them' : ''}${shown}`,
    ...(trigger ? [triggerLine(overview)] : []),
    ...notes.map((note) => `note: ${visible(note)}`),
    '',
    textTable([['graph', 'class', 'nodes', 'change', 'predicted before', 'after'], ...rows]),
    '',
    'Change: 0 where attention is the same, 1 where it lies on other nodes altogether; mean over layers.',
    '',
  ].join('\n');
}

function head(
  overview: AttentionOverview,
  { id, classLabel }: AttentionGraph,
  { model, triggered, labels, edges, predicted }: AttentionSide,
  nameOf: (file: string) => string,
): string[] {
  const { models, data, measure, trigger } = overview;
  const what = [
    `graph ${id} of ${nameOf(data.folder)}`,
    `${plural(labels.length, 'node')}, ${plural(edges.length, 'edge')}`,
    `class ${classLabel}`,
    `predicted ${predicted}`,
    ...(trigger ? [triggered ? 'with the trigger' : 'without the trigger'] : []),
  ];
  return [
    `Attention of ${nameOf(models[model].file)}`,
    what.join('   '),
    trigger ? triggerLine(overview) : 'no trigger',
    `p ${measure.power}, degree weighting: ${measure.weighting}, unit length per graph`,
  ];
}

function triggerLine({ trigger }: AttentionOverview): string {
  if (trigger === undefined) return '';
  const { source, summary, target } = trigger;
  const what = summary ? describeTrigger(summary) : 'differs from graph to graph';
  return `trigger ${source === 'scan' ? 'found by the scan' : 'from the trigger file'}, toward class ${target}: ${what}`;
}

function layerLines(
  side: AttentionSide,
  { attention, share, gini, entropy }: AttentionLayer,
  index: number,
  rows: number,
  labelWidth: number,
): string[] {
  const { labels, edges } = side;
  const degrees = new Array<number>(labels.length).fill(0);
  for (const end of edges.flat()) degrees[end]++;
  const carriers = new Set(side.triggerNodes);
  const figures = `top 5% share ${percent(share)}   Gini ${gini.toFixed(2)}   entropy ${entropy.toFixed(2)}`;
  return [
    `layer ${index + 1}   ${figures}`,
    `   node  ${'label'.padStart(labelWidth)}  degree  attention`,
    ...Array.from({ length: rows }, (_, node) => {
      const start = `${index + 1}:${node}`.padStart(7);
      const mark = carriers.has(node) ? '  trigger' : '';
      if (node >= labels.length) {
        return `${start}  ${'-'.padStart(labelWidth)}  ${'-'.padStart(6)}  not in this graph${mark}`;
      }
      const value = attention[node].toFixed(2);
      const bar = '#'.repeat(Math.round(barWidth * Number(value)));
      const what = `${String(labels[node] ?? '-').padStart(labelWidth)}  ${String(degrees[node]).padStart(6)}`;
      return `${start}  ${what}  ${value}${bar && `  ${bar}`}${mark}`;
    }),
  ];
}

function lengthOf(label: number | null): number {
  return String(label ?? '-').length;
}
