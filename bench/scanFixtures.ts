/**
 * The table of docs/detection.md: what a scan says about the fixture models, beside the truth. The clean subset of each
 * fixture, or 128 of its training graphs that were not poisoned, is all that the scan sees; the true target and attack
 * success rate only stand in the table.
 *
 *   npx tsx bench/scanFixtures.ts [--folder FOLDER] [SEED,SEED,...] [NAME ...]
 *
 * NAME is part of a fixture's name; default: all. Seeds default to 0,1,2. FOLDER holds models that
 * `bench/shapes/train.py` wrote, in place of the fixtures.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { ArchitectureSummary, FeatureKind } from '../protocol/model';
import type { BackdoorEvidence, BackdoorVerdict } from '../protocol/reports';
import { readCheckpoint } from '../server/src/checkpoint/readCheckpoint';
import { encodeDataset } from '../server/src/dataset/features';
import { loadDataset } from '../server/src/dataset/loadDataset';
import { GraphModel } from '../server/src/gnn/graphModel';
import type { ModelPlan } from '../server/src/gnn/plan/modelPlan';
import { recogniseArchitecture } from '../server/src/gnn/recognise';
import { Rng } from '../server/src/graph/rng';
import { manyCleanGraphs } from '../server/src/scan/calibrationFor';
import { assessBackdoor } from '../server/src/scan/backdoor';
import { backdoorFindings } from '../server/src/scan/findings';
import { mean } from '../server/src/scan/statistics';
import { selectBackend } from '../server/src/tensor/backend';

const shared = path.resolve(__dirname, '../../shared');

interface FixtureJson {
  readonly dataset: string;
  readonly features: FeatureKind;
  readonly architecture: ArchitectureSummary;
  /** How the model is computed, where it is not of the usual shape. */
  readonly plan?: ModelPlan;
  readonly splits: { readonly clean: number[]; readonly train: number[] };
  readonly poisonedTrain?: number[];
  readonly trigger?: { readonly target: number };
  readonly measured?: { readonly asr?: number };
}

async function tableRows(name: string, folder: string, seeds: readonly number[]): Promise<string[]> {
  const models = modelsIn(folder);
  const json = JSON.parse(readFileSync(path.join(models, `${name}.json`), 'utf8')) as FixtureJson;
  const file = path.join(models, `${name}.pt`);
  const { tensors } = readCheckpoint(readFileSync(file), file);
  const recognition =
    json.plan === undefined
      ? recogniseArchitecture(tensors, { readout: json.architecture.readout })
      : { architecture: json.architecture, names: json.plan };
  const dataset = await loadDataset(path.join(folder, 'data', 'tu', json.dataset));
  const { graphs, layout } = encodeDataset(dataset, json.features);
  const model = GraphModel.fromCheckpoint(tensors, recognition);
  const rows: string[] = [];
  for (const ids of [json.splits.clean, manyClean(json)]) {
    const clean = ids.map((id) => graphs[id]);
    rows.push(
      await tableRow(name, json, (seed) => assessBackdoor({ model, clean, layout, ids, seed }), clean.length, seeds),
    );
  }
  model.dispose();
  return rows;
}

/** Training graphs that were not poisoned. */
function manyClean({ splits, poisonedTrain = [] }: FixtureJson): number[] {
  const tainted = new Set(poisonedTrain);
  const untouched = splits.train.filter((id) => !tainted.has(id));
  const order = new Rng(0, 'clean graphs of a fixture').permutation(untouched.length);
  return [...order.subarray(0, manyCleanGraphs)].map((i) => untouched[i]);
}

async function tableRow(
  name: string,
  { trigger, measured }: FixtureJson,
  scan: (seed: number) => Promise<BackdoorVerdict>,
  cleanGraphs: number,
  seeds: readonly number[],
): Promise<string> {
  const scans: BackdoorEvidence[] = [];
  const findings: string[] = [];
  const started = performance.now();
  for (const seed of seeds) {
    const verdict = await scan(seed);
    const { evidence } = verdict;
    if (evidence === undefined) throw new Error(`${name}: nothing was seen that a row could hold`);
    scans.push(evidence);
    const [worst] = backdoorFindings(verdict);
    findings.push(worst === undefined ? 'none' : `${worst.code} ${worst.severity}`);
  }
  const seconds = (performance.now() - started) / 1000 / seeds.length;
  const cells = [
    name,
    cleanGraphs,
    scans.map(({ suspicion }) => suspicion.toFixed(2)).join(', '),
    findings.join(', '),
    trigger === undefined ? '-' : trigger.target,
    scans.map(({ target }) => target).join(', '),
    percent(mean(scans.map(({ estimatedAsr }) => estimatedAsr.value))),
    measured?.asr === undefined ? '-' : percent(measured.asr),
    seconds.toFixed(1),
  ];
  return `| ${cells.join(' | ')} |`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
}

function modelsIn(folder: string): string {
  return path.join(folder, 'fixtures', 'models');
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { folder: { type: 'string' } } });
  const [seedList = '0,1,2', ...parts] = positionals;
  const { folder = shared } = values;
  await selectBackend('graphnad');
  const names = readdirSync(modelsIn(folder))
    .filter((file) => file.endsWith('.pt'))
    .map((file) => file.slice(0, -'.pt'.length))
    .filter((name) => parts.length === 0 || parts.some((part) => name.includes(part)));
  const titles = [
    'model',
    'clean graphs',
    'suspicion by seed',
    'finding by seed',
    'true target',
    'named target',
    'estimated ASR',
    'true ASR',
    'seconds a scan',
  ];
  console.log(`| ${titles.join(' | ')} |\n|${' --- |'.repeat(titles.length)}`);
  for (const name of names) console.log((await tableRows(name, folder, seedList.split(',').map(Number))).join('\n'));
}

void main();
