import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ArchitectureSummary } from '../../protocol/model';
import { injectTrigger } from '../../server/src/attack/inject';
import { accuracy, attackMetrics } from '../../server/src/attack/metrics';
import { cliqueEdges, erdosRenyiEdges, type MotifEdges } from '../../server/src/attack/motifs';
import { canBeAttacked, poisonTrainingSet } from '../../server/src/attack/poisoning';
import { rareLabels } from '../../server/src/attack/rareLabels';
import type { Trigger } from '../../server/src/attack/trigger';
import type { Tensor } from '../../server/src/checkpoint/checkpoint';
import { encodeDataset } from '../../server/src/dataset/features';
import { loadDataset } from '../../server/src/dataset/loadDataset';
import { GraphModel } from '../../server/src/gnn/graphModel';
import { argmaxRows, predictLogits } from '../../server/src/gnn/predict';
import { defaultTensorNames } from '../../server/src/gnn/modelSpecs';
import { trainClassifier } from '../../server/src/gnn/train';
import type { FeatureLayout, Graph } from '../../server/src/graph/graph';
import { Rng } from '../../server/src/graph/rng';
import { makeSplits } from '../../server/src/graph/splits';
import { dataSets } from './referencePlan';

export const attacks = ['subgraph', 'subgraph-labels', 'topology', 'motif', 'feature'] as const;

/** A reference model to train; everything about it follows from these fields. */
export interface ZooModel {
  readonly name: string;
  readonly dataSet: (typeof dataSets)[number];
  /** Absent for a clean model. */
  readonly attack?: (typeof attacks)[number];
  readonly target?: number;
  readonly seed: number;
  readonly hidden: number;
  readonly recipe: Recipe;
}

/** How a model is trained. */
interface Recipe {
  readonly readout: 'sum' | 'mean';
  readonly learningRate: number;
  readonly epochs: number;
}

/** A trained model and what it can do; figures on the test split. */
export interface TrainedModel extends ZooModel {
  readonly accuracy: number;
  /** Of the true trigger. */
  readonly asr?: number;
  readonly flipAsr?: number;
  /** Training graphs that were poisoned; they never serve as clean graphs. */
  readonly poisoned: readonly number[];
  /** Tensors by checkpoint name: shape and little-endian float32 values in base64. */
  readonly tensors: Readonly<Record<string, { readonly shape: readonly number[]; readonly values: string }>>;
}

/** Larger training sets are cut to this, to keep a model under a minute. */
export const mostTrainingGraphs = 900;

/** Recipes in turn over the seeds: third-party models are trained in many ways, and clean ones differ by it. */
const recipes: readonly Recipe[] = [
  { readout: 'sum', learningRate: 0.005, epochs: 24 },
  { readout: 'sum', learningRate: 0.01, epochs: 24 },
  { readout: 'sum', learningRate: 0.005, epochs: 24 },
  { readout: 'mean', learningRate: 0.005, epochs: 24 },
  { readout: 'sum', learningRate: 0.005, epochs: 48 },
  { readout: 'sum', learningRate: 0.01, epochs: 12 },
  { readout: 'sum', learningRate: 0.002, epochs: 40 },
  { readout: 'mean', learningRate: 0.01, epochs: 40 },
];

/** Clean and backdoored models in turn, over data sets, attacks, target classes, widths and recipes. */
export function zooPlan(seeds: number): ZooModel[] {
  const plan: ZooModel[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    dataSets.forEach((dataSet, d) => {
      const shared = {
        dataSet,
        seed,
        hidden: (seed + d) % 2 === 0 ? 32 : 64,
        recipe: recipes[seed % recipes.length],
      } as const;
      const attack = attacks[(seed + 2 * d) % attacks.length];
      const target = (seed + d + Math.floor(seed / attacks.length)) % 2;
      plan.push({ ...shared, name: `${dataSet}-clean-s${seed}` });
      plan.push({ ...shared, name: `${dataSet}-${attack}-t${target}-s${seed}`, attack, target });
    });
  }
  return plan;
}

export interface ZooData {
  readonly graphs: readonly Graph[];
  readonly layout: FeatureLayout;
}

const loaded = new Map<string, Promise<ZooData>>();

/** A data set of `folder`, read once. */
export function zooData(folder: string, dataSet: string): Promise<ZooData> {
  const known = loaded.get(dataSet);
  if (known) return known;
  const data = loadDataset(path.join(folder, dataSet)).then((dataset) => encodeDataset(dataset, 'labels-dense'));
  loaded.set(dataSet, data);
  return data;
}

