/**
 * Scans models that no coefficient and no threshold has seen, of every kind: those that `graphnad bench` trained for the
 * grids in bench/grids, and clean ones beside them.
 *
 *   npx tsx bench/scanHoldout.ts train              trains the further clean models; resumable
 *   npx tsx bench/scanHoldout.ts scan [FOLDER]      scans them, and those of the grids in FOLDER; resumable
 *   npx tsx bench/scanHoldout.ts report             writes the section of docs/detection.md, and what the product says of it
 *
 * FOLDER is what `graphnad bench` was given as --out. A line a scan is added to bench/results/scan/holdout.jsonl.
 */
import path from 'node:path';
import type { BackdoorVerdict } from '../protocol/reports';
import { graphsOf } from '../server/src/jobs/cleanData';
import { loadGridData } from '../server/src/jobs/grid/gridData';
import { JsonLines, readJsonLines } from '../server/src/jobs/grid/jsonLines';
import { hasModelFolder, readFacts, readModel } from '../server/src/jobs/grid/modelFolder';
import { cleanIdsOf, isAttacked, splitsOf } from '../server/src/jobs/grid/suspect';
import { trainSuspect } from '../server/src/jobs/grid/trainSuspect';
import { assessBackdoor } from '../server/src/scan/backdoor';
import { manyCleanGraphs } from '../server/src/scan/calibrationFor';
import { selectBackend } from '../server/src/tensor/backend';
import { furtherCleanModels, gridModels, type HoldoutModel } from './scan/holdoutModels';
import { writeHoldoutReport } from './scan/holdoutReport';
import { recordOf, type HoldoutRecord } from './scan/holdoutRecords';
import { cleanSizes, counts, type CleanSize } from './scan/referenceRecords';

const results = path.join(__dirname, 'results', 'scan');
const recordsFile = path.join(results, 'holdout.jsonl');
const ownFolder = path.join(results, 'holdout');
const holdingRate = 0.03;
/** Scans of other seeds find other triggers; this is the seed that users get. */
const seed = 0;

async function train(): Promise<void> {
  const { signal } = new AbortController();
  for (const { spec, folder } of await furtherCleanModels(ownFolder)) {
    if (await hasModelFolder(folder)) continue;
    await trainSuspect({ step: 'train', spec, folder }, { signal });
    console.log(`${spec.data.name} ${spec.architecture.kind} s${spec.seed}`);
  }
}

async function scan(gridOut: string | undefined): Promise<void> {
  const records = await JsonLines.open<HoldoutRecord>(recordsFile);
  const done = new Set(records.records.map(({ key, cleanSize }) => `${key} ${cleanSize}`));
  const ofGrids = gridOut === undefined ? [] : (await gridModels(gridOut)).filter(isWorthScanning);
  const models = [...ofGrids, ...(await furtherCleanModels(ownFolder))];
  // Other kinds than GIN are what nothing is known of. Keys are hashes: in their order any beginning is a fair sample.
  const rank = ({ key, spec }: HoldoutModel): string => `${spec.architecture.kind === 'gin' ? 1 : 0} ${key}`;
  models.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  for (const cleanSize of [...cleanSizes].reverse()) {
    for (const model of models) {
      if (done.has(`${model.key} ${cleanSize}`) || !(await hasModelFolder(model.folder))) continue;
      const record = await scanOne(model, cleanSize);
      await records.append(record);
      console.log(lineOf(record));
    }
  }
}

/** Models whose attack failed count neither as backdoored nor as clean. */
function isWorthScanning({ spec, asr }: HoldoutModel): boolean {
  return !isAttacked(spec) || counts({ attack: spec.attack, asr });
}

async function scanOne(model: HoldoutModel, cleanSize: CleanSize): Promise<HoldoutRecord> {
  const { spec, folder } = model;
  const data = await loadGridData(spec.data);
  const { poisoned } = await readFacts(folder);
  const rate = cleanSize === 'few' ? holdingRate : manyCleanGraphs / splitsOf(spec, data).train.length;
  const ids = cleanIdsOf(spec, data, poisoned, rate);
  const suspect = await readModel(folder, spec, data);
  const started = performance.now();
  let verdict: BackdoorVerdict;
  try {
    const clean = graphsOf(data.graphs, ids);
    verdict = await assessBackdoor({ model: suspect, clean, layout: data.layout, ids, seed });
  } finally {
    suspect.dispose();
  }
  const seconds = Math.round(performance.now() - started) / 1000;
  return recordOf(model, verdict, { cleanSize, cleanGraphs: ids.length, seconds });
}

function lineOf({ data, kind, attack, cleanGraphs, seconds, scan: found, refused }: HoldoutRecord): string {
  const what = found ? `suspicion ${found.suspicion.toFixed(2)}` : `refused: ${refused}`;
  return `${data} ${kind} ${attack ?? 'clean'} ${cleanGraphs} ${what} ${seconds.toFixed(1)} s`;
}

async function main([command, ...options]: readonly string[]): Promise<void> {
  await selectBackend('graphnad');
  if (command === 'train') await train();
  else if (command === 'scan') await scan(options.at(0));
  else if (command === 'report') await writeHoldoutReport(await readJsonLines<HoldoutRecord>(recordsFile));
  else {
    console.error('usage: scanHoldout.ts train | scan [FOLDER] | report');
    process.exitCode = 64;
  }
}

void main(process.argv.slice(2));
