/**
 * The table of docs/detection.md: what a scan says about the fixture models, beside the truth. The clean subset of each
 * fixture is all that the scan sees; the true target and attack success rate only stand in the table.
 *
 *   npx tsx bench/scanFixtures.ts [SEED,SEED,...] [NAME ...]
 *
 * NAME is part of a fixture's name; default: all. Seeds default to 0,1,2.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FeatureKind, Readout } from '../protocol/model';
import type { BackdoorEvidence } from '../protocol/reports';
import { readCheckpoint } from '../server/src/checkpoint/readCheckpoint';
import { encodeDataset } from '../server/src/dataset/features';
import { loadDataset } from '../server/src/dataset/loadDataset';
import { GraphModel } from '../server/src/gnn/graphModel';
import { recogniseArchitecture } from '../server/src/gnn/recognise';
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
  readonly splits: { readonly clean: number[] };
  readonly trigger?: { readonly target: number };
  readonly measured: { readonly asr?: number };
}

async function tableRow(name: string, seeds: readonly number[]): Promise<string> {
  const json = JSON.parse(readFileSync(path.join(models, `${name}.json`), 'utf8')) as FixtureJson;
  const file = path.join(models, `${name}.pt`);
  const { tensors } = readCheckpoint(readFileSync(file), file);
  const recognition = recogniseArchitecture(tensors, { readout: json.architecture.readout });
  const dataset = await loadDataset(path.join(shared, 'data', 'tu', json.dataset));
  const { graphs, layout } = encodeDataset(dataset, json.features);
  const clean = json.splits.clean.map((id) => graphs[id]);
  const model = GraphModel.fromCheckpoint(tensors, recognition);
  const scans: BackdoorEvidence[] = [];
  const findings: string[] = [];
  const started = performance.now();
  for (const seed of seeds) {
    const verdict = await assessBackdoor({ model, clean, layout, seed });
    if (verdict.kind === 'not-assessed') throw new Error(`${name} was not assessed: ${verdict.reason}`);
    scans.push(verdict.evidence);
    const [worst] = backdoorFindings(verdict);
    findings.push(worst === undefined ? 'none' : `${worst.code} ${worst.severity}`);
  }
  const seconds = (performance.now() - started) / 1000 / seeds.length;
  model.dispose();
  const { trigger, measured } = json;
  const cells = [
    name,
    clean.length,
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
  for (const name of names) console.log(await tableRow(name, seedList.split(',').map(Number)));
}

void main(process.argv.slice(2));
