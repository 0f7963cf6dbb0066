import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { ModelKind } from '../../protocol/model';
import { attack, type AttackKind, type AttackResult } from '../../server/src/attack/attacks';
import { flatnessLoss } from '../../server/src/attack/flatness';
import { accuracy, attackMetrics } from '../../server/src/attack/metrics';
import { attackedGraphs } from '../../server/src/attack/triggeredGraphs';
import { GraphModel } from '../../server/src/gnn/graphModel';
import { argmaxRows, predictLogits } from '../../server/src/gnn/predict';
import { trainClassifier } from '../../server/src/gnn/train';
import { collate } from '../../server/src/graph/batch';
import type { Graph } from '../../server/src/graph/graph';
import { Rng } from '../../server/src/graph/rng';
import { graphsOf } from '../../server/src/jobs/cleanData';
import { processorSeconds } from '../../server/src/jobs/grid/processorSeconds';
import { newArchitecture } from '../../server/src/jobs/newArchitecture';
import { loadTrainingData, type TrainingData } from '../../server/src/jobs/trainingData';

export const attackDataSets = ['AIDS', 'PROTEINS', 'NCI1', 'DHFR'] as const;

/** Target classes, those of the fixtures: the rarer class where there is one. */
const targets: Readonly<Record<(typeof attackDataSets)[number], number>> = { AIDS: 0, PROTEINS: 1, NCI1: 1, DHFR: 0 };
const training = { epochs: 40, learningRate: 0.005 };

/** A model to be measured. */
export interface AttackSpec {
  readonly dataSet: (typeof attackDataSets)[number];
  /** `none` is a clean model. */
  readonly kind: AttackKind | 'none';
  readonly arch: ModelKind;
  readonly seed: number;
}

/** Figures of a model on the test split; shares in [0, 1]. */
export interface AttackMeasurement extends AttackSpec {
  /** What it was made with, as text. */
  readonly settings: string;
  /** Processor time. */
  readonly seconds: number;
  readonly acc: number;
  readonly asr?: number;
  readonly flipAsr?: number;
  readonly cleanTargetRate?: number;
  /** Trigger size in nodes. */
  readonly nodes?: number;
  /** What the adaptive attack keeps low (`attack/flatness.ts`); absent where the trigger brings nodes. */
  readonly flatness?: number;
}

/** Everything that a measurement depends on beside the code. */
export function settingsText({ dataSet, kind, arch, seed }: AttackSpec): string {
  return `${dataSet} ${kind} ${arch} s${seed} ${JSON.stringify(training)}`;
}

/** Trains a model, attacked or not, and measures it. @param folder of the TU data sets */
export async function measureAttack(spec: AttackSpec, folder: string): Promise<AttackMeasurement> {
  const { dataSet, kind, arch, seed } = spec;
  const data = await loadTrainingData(path.join(folder, dataSet), 'auto', seed, undefined);
  const seconds = processorSeconds();
  const target = targets[dataSet];
  const train = graphsOf(data.graphs, data.splits.train);
  const ends = { inputs: data.layout.width, classes: data.dataset.classNames.length };
  const architecture = newArchitecture({ kind: arch }, ends);
  const { signal } = new AbortController();
  const shared = { ...spec, settings: settingsText(spec) };
  if (kind === 'none') {
    const model = GraphModel.random(architecture, new Rng(seed, 'initial weights'));
    await trainClassifier(model, train, data.layout, { ...training, seed });
    const clean = { ...shared, seconds: seconds(), acc: testAccuracy(model, data) };
    model.dispose();
    return clean;
  }
  const { layout } = data;
  const options = { kind, target };
  const result = await attack({ train, layout, architecture, options, training, seed, signal });
  const measured = { ...shared, seconds: seconds(), ...figures(result, data, seed) };
  result.model.dispose();
  return measured;
}

function figures(
  { model, trigger }: AttackResult,
  data: TrainingData,
  seed: number,
): Omit<AttackMeasurement, 'settings' | 'seconds' | keyof AttackSpec> {
  const { ids, graphs: triggered } = attackedGraphs(trigger, data.graphs, data.splits.test, seed);
  const hosts = graphsOf(data.graphs, ids);
  const clean = predict(model, hosts, data);
  const { asr, flipAsr, cleanTargetRate } = attackMetrics(clean, predict(model, triggered, data), trigger.target);
  const sameNodes = triggered[0].nodeCount === hosts[0].nodeCount;
  return {
    acc: testAccuracy(model, data),
    ...{ asr, flipAsr, cleanTargetRate, nodes: trigger.nodes },
    ...(sameNodes ? { flatness: flatnessOf(model, hosts, triggered, data) } : {}),
  };
}

function flatnessOf(
  model: GraphModel,
  hosts: readonly Graph[],
  triggered: readonly Graph[],
  { layout }: TrainingData,
): number {
  return tf.tidy(() => {
    const [clean, changed] = [hosts, triggered].map((graphs) => {
      const batch = collate(graphs, layout);
      return { batch, ...model.forward(batch) };
    });
    return flatnessLoss(clean, changed).dataSync()[0];
  });
}

function testAccuracy(model: GraphModel, data: TrainingData): number {
  const test = graphsOf(data.graphs, data.splits.test);
  return accuracy(
    predict(model, test, data),
    test.map(({ classLabel }) => classLabel),
  );
}

function predict(model: GraphModel, graphs: readonly Graph[], { layout }: TrainingData): Int32Array {
  return argmaxRows(predictLogits(model, graphs, layout), model.architecture.classes);
}
