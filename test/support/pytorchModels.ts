import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ArchitectureSummary } from '../../protocol/model';
import type { Tensor } from '../../server/src/checkpoint/checkpoint';
import { readCheckpoint } from '../../server/src/checkpoint/readCheckpoint';
import type { FeatureLayout, Graph } from '../../server/src/graph/graph';
import { GraphModel } from '../../server/src/gnn/graphModel';
import type { ModelPlan } from '../../server/src/gnn/plan/modelPlan';
import { graphOf } from './graphs';

/** What a model of PyTorch Geometric computes on the graphs of the fixture, in float64. */
export interface ExpectedRun {
  /** Row-major `[graphs, classes]`. */
  readonly logits: readonly number[];
  /** Of the mean cross-entropy, by tensor name, row by row. */
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  /** Statistics of BatchNorm afterwards, by tensor name. */
  readonly running: Readonly<Record<string, readonly number[]>>;
}

/** A graph classifier of PyTorch Geometric: its state dict is in `file`. */
export interface PytorchModel {
  readonly file: string;
  readonly architecture: ArchitectureSummary;
  /** With frozen statistics of BatchNorm. */
  readonly frozen: ExpectedRun;
  /** With the statistics of the batch, and no dropout. */
  readonly training: ExpectedRun;
}

/** A graph classifier of any shape, and the plan by which it is run. */
export interface PlannedModel extends Omit<PytorchModel, 'file'> {
  readonly name: string;
  readonly plan: ModelPlan;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

const folder = path.join(__dirname, '../fixtures/models');
function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as T;
}

interface DescribedGraph {
  readonly labels: number[];
  readonly edges: [number, number][];
  readonly y: number;
}

const { graphs, models } = readJson<{ graphs: readonly DescribedGraph[]; models: readonly PytorchModel[] }>(
  'expected.json',
);
const plans = readJson<{ graphs: readonly DescribedGraph[]; names: readonly string[] }>('plans.json');

/** Models of all kinds; `test/fixtures/models/make.py` makes them. */
export const pytorchModels = models;

/** The graphs that they were run on, with three labels. */
export const pytorchGraphs = graphs.map(describedGraph);

/** Models of many shapes; `test/fixtures/models/make_plans.py` makes them. */
export const plannedModels: readonly PlannedModel[] = plans.names.map((name) => {
  const described = readJson<Omit<PlannedModel, 'name' | 'tensors'>>(`plan-${name}.json`);
  return { name, ...described, tensors: pytorchTensors(`plan-${name}.pt`) };
});

/** The model of a fixture; whoever asks for it disposes it. */
export function builtPlan({ architecture, plan, tensors }: PlannedModel): GraphModel {
  return GraphModel.fromCheckpoint(tensors, { architecture, names: plan });
}

/** The graphs that they were run on, with the same labels. */
export const plannedGraphs = plans.graphs.map(describedGraph);

export const pytorchLayout: FeatureLayout = { kind: 'labels', width: 3, attributeWidth: 0, labelColumns: 3 };

export function pytorchTensors(file: string): ReadonlyMap<string, Tensor> {
  return readCheckpoint(readFileSync(path.join(folder, file)), file).tensors;
}

function describedGraph({ labels, edges, y }: DescribedGraph): Graph {
  return graphOf(labels.length, { labels, edges, classLabel: y });
}
