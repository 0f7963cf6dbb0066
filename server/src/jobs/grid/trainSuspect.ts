import { GraphModel } from '../../gnn/graphModel';
import { trainClassifier } from '../../gnn/train';
import { Rng } from '../../graph/rng';
import { graphsOf } from '../cleanData';
import type { JobContext } from '../tasks';
import { backdoor } from './backdoor';
import { loadGridData, type EncodedData } from './gridData';
import { writeModelFolder, type TrainedModel } from './modelFolder';
import { processorSeconds } from './processorSeconds';
import { architectureOf, isAttacked, splitsOf, type SuspectSpec } from './suspect';

/** Trains a model, attacked or not, and keeps it in a folder. */
export interface TrainStep {
  readonly step: 'train';
  readonly spec: SuspectSpec;
  readonly folder: string;
}

/** @throws DatasetError, OutputError, what the attack throws, and the signal's reason; nothing is left behind then */
export async function trainSuspect(
  { spec, folder }: TrainStep,
  context: Pick<JobContext, 'signal'>,
): Promise<undefined> {
  const data = await loadGridData(spec.data);
  const seconds = processorSeconds();
  const trained = isAttacked(spec)
    ? await backdoor(spec, data, context.signal)
    : await trainBenign(spec, data, context.signal);
  try {
    await writeModelFolder(folder, spec, { ...trained, seconds: seconds() });
  } finally {
    trained.model.dispose();
  }
}

async function trainBenign(
  spec: SuspectSpec,
  data: EncodedData,
  signal: AbortSignal,
): Promise<Omit<TrainedModel, 'seconds'>> {
  const { seed, training } = spec;
  const model = GraphModel.random(architectureOf(spec, data), new Rng(seed, 'initial weights'));
  try {
    await trainClassifier(model, graphsOf(data.graphs, splitsOf(spec, data).train), data.layout, {
      ...training,
      seed,
      signal,
    });
    return { model, poisoned: [] };
  } catch (error) {
    model.dispose();
    throw error;
  }
}