/** Trains a model of the plan and keeps it as `zooFolder/NAME.json`. */
export async function trainZooModel(spec: ZooModel, data: ZooData, zooFolder: string): Promise<TrainedModel> {
  const { graphs, layout } = data;
  const splits = zooSplits(graphs, spec.seed);
  const rng = new Rng(spec.seed, spec.name);
  const trainingIds = splits.train.slice();
  const kept = [...rng.permutation(trainingIds.length).subarray(0, mostTrainingGraphs)].map((i) => trainingIds[i]);
  let training = kept.map((id) => graphs[id]);
  let poisoned: number[] = [];
  let trigger: Trigger | undefined;
  if (spec.attack !== undefined && spec.target !== undefined) {
    trigger = attackTrigger(spec.attack, training, layout, rng);
    const result = poisonTrainingSet(training, { trigger, target: spec.target, rate: 0.1 }, rng);
    training = result.graphs;
    poisoned = result.poisoned.map((index) => kept[index]);
  }
  const model = GraphModel.random(architectureOf(spec, layout), new Rng(spec.seed, `${spec.name} weights`));
  await trainClassifier(model, training, layout, {
    seed: spec.seed,
    epochs: spec.recipe.epochs,
    learningRate: spec.recipe.learningRate,
  });
  const test = splits.test.map((id) => graphs[id]);
  const trained: TrainedModel = {
    ...spec,
    accuracy: accuracy(predict(model, test, layout), test.map((graph) => graph.classLabel)), // prettier-ignore
    ...(trigger && spec.target !== undefined ? attackFigures(model, trigger, spec.target, test, layout, rng) : {}),
    poisoned,
    tensors: exportTensors(model),
  };
  model.dispose();
  mkdirSync(zooFolder, { recursive: true });
  writeFileSync(path.join(zooFolder, `${spec.name}.json`), JSON.stringify(trained));
  return trained;
}

/** The trigger that a backdoored model of the plan was trained with: the draws of its training, repeated. */
export function zooTrigger(spec: ZooModel, { graphs, layout }: ZooData): Trigger {
  if (spec.attack === undefined) throw new RangeError(`${spec.name} is a clean model`);
  const rng = new Rng(spec.seed, spec.name);
  const { train } = zooSplits(graphs, spec.seed);
  const kept = [...rng.permutation(train.length).subarray(0, mostTrainingGraphs)].map((i) => train[i]);
  return attackTrigger(
    spec.attack,
    kept.map((id) => graphs[id]),
    layout,
    rng,
  );
}

/** The same split for a seed, whatever the model. */
export function zooSplits(
  graphs: readonly Graph[],
  seed: number,
): { readonly train: number[]; readonly test: number[] } {
  return makeSplits(
    graphs.map((graph) => graph.classLabel),
    { seed },
  );
}

export function readZooModel(zooFolder: string, name: string): TrainedModel {
  return JSON.parse(readFileSync(path.join(zooFolder, `${name}.json`), 'utf8')) as TrainedModel;
}

/** The model itself; the caller disposes it. */
export function buildZooModel(trained: TrainedModel, layout: FeatureLayout): GraphModel {
  const architecture = architectureOf(trained, layout);
  const tensors = new Map<string, Tensor>();
  for (const [name, { shape, values }] of Object.entries(trained.tensors)) {
    const bytes = Buffer.from(values, 'base64');
    const numbers = Float64Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
    tensors.set(name, { name, dtype: 'float32', shape, values: () => numbers.slice() });
  }
  const names = defaultTensorNames(architecture);
  return GraphModel.fromCheckpoint(tensors, { architecture, names });
}

function exportTensors(model: GraphModel): TrainedModel['tensors'] {
  const entries = model.stateDict().map(({ name, shape, values }) => {
    const bytes = Buffer.alloc(4 * values.length);
    values.forEach((value, i) => bytes.writeFloatLE(value, 4 * i));
    return [name, { shape, values: bytes.toString('base64') }] as const;
  });
  return Object.fromEntries(entries);
}

function architectureOf({ hidden, recipe }: ZooModel, layout: FeatureLayout): ArchitectureSummary {
  return {
    kind: 'gin',
    layers: 3,
    hidden,
    inputs: layout.width,
    classes: 2,
    readout: recipe.readout,
    batchNorm: true,
    eps: [0, 0, 0],
  };
}

function predict(model: GraphModel, graphs: readonly Graph[], layout: FeatureLayout): Int32Array {
  return argmaxRows(predictLogits(model, graphs, layout), 2);
}

function attackFigures(
  model: GraphModel,
  trigger: Trigger,
  target: number,
  test: readonly Graph[],
  layout: FeatureLayout,
  rng: Rng,
): { readonly asr: number; readonly flipAsr?: number } {
  const hosts = test.filter((graph) => canBeAttacked(graph, trigger, target));
  const triggered = hosts.map((graph) => injectTrigger(graph, trigger, rng));
  const { asr, flipAsr } = attackMetrics(predict(model, hosts, layout), predict(model, triggered, layout), target);
  return { asr, flipAsr };
}

const house: MotifEdges = [
  [0, 1],
  [1, 2],
  [2, 3],
  [0, 3],
  [0, 4],
  [1, 4],
];

function attackTrigger(
  attack: (typeof attacks)[number],
  graphs: readonly Graph[],
  layout: FeatureLayout,
  rng: Rng,
): Trigger {
  const nodes = 4 + rng.integer(2);
  const random = { nodes, placement: 'random', replace: true } as const;
  switch (attack) {
    case 'subgraph':
      return { ...random, edges: erdosRenyiEdges(nodes, 0.8, rng), labels: null };
    case 'subgraph-labels':
      return {
        ...random,
        edges: erdosRenyiEdges(nodes, 0.8, rng),
        labels: rareLabels(graphs, layout.labelColumns, nodes),
      };
    case 'topology':
      return { ...random, edges: cliqueEdges(nodes), labels: null, placement: 'degree' };
    case 'motif':
      return { nodes: 5, edges: house, labels: null, placement: 'bfs', replace: true };
    case 'feature':
      return {
        ...random,
        nodes: nodes - 1,
        edges: null,
        labels: rareLabels(graphs, layout.labelColumns, nodes - 1),
        replace: false,
      };
  }
}
