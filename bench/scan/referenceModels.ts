import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ArchitectureSummary } from '../../protocol/model';
import { attack, type AttackTrigger } from '../../server/src/attack/attacks';
import { accuracy, attackMetrics } from '../../server/src/attack/metrics';
import { canBeAttacked } from '../../server/src/attack/poisoning';
import { createPyTorchCheckpoint } from '../../server/src/checkpoint/createCheckpoint';
import { GraphModel } from '../../server/src/gnn/graphModel';
import { argmaxRows, predictLogits } from '../../server/src/gnn/predict';
import { trainClassifier, type TrainSettings } from '../../server/src/gnn/train';
import type { Graph } from '../../server/src/graph/graph';
import { Rng } from '../../server/src/graph/rng';
import { makeSplits } from '../../server/src/graph/splits';
import { graphsOf } from '../../server/src/jobs/cleanData';
import { loadModel } from '../../server/src/jobs/loadModel';
import { manyCleanGraphs } from '../../server/src/scan/calibrationFor';
import type { ReferenceSpec } from './referencePlan';
import type { CleanSize } from './referenceRecords';
import { mostTrainingGraphs, type ZooData } from './zoo';

/** What is known of a trained model; figures on the test split, ids of the data set. */
export interface ReferenceFacts extends ReferenceSpec {
  readonly accuracy: number;
  /** Of the true trigger. */
  readonly asr?: number;
  readonly flipAsr?: number;
  /** Graphs it was trained on, before poisoning. */
  readonly train: readonly number[];
  readonly poisoned: readonly number[];
  /** The smaller of the clean subsets. */
  readonly clean: readonly number[];
}

const holdingRate = 0.03;
const fewestClean = 10;

export function hasReference(folder: string, { name }: ReferenceSpec): boolean {
  return existsSync(path.join(folder, `${name}.json`));
}

export function readFacts(folder: string, name: string): ReferenceFacts {
  return JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')) as ReferenceFacts;
}

/** What is known of all models of a folder, in the order of their training: any beginning has all data sets and attacks. */
export function allFacts(folder: string): ReferenceFacts[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => readFacts(folder, path.basename(file, '.json')))
    .sort((a, b) => a.seed - b.seed);
}

export function referenceFile(folder: string, { name }: ReferenceSpec): string {
  return path.join(folder, `${name}.pt`);
}

/** The model itself; the caller disposes it. */
export async function readReference(folder: string, spec: ReferenceSpec): Promise<GraphModel> {
  const { readout } = spec.recipe;
  const { checkpoint, recognition } = await loadModel(referenceFile(folder, spec), { readout });
  return GraphModel.fromCheckpoint(checkpoint.tensors, recognition);
}

/** Trains a model of the plan and keeps it as NAME.pt, with NAME.json about it, which is written last. */
export async function trainReference(spec: ReferenceSpec, data: ZooData, folder: string): Promise<ReferenceFacts> {
  const { graphs, layout } = data;
  const { recipe, seed } = spec;
  const { train, test } = splitOf(spec, graphs);
  const training: TrainSettings = recipe;
  const architecture = architectureOf(spec, layout.width);
  const { model, trigger, poisoned } =
    spec.attack === undefined
      ? await trainClean(spec, graphsOf(graphs, train), data)
      : await attack({
          ...{ train: graphsOf(graphs, train), layout, architecture, training, seed },
          options: spec.attack,
          signal: new AbortController().signal,
        });
  const tested = graphsOf(graphs, test);
  const tainted = new Set(poisoned.map((i) => train[i]));
  const known = {
    ...spec,
    accuracy: accuracy(
      predict(model, tested, data),
      tested.map(({ classLabel }) => classLabel),
    ),
    ...(trigger && attackFigures(model, trigger, tested, data, seed)),
    train,
    poisoned: [...tainted],
  };
  const facts: ReferenceFacts = { ...known, clean: cleanSubset(known, graphs, 'few') };
  mkdirSync(folder, { recursive: true });
  writeFileSync(referenceFile(folder, spec), createPyTorchCheckpoint(model.stateDict()));
  const file = path.join(folder, `${spec.name}.json`);
  writeFileSync(`${file}.new`, JSON.stringify(facts));
  renameSync(`${file}.new`, file);
  model.dispose();
  return facts;
}

interface Trained {
  readonly model: GraphModel;
  readonly trigger?: AttackTrigger;
  readonly poisoned: readonly number[];
}

async function trainClean(spec: ReferenceSpec, train: readonly Graph[], { layout }: ZooData): Promise<Trained> {
  const model = GraphModel.random(architectureOf(spec, layout.width), new Rng(spec.seed, 'initial weights'));
  await trainClassifier(model, train, layout, { ...spec.recipe, seed: spec.seed });
  return { model, poisoned: [] };
}

/** Training graphs, cut to 900 and with one class thinned out where the recipe says so, and test graphs. */
function splitOf({ seed, recipe }: ReferenceSpec, graphs: readonly Graph[]): { train: number[]; test: number[] } {
  const labels = graphs.map(({ classLabel }) => classLabel);
  const { train, test } = makeSplits(labels, { seed });
  const rng = new Rng(seed, 'training graphs');
  const thinned = rng.integer(2);
  const order = [...rng.permutation(train.length)].map((i) => train[i]);
  const kept = order.filter((id) => labels[id] !== thinned || rng.uniform() < recipe.minority);
  return { train: kept.slice(0, mostTrainingGraphs).sort((a, b) => a - b), test };
}

/**
 * Ids of a clean subset of a model's training graphs, stratified by class, none poisoned.
 *
 * @param size 3% of them, at least 10; or 128
 */
export function cleanSubset(
  { seed, train, poisoned }: Pick<ReferenceFacts, 'seed' | 'train' | 'poisoned'>,
  graphs: readonly Graph[],
  size: CleanSize,
): number[] {
  const tainted = new Set(poisoned);
  const count = size === 'few' ? Math.max(fewestClean, Math.ceil(holdingRate * train.length)) : manyCleanGraphs;
  const labels = train.map((id) => graphs[id].classLabel);
  const order = [...new Rng(seed, 'clean subset').permutation(train.length)].map((i) => train[i]);
  return [...new Set(labels)].sort().flatMap((c) => {
    const share = labels.filter((label) => label === c).length / labels.length;
    const candidates = order.filter((id) => graphs[id].classLabel === c && !tainted.has(id));
    return candidates.slice(0, Math.max(1, Math.round(share * count)));
  });
}

function attackFigures(
  model: GraphModel,
  trigger: AttackTrigger,
  test: readonly Graph[],
  data: ZooData,
  seed: number,
): { readonly asr: number; readonly flipAsr?: number } {
  const hosts = test.filter((graph) => canBeAttacked(graph, trigger, trigger.target));
  const triggered = trigger.apply(hosts, new Rng(seed, 'test triggers'));
  const { asr, flipAsr } = attackMetrics(predict(model, hosts, data), predict(model, triggered, data), trigger.target);
  return { asr, flipAsr };
}

function predict(model: GraphModel, graphs: readonly Graph[], { layout }: ZooData): Int32Array {
  return argmaxRows(predictLogits(model, graphs, layout), model.architecture.classes);
}

function architectureOf({ recipe }: ReferenceSpec, inputs: number): ArchitectureSummary {
  const { layers, hidden, readout, batchNorm } = recipe;
  return { kind: 'gin', layers, hidden, inputs, classes: 2, readout, batchNorm };
}
