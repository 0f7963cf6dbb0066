import { attack, optionsInForce, type AttackKind, type AttackOptions, type AttackResult } from '../attack/attacks';
import { formatTriggeredGraphs, formatTriggerFile, parseTriggerFile } from '../attack/triggerFile';
import { attackedGraphs, triggeredGraphs } from '../attack/triggeredGraphs';
import { graphsOf } from './cleanData';
import { trueMetrics } from './evaluateTask';
import type { JobContext } from './tasks';
import {
  prepareRun,
  trainReport,
  writeModel,
  writingOf,
  type PreparedRun,
  type TrainReport,
  type TrainRun,
} from './trainTask';
import { writeWhole } from './writeWhole';

/** A model to be trained with a backdoor. */
export interface AttackRun extends TrainRun {
  readonly attack: AttackOptions;
  /** Absolute path of the trigger file to write. */
  readonly trigger: string;
}

/** What was attacked and how well it works, on the graphs held back. */
export interface AttackReport extends TrainReport {
  readonly trigger: string;
  /** The settings in force. */
  readonly attack: AttackOptions & { readonly triggerNodes: number };
  /** Data set ids of the training graphs that carry the trigger: none of them is clean. */
  readonly poisoned: readonly number[];
  /** Attack success rate. */
  readonly asr: number;
  /** The same over the graphs not predicted as the target without the trigger; absent where there are none. */
  readonly flipAsr?: number;
  /** Share of the same graphs predicted as the target without the trigger. */
  readonly cleanTargetRate: number;
  readonly attackedGraphs: number;
}

const stageNames: Readonly<Record<AttackKind, readonly string[]>> = {
  subgraph: ['Model'],
  feature: ['Model'],
  topology: ['Model'],
  'new-nodes': ['Model'],
  'clean-label': ['Model'],
  motif: ['Surrogate', 'Model'],
  gta: ['Trigger', 'Model'],
  adaptive: ['Trigger', 'Model'],
};

/**
 * Trains a model with a backdoor, and writes it and its trigger.
 *
 * @throws what `trainModel` throws, and AttackError
 */
export async function attackModel(run: AttackRun, context: JobContext): Promise<AttackReport> {
  const prepared = await prepareRun(run, [run.trigger]);
  const { data, architecture, seed } = prepared;
  const stages = stageNames[run.attack.kind];
  const result = await attack({
    train: graphsOf(data.graphs, data.splits.train),
    layout: data.layout,
    architecture,
    options: run.attack,
    training: run.training,
    seed,
    signal: context.signal,
    onProgress: (progress) =>
      context.progress({ ...progress, stageIndex: stages.indexOf(progress.stage), stageCount: stages.length }),
  });
  try {
    const trigger = triggerFile(result, prepared);
    const report = attackReport(run, prepared, result, trigger);
    await writeWhole(run.trigger, trigger, await writingOf(run));
    await writeModel(run, result.model, report);
    return report;
  } finally {
    result.model.dispose();
  }
}

/** The trigger as a file: its definition where there is one, else the triggered versions of the graphs held back. */
function triggerFile({ trigger }: AttackResult, { data, seed }: PreparedRun): string {
  const { kind, target, nodes, definition } = trigger;
  if (definition !== undefined) return formatTriggerFile(kind, target, definition, seed);
  const { ids, graphs } = attackedGraphs(trigger, data.graphs, data.splits.test, seed);
  return formatTriggeredGraphs({ kind, target, nodes, seed }, new Map(ids.map((id, i) => [id, graphs[i]])));
}

/** Measures by way of the trigger file, so that `graphnad evaluate` gives the same figures. */
function attackReport(run: AttackRun, prepared: PreparedRun, result: AttackResult, trigger: string): AttackReport {
  const { data, architecture } = prepared;
  const { test, train } = data.splits;
  const { target, nodes } = result.trigger;
  const file = parseTriggerFile(trigger, run.trigger);
  const triggered = triggeredGraphs(file, data.graphs, test, data.layout, architecture.classes, run.trigger);
  const { asr = 0, flipAsr, cleanTargetRate = 0 } = trueMetrics(result.model, data, test, { target, triggered });
  return {
    ...trainReport(run, prepared, result.model),
    trigger: run.trigger,
    attack: { ...optionsInForce(run.attack), triggerNodes: nodes },
    poisoned: result.poisoned.map((index) => train[index]),
    asr,
    ...(flipAsr === undefined ? {} : { flipAsr }),
    cleanTargetRate,
    attackedGraphs: triggered.ids.length,
  };
}
