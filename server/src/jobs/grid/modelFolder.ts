import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { formatTriggeredGraphs } from '../../attack/triggerFile';
import type { TriggeredSet } from '../../attack/triggeredGraphs';
import { createPyTorchCheckpoint } from '../../checkpoint/createCheckpoint';
import { GraphModel } from '../../gnn/graphModel';
import { readAttack, type TrueAttack } from '../evaluateTask';
import { loadModel } from '../loadModel';
import { OutputError } from '../writeWhole';
import { writeFolder } from '../writeFolder';
import type { EncodedData } from './gridData';
import { factsFile, modelFile, triggerFile } from './modelFolderFiles';
import { architectureOf, isAttacked, splitsOf, targetOf, type SuspectSpec } from './suspect';

/** A trained model as a step keeps it: `model.pt`, `trigger.json` where it was attacked, and this as `model.json`. */
export interface TrainedModelFacts {
  /** Data set ids of the poisoned training graphs. */
  readonly poisoned: readonly number[];
  /** Processor time of training and attack, in seconds on one thread. */
  readonly seconds: number;
}

export interface TrainedModel extends TrainedModelFacts {
  readonly model: GraphModel;
  /** Triggered versions of the test graphs that can be attacked; absent for benign models. */
  readonly attacked?: TriggeredSet & { readonly nodes: number };
}

/** Whether a model was trained and kept whole. */
export async function hasModelFolder(folder: string): Promise<boolean> {
  return access(path.join(folder, factsFile)).then(
    () => true,
    () => false,
  );
}

/**
 * Keeps a trained model, whole or not at all. One that another process has put there meanwhile is the same.
 *
 * @throws OutputError
 */
export async function writeModelFolder(folder: string, spec: SuspectSpec, trained: TrainedModel): Promise<void> {
  const { model, attacked, poisoned, seconds } = trained;
  const files = new Map<string, string | Uint8Array>([[modelFile, createPyTorchCheckpoint(model.stateDict())]]);
  if (attacked) files.set(triggerFile, formatTriggered(spec, attacked));
  files.set(factsFile, `${JSON.stringify({ poisoned, seconds } satisfies TrainedModelFacts)}\n`);
  try {
    await writeFolder(folder, files);
  } catch (error) {
    if (!(error instanceof OutputError) || !(await hasModelFolder(folder))) throw error;
  }
}

/**
 * The model of a folder; the caller disposes it.
 *
 * @throws CheckpointError, UnrecognisedArchitectureError
 */
export async function readModel(folder: string, spec: SuspectSpec, data: EncodedData): Promise<GraphModel> {
  const { checkpoint, recognition } = await loadModel(path.join(folder, modelFile), architectureOf(spec, data));
  return GraphModel.fromCheckpoint(checkpoint.tensors, recognition);
}

export async function readFacts(folder: string): Promise<TrainedModelFacts> {
  return JSON.parse(await readFile(path.join(folder, factsFile), 'utf8')) as TrainedModelFacts;
}

/**
 * The attack of a folder's model on the test graphs, to report with; none for a benign model.
 *
 * @throws TriggerFileError
 */
export async function readTrueAttack(
  folder: string,
  spec: SuspectSpec,
  data: EncodedData,
): Promise<TrueAttack | undefined> {
  if (!isAttacked(spec)) return undefined;
  return readAttack(path.join(folder, triggerFile), data, splitsOf(spec, data).test, {
    architecture: architectureOf(spec, data),
  });
}

/** A trigger file that holds the triggered graphs themselves, so that every model is measured on the same ones. */
function formatTriggered(spec: SuspectSpec, { ids, graphs, nodes }: NonNullable<TrainedModel['attacked']>): string {
  const about = { kind: spec.attack.kind, target: targetOf(spec), nodes, seed: spec.seed };
  return formatTriggeredGraphs(about, new Map(graphs.map((graph, i) => [ids[i], graph])));
}
