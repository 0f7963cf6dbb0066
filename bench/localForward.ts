/**
 * Times of local runs on triggered graphs against full passes. Fails where their logits differ by more than 1e-5 of the
 * largest, or by more than 1% of what the trigger changes.
 *
 *   npm run bench -- localForward [--nodes 1000,10000,100000,1000000] [--data FOLDER]...
 *
 * First, one query about one graph, over graphs of the same mean degree. The trigger relabels five random nodes, far
 * apart in the larger graphs (the costliest case), and joins them to a clique. The full pass is over the triggered
 * graph, already collated; for the comparison its readout is summed again in float64.
 *
 * Second, what the scan's search does: many triggers of the prior in 24 hosts of one size, and in those of the data sets
 * named. Where local runs begin to win is the limit in `server/src/scan/hostRuns.ts`.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { encodeDataset } from '../server/src/dataset/features';
import { loadDataset } from '../server/src/dataset/loadDataset';
import type { FeatureLayout, Graph } from '../server/src/graph/graph';
import { Rng } from '../server/src/graph/rng';
import { selectBackend } from '../server/src/tensor/backend';
import { drawGraph, layout, shapes } from './local/graphs';
import { fullPasses, hidden, meanDegree, measureOneGraph, queries } from './local/oneGraph';
import { measureSearch } from './local/search';

const tolerance = 1e-5;
/** Of the trigger's change of logits: those of a million nodes hold it to four digits in float32. */
const toleranceOfChange = 1e-2;
const hostCount = 24;
const hostSizes = [50, 100, 300, 1000];
/** Fewer nodes than this carry no trigger in a scan. */
const smallestHost = 8;

let wrong = false;

function printRow(cells: readonly string[]): void {
  console.log(cells.map((cell) => cell.padStart(14)).join(''));
}

/** Tells a difference, and remembers one that is too large. */
function checked(difference: number, limit = tolerance): string {
  if (!(difference <= limit)) wrong = true;
  return difference.toExponential(1);
}

function printOneGraph(sizes: readonly number[], backend: string): void {
  console.log(
    `GIN 3x${hidden}, one graph of mean degree ${meanDegree}, a trigger of 5 nodes; ${backend}. ` +
      `Medians of ${queries} queries and ${fullPasses} full passes, in ms.`,
  );
  printRow([
    'nodes',
    'reached',
    'base pass',
    'one query',
    'in a group',
    'full pass',
    'ratio',
    'difference',
    'of change',
  ]);
  // What is measured first pays for compilation.
  measureOneGraph(1000);
  for (const size of sizes) {
    const { nodes, reached, basePass, oneQuery, together, fullPass, difference, ofChange } = measureOneGraph(size);
    const times = [basePass.toFixed(1), oneQuery.toFixed(2), together.toFixed(2), fullPass.toFixed(1)];
    const ratio = (fullPass / oneQuery).toFixed(1);
    printRow([
      String(nodes),
      String(reached),
      ...times,
      ratio,
      checked(difference),
      checked(ofChange, toleranceOfChange),
    ]);
  }
}

function printSearch(name: string, hosts: readonly Graph[], hostLayout: FeatureLayout): void {
  const triggers = hosts.some(({ nodeCount }) => nodeCount >= 1000) ? 24 : 96;
  const { meanNodes, local, full, difference } = measureSearch(hosts, hostLayout, triggers);
  const times = [local.toFixed(3), full.toFixed(3), (full / local).toFixed(2)];
  printRow([name, meanNodes.toFixed(0), ...times, checked(difference)]);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      nodes: { type: 'string', default: '1000,10000,100000,1000000' },
      data: { type: 'string', multiple: true, default: [] },
    },
  });
  printOneGraph(values.nodes.split(',').map(Number), await selectBackend('auto'));
  console.log(`\nGIN 3x64, triggers of the prior in ${hostCount} hosts; medians of 5, in ms a triggered host.`);
  printRow(['hosts', 'mean nodes', 'local', 'full', 'ratio', 'difference']);
  const rng = new Rng(1, 'hosts');
  for (const folder of values.data) {
    const { graphs, layout: own } = encodeDataset(await loadDataset(folder), 'labels');
    const large = graphs.filter(({ nodeCount }) => nodeCount >= smallestHost);
    const hosts = Array.from(rng.permutation(large.length).subarray(0, hostCount), (i) => large[i]);
    printSearch(path.basename(folder), hosts, own);
  }
  for (const shape of shapes) {
    for (const size of hostSizes) {
      const hosts = Array.from({ length: hostCount }, () => drawGraph(size, 5, shape, rng));
      printSearch(shape, hosts, layout);
    }
  }
  if (!wrong) return;
  console.error(`local runs and full passes differ by more than ${tolerance}, or ${toleranceOfChange} of the change`);
  process.exitCode = 1;
}

void main();
