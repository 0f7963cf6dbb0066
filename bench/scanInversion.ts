/**
 * Measures what gradient inversion tells of reference models: whether the triggers that it finds, or how easily it finds
 * them, set backdoored models apart, and whether they come nearer to the true attack success than the random search does.
 *
 *   npx tsx bench/scanInversion.ts collect [FOLDER] [DATA]   inverts reference models with 128 clean graphs; resumable
 *   npx tsx bench/scanInversion.ts report                    writes the figures of docs/detection.md
 *
 * FOLDER (default bench/results/scan/reference) holds reference models, NAME.pt and NAME.json each, DATA the TU data
 * sets. A line a model is added to bench/results/scan/inversion.jsonl; bench/results/scan/reference.jsonl is what the
 * random search found in the same models.
 */
import path from 'node:path';
import { Rng } from '../server/src/graph/rng';
import { graphsOf } from '../server/src/jobs/cleanData';
import { JsonLines, readJsonLines } from '../server/src/jobs/grid/jsonLines';
import { makePools } from '../server/src/scan/pools';
import { invertTriggers, type InvertedTrigger } from '../server/src/scan/signals/inversion';
import { triggerFamilies } from '../server/src/scan/signals/softTriggers';
import { selectBackend } from '../server/src/tensor/backend';
import {
  efforts,
  inversionSample,
  type Effort,
  type InversionRecord,
  type InvertedFigures,
} from './scan/inversionRecords';
import { writeInversionReport } from './scan/inversionReport';
import { allFacts, cleanSubset, readReference, type ReferenceFacts } from './scan/referenceModels';
import type { ReferenceRecord } from './scan/referenceRecords';
import { zooData } from './scan/zoo';

const results = path.join(__dirname, 'results', 'scan');
const recordsFile = path.join(results, 'inversion.jsonl');
const defaultData = path.join(__dirname, '..', '..', 'shared', 'data', 'tu');

async function collect(effort: Effort, folder: string, dataFolder: string): Promise<void> {
  const records = await JsonLines.open<InversionRecord>(recordsFile);
  const done = new Set(records.records.filter((record) => record.effort === effort).map(({ name }) => name));
  for (const facts of inversionSample(allFacts(folder), effort).filter(({ name }) => !done.has(name))) {
    const record = await invert(effort, folder, facts, dataFolder);
    await records.append(record);
    const flips = triggerFamilies.map((family) =>
      record.inverted[family].map((found) => found?.flip.value.toFixed(2) ?? '-').join(' '),
    );
    console.log(`${record.name} ${flips.join(', ')} ${record.seconds} s`);
  }
}

async function invert(
  effort: Effort,
  folder: string,
  facts: ReferenceFacts,
  dataFolder: string,
): Promise<InversionRecord> {
  const { name, dataSet, recipe, attack, asr, flipAsr, seed } = facts;
  const { graphs, layout } = await zooData(dataFolder, dataSet);
  const clean = graphsOf(graphs, cleanSubset(facts, graphs, 'many'));
  const model = await readReference(folder, facts);
  try {
    // The halves that the random search of a scan is given, too.
    const pools = makePools(model, clean, layout, new Rng(seed, 'pools 0'));
    const started = process.cpuUsage();
    const found = await invertTriggers({ model, pools, layout, seed, settings: efforts[effort] });
    const { user, system } = process.cpuUsage(started);
    if (found === undefined) throw new RangeError(`triggers cannot be sought in ${name} by gradients`);
    const { structure = [], features = [], both = [] } = found;
    return {
      ...{ name, effort, dataSet, recipe: recipe.name, asr, flipAsr },
      ...(attack && { attack: attack.kind, target: attack.target }),
      inverted: {
        structure: structure.map(figuresOf),
        features: features.map(figuresOf),
        both: both.map(figuresOf),
      },
      seconds: Math.round((user + system) / 1e4) / 100,
    };
  } finally {
    model.dispose();
  }
}

function figuresOf(found: InvertedTrigger | undefined): InvertedFigures | null {
  if (found === undefined) return null;
  const { loss, asr, flip, edges, labels } = found;
  return { loss, asr, flip, edges, labels };
}

async function main([command, ...options]: readonly string[]): Promise<void> {
  const [folder = path.join(results, 'reference'), data = defaultData] = options;
  if (command === 'collect') {
    await selectBackend('graphnad');
    await collect('usual', folder, data);
    await collect('more', folder, data);
  } else if (command === 'report') {
    const searched = await readJsonLines<ReferenceRecord>(path.join(results, 'reference.jsonl'));
    await writeInversionReport(await readJsonLines<InversionRecord>(recordsFile), searched);
  } else {
    console.error('usage: scanInversion.ts collect [FOLDER] [DATA] | report');
    process.exitCode = 64;
  }
}

void main(process.argv.slice(2));
