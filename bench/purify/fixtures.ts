import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ArchitectureSummary, FeatureKind } from '../../protocol/model';
import { accuracy, attackMetrics } from '../../server/src/attack/metrics';
import { triggeredGraphs } from '../../server/src/attack/triggeredGraphs';
import { parseTriggerFile } from '../../server/src/attack/triggerFile';
import { readCheckpoint } from '../../server/src/checkpoint/readCheckpoint';
import { encodeDataset } from '../../server/src/dataset/features';
import { loadDataset } from '../../server/src/dataset/loadDataset';
import type { Bounds } from '../../server/src/gnn/bounds';
import { GraphModel } from '../../server/src/gnn/graphModel';
import type { ModelPlan } from '../../server/src/gnn/plan/modelPlan';
import { argmaxRows, predictLogits } from '../../server/src/gnn/predict';
import { recogniseArchitecture } from '../../server/src/gnn/recognise';
import type { FeatureLayout, Graph } from '../../server/src/graph/graph';

const shared = path.resolve(__dirname, '../../../shared');

/** A backdoored model with what is needed to purify it (`clean`) and to report on it (the rest). */
export interface Subject {
  readonly model: GraphModel;
  readonly layout: FeatureLayout;
  readonly clean: readonly Graph[];
  readonly test: readonly Graph[];
  /** Attacked test graphs without the trigger. */
  readonly attacked: readonly Graph[];
  /** The same graphs with it. */
  readonly triggered: readonly Graph[];
  readonly target: number;
}

/** True figures of a model; shares in [0, 1]. */
export interface Figures {
  readonly acc: number;
  readonly asr: number;
  readonly flipAsr: number;
}

interface FixtureJson {
  readonly dataset: string;
  readonly features: FeatureKind;
  readonly architecture: ArchitectureSummary;
  /** How the model is computed, where it is not of the usual shape. */
  readonly plan?: ModelPlan;
  readonly splits: { readonly test: number[]; readonly clean: number[] };
  readonly trigger?: object;
}

/** Names of the fixture models that carry a trigger. @param folder with `fixtures` and `data` */
export function backdooredFixtures(folder = shared): string[] {
  const models = modelsIn(folder);
  if (!existsSync(models)) throw new Error(`the fixtures are missing: ${models}`);
  const names = readdirSync(models).filter((file) => file.endsWith('.json'));
  return names.map((file) => file.slice(0, -'.json'.length)).filter((name) => 'trigger' in readJson(models, name));
}

/** @param folder with `fixtures` and `data` */
export async function loadFixture(name: string, folder = shared): Promise<Subject> {
  const models = modelsIn(folder);
  const json = readJson(models, name);
  const file = path.join(models, `${name}.pt`);
  const { tensors } = readCheckpoint(readFileSync(file), file);
  const recognition =
    json.plan === undefined
      ? recogniseArchitecture(tensors, { readout: json.architecture.readout })
      : { architecture: json.architecture, names: json.plan };
  const dataset = await loadDataset(path.join(folder, 'data', 'tu', json.dataset));
  const { graphs, layout } = encodeDataset(dataset, json.features);
  const triggerFile = path.join(models, `${name}.json`);
  const trigger = parseTriggerFile(readFileSync(triggerFile, 'utf8'), triggerFile);
  const classes = recognition.architecture.classes;
  const triggered = triggeredGraphs(trigger, graphs, json.splits.test, layout, classes, triggerFile);
  return {
    model: GraphModel.fromCheckpoint(tensors, recognition),
    layout,
    clean: json.splits.clean.map((id) => graphs[id]),
    test: json.splits.test.map((id) => graphs[id]),
    attacked: triggered.ids.map((id) => graphs[id]),
    triggered: triggered.graphs,
    target: trigger.target,
  };
}

/** Accuracy on the test split and attack success with the true trigger. */
export function measure(model: GraphModel, subject: Subject, bounds?: Bounds): Figures {
  const { layout, test, attacked, triggered, target } = subject;
  const predict = (graphs: readonly Graph[]): Int32Array =>
    argmaxRows(predictLogits(model, graphs, layout, { bounds }), model.architecture.classes);
  const classLabels = test.map((graph) => graph.classLabel);
  const attack = attackMetrics(predict(attacked), predict(triggered), target);
  return { acc: accuracy(predict(test), classLabels), asr: attack.asr, flipAsr: attack.flipAsr ?? 0 };
}

function modelsIn(folder: string): string {
  return path.join(folder, 'fixtures', 'models');
}

function readJson(models: string, name: string): FixtureJson {
  return JSON.parse(readFileSync(path.join(models, `${name}.json`), 'utf8')) as FixtureJson;
}
