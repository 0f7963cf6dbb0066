/**
 * Calibrates the backdoor scan: trains clean and backdoored reference models with our own engine, scans each with its
 * clean subset, and derives the constants of `server/src/scan/calibration.ts` and the figures of docs/detection.md.
 *
 *   npx tsx bench/scanCalibration.ts all [ROUNDS] [DATA]     train, scan and fit
 *   npx tsx bench/scanCalibration.ts train [ROUNDS] [DATA]   128 models a round (default 3 rounds); resumable
 *   npx tsx bench/scanCalibration.ts scan [SIZES] [DATA]     every trained model, with clean sets of SIZES (few,many); resumable
 *   npx tsx bench/scanCalibration.ts fit                     constants, docs/results/scan-models.md and its plots
 *   npx tsx bench/scanCalibration.ts zoo [SEEDS] [DATA]      trains the models that bench/purifyFixtures.ts --zoo purifies
 *
 * DATA is a folder of TU data sets. Models lie in bench/results/scan/reference, what scans said of them in
 * bench/results/scan/reference.jsonl, a line each.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { graphsOf } from '../server/src/jobs/cleanData';
import { JsonLines, readJsonLines } from '../server/src/jobs/grid/jsonLines';
import { assessBackdoor } from '../server/src/scan/backdoor';
import { selectBackend } from '../server/src/tensor/backend';
import { writeCalibration } from './scan/calibrationFile';
import {
  assessedReferences,
  cleanSizes,
  counts,
  withoutExamples,
  type CleanSize,
  type ReferenceRecord,
} from './scan/referenceRecords';
import { cleanSubset, hasReference, readFacts, readReference, trainReference } from './scan/referenceModels';
import { referencePlan } from './scan/referencePlan';
import { writeReferenceReport } from './scan/referenceReport';
import { writeReferenceRates } from './scan/ratesFile';
import { trainZooModel, zooData, zooPlan } from './scan/zoo';

const results = path.join(__dirname, 'results', 'scan');
const modelFolder = path.join(results, 'reference');
const recordsFile = path.join(results, 'reference.jsonl');
const zooFolder = path.join(results, 'zoo');
const defaultData = path.join(__dirname, '..', '..', 'shared', 'data', 'tu');
/** More rounds than anybody trains. */
const allRounds = 100;

async function train(rounds: number, dataFolder: string): Promise<void> {
  for (const spec of referencePlan(rounds)) {
    if (hasReference(modelFolder, spec)) continue;
    const { accuracy, asr } = await trainReference(spec, await zooData(dataFolder, spec.dataSet), modelFolder);
    console.log(`${spec.name} accuracy ${accuracy.toFixed(3)} ASR ${asr?.toFixed(3) ?? '-'}`);
  }
}

async function scan(sizes: readonly CleanSize[], dataFolder: string): Promise<void> {
  const keyOf = (name: string, cleanSize: CleanSize): string => `${name} ${cleanSize}`;
  const records = await JsonLines.open<ReferenceRecord>(recordsFile);
  const done = new Set(records.records.map(({ name, cleanSize }) => keyOf(name, cleanSize)));
  for (const spec of referencePlan(allRounds)) {
    if (!hasReference(modelFolder, spec)) continue;
    const facts = readFacts(modelFolder, spec.name);
    if (!counts(facts)) continue;
    const { graphs, layout } = await zooData(dataFolder, spec.dataSet);
    for (const cleanSize of sizes) {
      if (done.has(keyOf(spec.name, cleanSize))) continue;
      const ids = cleanSubset(facts, graphs, cleanSize);
      const clean = graphsOf(graphs, ids);
      const model = await readReference(modelFolder, spec);
      const started = performance.now();
      const verdict = withoutExamples(await assessBackdoor({ model, clean, layout, ids, seed: spec.seed }));
      const seconds = Math.round(performance.now() - started) / 1000;
      model.dispose();
      const { accuracy, asr } = facts;
      const record: ReferenceRecord = {
        ...spec,
        accuracy,
        asr,
        cleanSize,
        cleanGraphs: clean.length,
        verdict,
        seconds,
      };
      await records.append(record);
      console.log(`${spec.name} ${clean.length} ${lineOf(record)}`);
    }
  }
}

function lineOf({ verdict, seconds }: ReferenceRecord): string {
  if (verdict.evidence === undefined) return 'not assessed';
  const { signals, target } = verdict.evidence;
  const { rhoAsymmetry, gain, excessAsymmetry, trace } = signals;
  const figures = [rhoAsymmetry, gain, excessAsymmetry, trace].map((value?: number) => value?.toFixed(2) ?? '-');
  return `class ${target} (${figures.join(' ')}) ${seconds.toFixed(1)} s`;
}

async function fit(): Promise<void> {
  const scans = await readJsonLines<ReferenceRecord>(recordsFile);
  const records = assessedReferences(scans);
  await writeCalibration(records);
  await writeReferenceRates(records);
  await writeReferenceReport(records, scans.filter(({ verdict }) => verdict.evidence === undefined).length);
}

async function trainZoo(seeds: number, dataFolder: string): Promise<void> {
  for (const spec of zooPlan(seeds)) {
    if (existsSync(path.join(zooFolder, `${spec.name}.json`))) continue;
    const { accuracy, asr } = await trainZooModel(spec, await zooData(dataFolder, spec.dataSet), zooFolder);
    console.log(`${spec.name} accuracy ${accuracy.toFixed(3)} ASR ${asr?.toFixed(3) ?? '-'}`);
  }
}

function sizesOf(list = cleanSizes.join(',')): CleanSize[] {
  return cleanSizes.filter((size) => list.split(',').includes(size));
}

async function main([command, ...options]: readonly string[]): Promise<void> {
  await selectBackend('graphnad');
  if (command === 'train' || command === 'all') await train(Number(options[0] ?? 3), options[1] ?? defaultData);
  if (command === 'all') await scan(cleanSizes, options[1] ?? defaultData);
  else if (command === 'scan') await scan(sizesOf(options[0]), options[1] ?? defaultData);
  if (command === 'fit' || command === 'all') await fit();
  else if (command === 'zoo') await trainZoo(Number(options[0] ?? 9), options[1] ?? defaultData);
  else if (!['train', 'scan'].includes(command)) {
    console.error('usage: scanCalibration.ts all|train|scan|fit|zoo [...]');
    process.exitCode = 64;
  }
}

void main(process.argv.slice(2));
