import { selectBackend } from '../../tensor/backend';
import type { JobContext } from '../tasks';
import { defendSuspect, type DefendStep, type Defended } from './defendSuspect';
import { measureSuspect, type MeasuredSuspect, type MeasureStep } from './measureSuspect';
import { trainSuspect, type TrainStep } from './trainSuspect';

/** One step of a grid, done by a worker. */
export type GridTask = { readonly kind: 'grid' } & (TrainStep | MeasureStep | DefendStep);

/** What a step answers; the model that is trained comes as a folder. */
export type GridTaskResult = MeasuredSuspect | Defended | undefined;

/**
 * Does one step of a grid.
 *
 * @throws what the step throws, and BackendError
 */
export async function runGridTask(task: GridTask, context: JobContext): Promise<GridTaskResult> {
  // Named, not `auto`: another backend adds in another order, and results would depend on the machine.
  await selectBackend('graphnad');
  switch (task.step) {
    case 'train':
      return trainSuspect(task, context);
    case 'measure':
      return measureSuspect(task);
    case 'defend':
      return defendSuspect(task, context);
  }
}
