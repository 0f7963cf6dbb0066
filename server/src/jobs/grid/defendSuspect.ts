import { purify } from '../../defense/purify';
import type { PurifyOptions } from '../../defense/options';
import type { GraphModel } from '../../gnn/graphModel';
import { argmaxRows, predictLogits } from '../../gnn/predict';
import type { Graph } from '../../graph/graph';
import { makeSplits } from '../../graph/splits';
import type { ModelFigures } from '../../report/grid/record';
import { graphsOf } from '../cleanData';
import type { JobContext } from '../tasks';
import { figuresOf } from './figures';
import type { GridDefense } from './grid';
import { loadAuxiliaryGraphs, loadGridData, type EncodedData } from './gridData';
import { readFacts, readModel, readTrueAttack } from './modelFolder';
import { processorSeconds } from './processorSeconds';
import { cleanIdsOf, splitsOf, type SuspectSpec } from './suspect';

/** Purifies a suspect model and measures what came of it. */
export interface DefendStep {
  readonly step: 'defend';
  readonly spec: SuspectSpec;
  /** Folder of the suspect. */
  readonly folder: string;
  readonly defense: GridDefense;
  readonly holdingRate: number;
  /** Seed of the defense. */
  readonly seed: number;
  readonly attention: boolean;
}

export interface Defended {
  readonly after: ModelFigures;
  readonly cleanGraphs: number;
  readonly seconds: number;
}

/**
 * The defense is given the suspect, clean graphs, settings and a seed. Test graphs and trigger are read when it has
 * ended.
 *
 * @throws DatasetError, FeatureMismatchError, CheckpointError, SplitError, CleanSetError, TrainingDivergedError,
 *   TriggerFileError, and the signal's reason
 */
export async function defendSuspect(task: DefendStep, { signal }: Pick<JobContext, 'signal'>): Promise<Defended> {
  const { spec, folder, defense, seed, attention } = task;
  const data = await loadGridData(spec.data);
  const suspect = await readModel(folder, spec, data);
  try {
    const clean = await cleanGraphs(task, suspect, data);
    const seconds = processorSeconds();
    const result = await purify({
      model: suspect,
      clean,
      layout: data.layout,
      options: { ...(defense.options as PurifyOptions), method: defense.method },
      seed,
      signal,
      onProgress: () => undefined,
    });
    const spent = seconds();
    try {
      const attack = await readTrueAttack(folder, spec, data);
      const after = figuresOf(result.student, spec, data, attack, attention);
      return { after, cleanGraphs: clean.length, seconds: spent };
    } finally {
      result.disposeModels();
    }
  } finally {
    suspect.dispose();
  }
}

async function cleanGraphs(task: DefendStep, suspect: GraphModel, data: EncodedData): Promise<readonly Graph[]> {
  const { spec, folder, defense, holdingRate } = task;
  if (defense.cleanSet === 'auxiliary') return auxiliaryGraphs(task, suspect, data);
  const { poisoned } = await readFacts(folder);
  return graphsOf(data.graphs, cleanIdsOf(spec, data, poisoned, holdingRate));
}

/**
 * As many auxiliary graphs as there would be clean ones. Their classes are what the suspect says of them, for want of
 * better: those of their own data set mean something else.
 */
async function auxiliaryGraphs(
  { spec, holdingRate }: DefendStep,
  suspect: GraphModel,
  data: EncodedData,
): Promise<Graph[]> {
  const graphs = await loadAuxiliaryGraphs(spec.data, data.layout);
  const classLabels = argmaxRows(predictLogits(suspect, graphs, data.layout), data.classes);
  const wanted = Math.ceil(holdingRate * splitsOf(spec, data).train.length - 1e-9);
  const { clean } = makeSplits(classLabels, {
    seed: spec.seed,
    holdingRate: Math.min(1, wanted / Math.round(0.8 * graphs.length)),
  });
  return clean.map((id) => ({ ...graphs[id], classLabel: classLabels[id] }));
}
