import type { ModelFigures } from '../../report/grid/record';
import { figuresOf } from './figures';
import { loadGridData } from './gridData';
import { readModel, readTrueAttack } from './modelFolder';
import type { SuspectSpec } from './suspect';

/** Measures a suspect model, and under its triggered graphs a benign one. */
export interface MeasureStep {
  readonly step: 'measure';
  readonly spec: SuspectSpec;
  /** Folder of the suspect. */
  readonly folder: string;
  /** The model trained without poison; absent where the suspect is that model. */
  readonly benign?: { readonly spec: SuspectSpec; readonly folder: string };
  readonly attention: boolean;
}

export interface MeasuredSuspect {
  readonly before: ModelFigures;
  readonly floor?: ModelFigures;
}

/** @throws DatasetError, CheckpointError, TriggerFileError */
export async function measureSuspect(task: MeasureStep): Promise<MeasuredSuspect> {
  const { spec, folder, benign, attention } = task;
  const data = await loadGridData(spec.data);
  const attack = await readTrueAttack(folder, spec, data);
  const measure = async (from: { spec: SuspectSpec; folder: string }): Promise<ModelFigures> => {
    const model = await readModel(from.folder, from.spec, data);
    try {
      return figuresOf(model, spec, data, attack, attention);
    } finally {
      model.dispose();
    }
  };
  return {
    before: await measure({ spec, folder }),
    ...(benign === undefined ? {} : { floor: await measure(benign) }),
  };
}
