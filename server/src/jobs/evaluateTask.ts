import type { Metrics } from '../../../protocol/reports';
import { accuracy, attackMetrics } from '../attack/metrics';
import { parseTriggerFile, TriggerFileError } from '../attack/triggerFile';
import { triggeredGraphs, type TriggeredSet } from '../attack/triggeredGraphs';
import type { GraphModel } from '../gnn/graphModel';
import { argmaxRows, predictLogits } from '../gnn/predict';
import type { Graph } from '../graph/graph';
import { openBenignModel, type BenignModel } from './benignModel';
import { graphsOf, type CleanData } from './cleanData';
import { readText } from './readText';
import { openModel, type ModelRun } from './runModel';

/** Figures on the test split, with the number of graphs behind them. */
export interface Evaluation extends Metrics {
  readonly testGraphs: number;
  readonly attackedGraphs?: number;
  /** A model that was never poisoned on the same graphs: its flip ASR is the benign floor. */
  readonly benign?: Metrics & { readonly file: string; readonly sha256: string };
}

/** The true trigger applied to the test split: only ever used to report. */
export interface TrueAttack {
  readonly target: number;
  readonly triggered: TriggeredSet;
}

export interface EvaluationRun extends ModelRun {
  /** Path of a trigger file. */
  readonly trigger?: string;
  /** Path of a model of the same data that was never poisoned. */
  readonly benign?: string;
}

/**
 * Accuracy on the test split and, with a trigger file, the true attack success rate; of a benign model beside it, too.
 *
 * @throws what `openModel` and `openBenignModel` throw, and TriggerFileError
 */
export async function evaluateModel(run: EvaluationRun): Promise<Evaluation> {
  const opened = await openModel(run);
  const { model, data, splits } = opened;
  let benign: BenignModel | undefined;
  try {
    benign = run.benign === undefined ? undefined : await openBenignModel(run.benign, opened, run.architecture);
    const attack = run.trigger === undefined ? undefined : await readAttack(run.trigger, data, splits.test, model);
    return {
      ...trueMetrics(model, data, splits.test, attack),
      testGraphs: splits.test.length,
      ...(attack === undefined ? {} : { attackedGraphs: attack.triggered.ids.length }),
      ...(benign && {
        benign: {
          ...{ file: benign.file.path, sha256: benign.file.sha256 },
          ...trueMetrics(benign.model, data, splits.test, attack),
        },
      }),
    };
  } finally {
    benign?.model.dispose();
    model.dispose();
  }
}

/** Reads a trigger file and applies it to the test graphs. @throws TriggerFileError */
export async function readAttack(
  file: string,
  data: Pick<CleanData, 'graphs' | 'layout'>,
  testIds: readonly number[],
  model: { readonly architecture: Pick<GraphModel['architecture'], 'classes'> },
): Promise<TrueAttack> {
  const text = await readText(file, (reason) => new TriggerFileError(file, '', reason));
  const trigger = parseTriggerFile(text, file);
  const { classes } = model.architecture;
  return {
    target: trigger.target,
    triggered: triggeredGraphs(trigger, data.graphs, testIds, data.layout, classes, file),
  };
}

/** Accuracy on the test graphs and, where the true attack is known, its success. */
export function trueMetrics(
  model: GraphModel,
  data: Pick<CleanData, 'graphs' | 'layout'>,
  testIds: readonly number[],
  attack: TrueAttack | undefined,
): Metrics {
  const predict = (graphs: readonly Graph[]): Int32Array =>
    argmaxRows(predictLogits(model, graphs, data.layout), model.architecture.classes);
  const test = graphsOf(data.graphs, testIds);
  const acc = accuracy(
    predict(test),
    test.map((graph) => graph.classLabel),
  );
  if (attack === undefined) return { acc };
  const clean = predict(graphsOf(data.graphs, attack.triggered.ids));
  const { asr, flipAsr, cleanTargetRate } = attackMetrics(clean, predict(attack.triggered.graphs), attack.target);
  return { acc, asr, flipAsr, cleanTargetRate };
}
