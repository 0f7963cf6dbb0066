import type { Metrics } from '../../../protocol/reports';
import { accuracy, attackMetrics } from '../attack/metrics';
import { parseTriggerFile, TriggerFileError } from '../attack/triggerFile';
import { triggeredGraphs, type TriggeredSet } from '../attack/triggeredGraphs';
import type { GraphModel } from '../gnn/graphModel';
import { argmaxRows, predictLogits } from '../gnn/predict';
import type { Graph } from '../graph/graph';
import { graphsOf, type CleanData } from './cleanData';
import { readText } from './readText';
import { openModel, type ModelRun } from './runModel';

/** Figures on the test split, with the number of graphs behind them. */
export interface Evaluation extends Metrics {
  readonly testGraphs: number;
  readonly attackedGraphs?: number;
}

/** The true trigger applied to the test split: only ever used to report. */
export interface TrueAttack {
  readonly target: number;
  readonly triggered: TriggeredSet;
}

/**
 * Accuracy on the test split and, with a trigger file, the true attack success rate.
 *
 * @param run its `trigger` is the path of a trigger file
 * @throws what `openModel` throws, and TriggerFileError
 */
export async function evaluateModel(run: ModelRun & { readonly trigger?: string }): Promise<Evaluation> {
  const { model, data, splits } = await openModel(run);
  try {
    const attack = run.trigger === undefined ? undefined : await readAttack(run.trigger, data, splits.test, model);
    return {
      ...trueMetrics(model, data, splits.test, attack),
      testGraphs: splits.test.length,
      ...(attack === undefined ? {} : { attackedGraphs: attack.triggered.ids.length }),
    };
  } finally {
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
