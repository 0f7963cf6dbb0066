import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { injectTrigger } from '../../server/src/attack/inject';
import { canBeAttacked } from '../../server/src/attack/poisoning';
import type { GraphModel } from '../../server/src/gnn/graphModel';
import type { FeatureLayout, Graph } from '../../server/src/graph/graph';
import { Rng } from '../../server/src/graph/rng';
import { makeSplits } from '../../server/src/graph/splits';
import { buildZooModel, readZooModel, zooData, zooSplits, zooTrigger } from '../scan/zoo';
import type { Subject } from './fixtures';

const zooFolder = path.resolve(__dirname, '..', 'results', 'scan', 'zoo');
const tuFolder = path.resolve(__dirname, '../../../shared/data/tu');

/** Share of the attacked graphs that a backdoor must flip to be worth removing. */
const WORKING_FLIP_ASR = 0.7;

/**
 * Names of the backdoored reference models whose attack works. They are trained by `bench/scanCalibration.ts`: other
 * data, target classes, widths and readouts than the fixtures, and no setting of the defense was chosen by them.
 */
export function backdooredZooModels(): string[] {
  if (!existsSync(zooFolder))
    throw new Error(`no reference models in ${zooFolder}: run "npx tsx bench/scanCalibration.ts zoo" first`);
  const names = readdirSync(zooFolder).map((file) => path.basename(file, '.json'));
  return names.filter((name) => (readZooModel(zooFolder, name).flipAsr ?? 0) >= WORKING_FLIP_ASR).sort();
}

/** A reference model with more than a purification has. */
export interface ZooSubject extends Subject {
  /** All training graphs that were not poisoned. */
  readonly train: readonly Graph[];
}

/** The model of the same data, split and seed that was never poisoned; the caller disposes it. */
export function benignTwin(name: string, layout: FeatureLayout): GraphModel {
  const { dataSet, seed } = readZooModel(zooFolder, name);
  return buildZooModel(readZooModel(zooFolder, `${dataSet}-clean-s${seed}`), layout);
}

/** A reference model with 3% of the training graphs, none of them poisoned, as the clean set. */
export async function loadZooSubject(name: string): Promise<ZooSubject> {
  const trained = readZooModel(zooFolder, name);
  const data = await zooData(tuFolder, trained.dataSet);
  const { graphs, layout } = data;
  const trigger = zooTrigger(trained, data);
  const target = trained.target ?? 0;
  const splits = zooSplits(graphs, trained.seed);
  const classLabels = graphs.map((graph) => graph.classLabel);
  const { clean } = makeSplits(classLabels, {
    seed: trained.seed,
    testIds: [...new Set([...splits.test, ...trained.poisoned])],
  });
  const test = splits.test.map((id) => graphs[id]);
  const attacked = test.filter((graph) => canBeAttacked(graph, trigger, target));
  const rng = new Rng(trained.seed, `${name} test triggers`);
  return {
    model: buildZooModel(trained, layout),
    layout,
    clean: clean.map((id) => graphs[id]),
    train: splits.train.filter((id) => !trained.poisoned.includes(id)).map((id) => graphs[id]),
    test,
    attacked,
    triggered: attacked.map((graph) => injectTrigger(graph, trigger, rng)),
    target,
  };
}
