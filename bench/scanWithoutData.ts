/**
 * Measures what a scan is worth with few clean graphs, with graphs that are none, and with nothing at all; and what
 * attention concentration shows on clean models.
 *
 *   npx tsx bench/scanWithoutData.ts collect [FOLDER] [DATA]   scans reference models; resumable
 *   npx tsx bench/scanWithoutData.ts report                    writes docs/results/scan-without-data.md and the constants
 *
 * FOLDER (default bench/results/scan/reference) holds reference models, NAME.pt and NAME.json each, DATA the TU data
 * sets. A line a model is added to bench/results/scan/withoutData.jsonl.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { BackdoorVerdict } from '../protocol/reports';
import { distanceFromTraining } from '../server/src/gnn/normStatistics';
import type { Graph } from '../server/src/graph/graph';
import { Rng } from '../server/src/graph/rng';
import { graphsOf } from '../server/src/jobs/cleanData';
import { JsonLines, readJsonLines } from '../server/src/jobs/grid/jsonLines';
import { loadModel } from '../server/src/jobs/loadModel';
import { assessBackdoor } from '../server/src/scan/backdoor';
import { unsuitableCleanSet } from '../server/src/scan/cleanSet';
import { assessWithoutData } from '../server/src/scan/synthetic/assessWithoutData';
import { selectBackend } from '../server/src/tensor/backend';
import { allFacts, readReference, referenceFile, type ReferenceFacts } from './scan/referenceModels';
import { withoutExamples } from './scan/referenceRecords';
import { rewired, standInGraph, standIns } from './scan/standInGraphs';
import type { WithoutDataRecord } from './scan/withoutDataRecords';
import { writeReport } from './scan/withoutDataReport';
import { zooData, type ZooData } from './scan/zoo';

const results = path.join(__dirname, 'results', 'scan');
const recordsFile = path.join(results, 'withoutData.jsonl');
const defaultData = path.join(__dirname, '..', '..', 'shared', 'data', 'tu');

/** A data set of another kind to take foreign graphs from. */
const foreign: Readonly<Record<string, string>> = { AIDS: 'NCI1', NCI1: 'AIDS', DHFR: 'PROTEINS', PROTEINS: 'DHFR' };

async function collect(folder: string, dataFolder: string): Promise<void> {
  mkdirSync(results, { recursive: true });
  await selectBackend('graphnad');
  const records = await JsonLines.open<WithoutDataRecord>(recordsFile);
  const done = new Set(records.records.map(({ name }) => name));
  for (const facts of allFacts(folder).filter(({ name }) => !done.has(name))) {
    const { name } = facts;
    const record = await measure(folder, facts, dataFolder);
    await records.append(record);
    const scores = Object.values(record.scans).map((verdict) => verdict.evidence?.suspicion.toFixed(2) ?? '-');
    console.log(`${name} ${scores.join(' ')} ${record.seconds} s`);
  }
}

/** Scans with few graphs take as long as others: every fourth clean model, and the backdoored one behind it, gets them. */
function hasFewGraphsToo({ seed }: ReferenceFacts): boolean {
  return seed % 8 < 2;
}

async function measure(folder: string, facts: ReferenceFacts, dataFolder: string): Promise<WithoutDataRecord> {
  const { name, dataSet, recipe, attack, asr, seed } = facts;
  const data = await zooData(dataFolder, dataSet);
  const model = await readReference(folder, facts);
  const rng = new Rng(seed, 'stand-ins');
  const clean = graphsOf(data.graphs, facts.clean);
  const ten = stratified(clean, 10);
  const five = stratified(clean, 5);
  const scan = async (graphs: readonly Graph[]): Promise<BackdoorVerdict> =>
    withoutExamples(await assessBackdoor({ model, clean: graphs, layout: data.layout, seed }));
  const pseudo = Array.from({ length: 43 }, (_, i) => rewired(five[i % five.length], rng));
  const scans = {
    data: await scan(clean),
    ...(hasFewGraphsToo(facts) && { ten: await scan(ten), rewired: await scan([...five, ...pseudo]) }),
  };
  // Nobody vouches for the readout of a model that comes without data.
  const { checkpoint, recognition } = await loadModel(referenceFile(folder, facts));
  const started = performance.now();
  const nothing = await assessWithoutData({ tensors: checkpoint.tensors, recognition, seed });
  const seconds = Math.round(performance.now() - started) / 1000;
  const sets = { clean, ten, ...(await standInSets(facts, clean, data, dataFolder, rng)) };
  const entries = Object.entries(sets);
  const record: WithoutDataRecord = {
    ...{ name, dataSet, recipe: recipe.name, readout: recipe.readout, asr, seconds },
    ...(attack && { attack: attack.kind, target: attack.target }),
    scans: { ...scans, nothing: withoutExamples(nothing.verdict) },
    ...(nothing.verdict.evidence && { guessedReadout: nothing.architecture.readout }),
    distances: Object.fromEntries(
      entries.map(([kind, graphs]) => [kind, distanceFromTraining(model, graphs, data.layout)?.mean]),
    ),
    refused: Object.fromEntries(
      entries.map(([kind, graphs]) => [kind, unsuitableCleanSet(model, graphs, data.layout)]),
    ),
  };
  model.dispose();
  return record;
}

/** Graphs that are no clean ones, as many as the clean ones and with their classes. */
async function standInSets(
  { dataSet }: ReferenceFacts,
  clean: readonly Graph[],
  data: ZooData,
  dataFolder: string,
  rng: Rng,
): Promise<Record<string, Graph[]>> {
  const other = await zooData(dataFolder, foreign[dataSet]);
  const order = rng.permutation(other.graphs.length);
  const sets: Record<string, Graph[]> = Object.fromEntries(
    standIns.map((kind) => [kind, clean.map((graph) => standInGraph(kind, graph, data.layout, rng))]),
  );
  sets.foreign = clean.map(({ classLabel }, i) => {
    const graph = other.graphs[order[i]];
    return { ...graph, classLabel, nodeLabels: graph.nodeLabels.map((label) => label % data.layout.labelColumns) };
  });
  return sets;
}

/** The first graphs of each class in turn, as many as there are. */
function stratified(graphs: readonly Graph[], count: number): Graph[] {
  const classes = [...new Set(graphs.map(({ classLabel }) => classLabel))].sort();
  const byClass = classes.map((c) => graphs.filter(({ classLabel }) => classLabel === c));
  const inTurn = graphs.flatMap((_, i) => byClass.flatMap((own) => own.slice(i, i + 1)));
  return inTurn.slice(0, count);
}

async function main([command, ...options]: readonly string[]): Promise<void> {
  const [folder = path.join(results, 'reference'), data = defaultData] = options;
  if (command === 'collect') await collect(folder, data);
  else if (command === 'report') await writeReport(await readJsonLines<WithoutDataRecord>(recordsFile));
  else {
    console.error('usage: scanWithoutData.ts collect [FOLDER] [DATA] | report');
    process.exitCode = 64;
  }
}

void main(process.argv.slice(2));
