/**
 * The table of docs/detection.md: what a scan says about the fixture models, beside the truth. The clean subset of each
 * fixture, or 128 of its training graphs that were not poisoned, is all that the scan sees; the true target and attack success rate only stand in the table.
 *
 *   npx tsx bench/scanFixtures.ts [SEED,SEED,...] [NAME ...]
 *
 * NAME is part of a fixture's name; default: all. Seeds default to 0,1,2.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FeatureKind, Readout } from '../protocol/model';
import type { BackdoorEvidence, BackdoorVerdict } from '../protocol/reports';
import { readCheckpoint } from '../server/src/checkpoint/readCheckpoint';
import { encodeDataset } from '../server/src/dataset/features';
import { loadDataset } from '../server/src/dataset/loadDataset';
import { GraphModel } from '../server/src/gnn/graphModel';
import { recogniseArchitecture } from '../server/src/gnn/recognise';
import { Rng } from '../server/src/graph/rng';
import { manyCleanGraphs } from '../server/src/scan/calibrationFor';
import { assessBackdoor } from '../server/src/scan/backdoor';
import { backdoorFindings } from '../server/src/scan/findings';
import { mean } from '../server/src/scan/statistics';
import { selectBackend } from '../server/src/tensor/backend';

const shared = path.resolve(__dirname, '../../shared');
const models = path.join(shared, 'fixtures', 'models');

interface FixtureJson {
  readonly dataset: string;
  readonly features: FeatureKind;
  readonly architecture: { readonly readout: Readout };
  readonly splits: { readonly clean: number[]; readonly train: number[] };
  readonly poisonedTrain?: number[];
  readonly trigger?: { readonly target: number };
  readonly measured: { readonly asr?: number };
}

async function tableRows(name: string, seeds: readonly number[]): Promise<string[]> {
  const json = JSON.parse(readFileSync(path.join(models, `${name}.json`), 'utf8')) as FixtureJson;
  const file = path.join(models, `${name}.pt`);
  const { tensors } = readCheckpoint(readFileSync(file), file);
  const recognition = recogniseArchitecture(tensors, { readout: json.architecture.readout });
  const dataset = await loadDataset(path.join(shared, 'data', 'tu', json.dataset));
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
    if (verdict.kind === 'not-assessed') throw new Error(`${name} was not assessed: ${verdict.reason}`);
    scans.push(verdict.evidence);
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
    measured.asr === undefined ? '-' : percent(measured.asr),
    seconds.toFixed(1),
  ];
  return `| ${cells.join(' | ')} |`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
}

async function main([seedList = '0,1,2', ...parts]: readonly string[]): Promise<void> {
  await selectBackend('graphnad');
  const names = readdirSync(models)
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
  for (const name of names) console.log((await tableRows(name, seedList.split(',').map(Number))).join('\n'));
}

void main(process.argv.slice(2));
