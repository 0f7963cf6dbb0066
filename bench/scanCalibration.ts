/**
 * Calibrates the backdoor scan: trains clean and backdoored reference models with our own engine, scans each with small
 * clean sets, and derives the coefficients and quantiles of `server/src/scan/calibration.ts`.
 *
 *   npx tsx bench/scanCalibration.ts collect [seeds] [data folder]    trains and scans, resumable
 *   npx tsx bench/scanCalibration.ts fit                              prints the evaluation, writes the constants
 *
 * Models and scans lie in bench/results/scan, a model or a line each; what is there is not done again.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { BackdoorVerdict } from '../protocol/reports';
import type { Graph } from '../server/src/graph/graph';
import { Rng } from '../server/src/graph/rng';
import { assessBackdoor } from '../server/src/scan/backdoor';
import { selectBackend } from '../server/src/tensor/backend';
import { buildZooModel, readZooModel, trainZooModel, zooData, zooPlan, zooSplits, type TrainedModel } from './scan/zoo';

const results = path.join(__dirname, 'results', 'scan');
const zooFolder = path.join(results, 'zoo');
const scansFile = path.join(results, 'scans.jsonl');
const defaultData = path.join(__dirname, '..', '..', 'shared', 'data', 'tu');

/** Clean sets: 3% of the training graphs (10 at least), and the most that a scan uses. */
const cleanSizes = ['3%', '64'] as const;

/** One scan of one model. */
export interface ScanRecord extends Omit<TrainedModel, 'tensors' | 'poisoned'> {
  readonly cleanSize: (typeof cleanSizes)[number];
  readonly cleanGraphs: number;
  readonly verdict: BackdoorVerdict;
  readonly seconds: number;
}

export function readScans(): ScanRecord[] {
  if (!existsSync(scansFile)) return [];
  const lines = readFileSync(scansFile, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as ScanRecord);
}

async function collect(seeds: number, dataFolder: string): Promise<void> {
  mkdirSync(zooFolder, { recursive: true });
  await selectBackend('wasm');
  const done = new Set(readScans().map(({ name, cleanSize }) => `${name} ${cleanSize}`));
  for (const spec of zooPlan(seeds)) {
    const data = await zooData(dataFolder, spec.dataSet);
    const known = existsSync(path.join(zooFolder, `${spec.name}.json`));
    const trained = known ? readZooModel(zooFolder, spec.name) : await trainZooModel(spec, data, zooFolder);
    const { tensors: _tensors, poisoned, ...about } = trained;
    const model = buildZooModel(trained, data.layout);
    for (const cleanSize of cleanSizes) {
      if (done.has(`${spec.name} ${cleanSize}`)) continue;
      const clean = cleanSet(data.graphs, trained, poisoned, cleanSize);
      const started = performance.now();
      const verdict = await assessBackdoor({ model, clean, layout: data.layout, seed: spec.seed });
      const seconds = Math.round(performance.now() - started) / 1000;
      const record: ScanRecord = { ...about, cleanSize, cleanGraphs: clean.length, verdict, seconds };
      appendFileSync(scansFile, `${JSON.stringify(record)}\n`);
      console.log(lineOf(record));
    }
    model.dispose();
  }
}

/** Training graphs that were not poisoned, stratified by class. */
function cleanSet(
  graphs: readonly Graph[],
  { seed, name }: TrainedModel,
  poisoned: readonly number[],
  size: (typeof cleanSizes)[number],
): Graph[] {
  const tainted = new Set(poisoned);
  const { train } = zooSplits(graphs, seed);
  const count = size === '3%' ? Math.max(10, Math.ceil(0.03 * train.length)) : 64;
  const order = new Rng(seed, `${name} clean`).permutation(train.length);
  const candidates = [...order].map((i) => train[i]).filter((id) => !tainted.has(id));
  const classes = new Set(train.map((id) => graphs[id].classLabel));
  const chosen = [...classes].flatMap((c) => {
    const share = train.filter((id) => graphs[id].classLabel === c).length / train.length;
    const wanted = Math.max(1, Math.round(share * count));
    return candidates.filter((id) => graphs[id].classLabel === c).slice(0, wanted);
  });
  return chosen.map((id) => graphs[id]);
}

function lineOf({ name, cleanSize, accuracy, asr, verdict, seconds }: ScanRecord): string {
  const about = `${name} ${cleanSize} acc ${accuracy.toFixed(3)} asr ${asr?.toFixed(3) ?? '-'} ${seconds.toFixed(1)} s`;
  if (verdict.kind === 'not-assessed') return `${about} not assessed: ${verdict.reason}`;
  const { suspicion, target, signals } = verdict.evidence;
  const figures = [signals.rhoAsymmetry, signals.gain, signals.excessAsymmetry].map((value) => value.toFixed(2));
  return `${about} suspicion ${suspicion.toFixed(2)} target ${target} (${figures.join(' ')})`;
}

const [command, ...options] = process.argv.slice(2);
if (command === 'collect') void collect(Number(options[0] ?? 8), options[1] ?? defaultData);
