/**
 * Calibrates the backdoor scan: trains clean and backdoored reference models with our own engine, scans each with small
 * clean sets, and derives the constants of `server/src/scan/calibration.ts`.
 *
 *   npx tsx bench/scanCalibration.ts collect [SEEDS] [SIZES] [DATA]   trains and scans; resumable
 *   npx tsx bench/scanCalibration.ts fit [--refit]                    prints the evaluation of docs/detection.md, writes the constants
 *
 * SEEDS (default 16) times 8 models are trained on the TU data sets in the folder DATA, and scanned with clean sets of
 * SIZES (default 3%,64). Models and scans lie in bench/results/scan, a file and a line each; what is there is not done
 * again.
 */
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import type { Graph } from '../server/src/graph/graph';
import { Rng } from '../server/src/graph/rng';
import { assessBackdoor } from '../server/src/scan/backdoor';
import { selectBackend } from '../server/src/tensor/backend';
import { calibrate, evaluationTable } from './scan/fit';
import { assessed, cleanSizes, readScans, type CleanSize, type ScanRecord } from './scan/records';
import { buildZooModel, readZooModel, trainZooModel, zooData, zooPlan, zooSplits, type TrainedModel } from './scan/zoo';

const results = path.join(__dirname, 'results', 'scan');
const zooFolder = path.join(results, 'zoo');
const scansFile = path.join(results, 'scans.jsonl');
const constantsFile = path.join(__dirname, '..', 'server', 'src', 'scan', 'calibration.ts');
const defaultData = path.join(__dirname, '..', '..', 'shared', 'data', 'tu');

async function collect(seeds: number, sizes: readonly string[], dataFolder: string): Promise<void> {
  mkdirSync(zooFolder, { recursive: true });
  await selectBackend('graphnad');
  const done = new Set(readScans(scansFile).map(({ name, cleanSize }) => `${name} ${cleanSize}`));
  for (const spec of zooPlan(seeds)) {
    const left = cleanSizes.filter((cleanSize) => sizes.includes(cleanSize) && !done.has(`${spec.name} ${cleanSize}`));
    if (left.length === 0) continue;
    const data = await zooData(dataFolder, spec.dataSet);
    const known = existsSync(path.join(zooFolder, `${spec.name}.json`));
    const trained = known ? readZooModel(zooFolder, spec.name) : await trainZooModel(spec, data, zooFolder);
    const model = buildZooModel(trained, data.layout);
    for (const cleanSize of left) {
      const clean = cleanSet(data.graphs, trained, cleanSize);
      const started = performance.now();
      const verdict = await assessBackdoor({ model, clean, layout: data.layout, seed: spec.seed });
      const { accuracy, asr, flipAsr } = trained;
      const seconds = Math.round(performance.now() - started) / 1000;
      const record: ScanRecord = {
        ...spec,
        accuracy,
        asr,
        flipAsr,
        cleanSize,
        cleanGraphs: clean.length,
        verdict,
        seconds,
      };
      appendFileSync(scansFile, `${JSON.stringify(record)}\n`);
      console.log(lineOf(record));
    }
    model.dispose();
  }
}

/** Training graphs that were not poisoned, stratified by class. */
function cleanSet(graphs: readonly Graph[], { seed, name, poisoned }: TrainedModel, size: CleanSize): Graph[] {
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

async function fit(refit: boolean): Promise<void> {
  const scans = readScans(scansFile);
  for (const cleanSize of cleanSizes) {
    const records = assessed(scans, cleanSize);
    if (records.length > 0) console.log(`\nClean sets: ${cleanSize}\n\n${evaluationTable(records)}`);
  }
  const constants = calibrate(assessed(scans, '3%'), refit);
  const source =
    "import type { Calibration } from './score';\n\n" +
    '/** Coefficients, and what clean reference models show; written by `bench/scanCalibration.ts`. */\n' +
    `export const calibration: Calibration = ${JSON.stringify(constants)};\n`;
  writeFileSync(constantsFile, await format(source, { parser: 'typescript', singleQuote: true, printWidth: 120 }));
}

async function main([command, ...options]: readonly string[]): Promise<void> {
  if (command === 'collect') {
    const [seeds = '16', sizes = cleanSizes.join(','), data = defaultData] = options;
    await collect(Number(seeds), sizes.split(','), data);
  } else if (command === 'fit') await fit(options.includes('--refit'));
  else {
    console.error('usage: scanCalibration.ts collect [SEEDS] [DATA] | fit [--refit]');
    process.exitCode = 64;
  }
}

void main(process.argv.slice(2));
