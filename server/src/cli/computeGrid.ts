import { setTimeout as delay } from 'node:timers/promises';
import type { JobProgress } from '../../../protocol/reports';
import type { JobExecutor } from '../jobs/executor';
import { stepText, type GridProgressReport } from '../jobs/grid/gridProgress';
import type { GridTask, GridTaskResult } from '../jobs/grid/gridTask';
import { runGrid, type GridRun } from '../jobs/grid/runGrid';
import { runJob } from '../jobs/workerTasks';
import type { CellRecord } from '../report/grid/record';
import { wasLeft } from './jobFailures';
import { ProgressTable, type RunningJob } from './progressTable';

interface ComputedGrid extends Omit<GridRun, 'run' | 'onProgress'> {
  readonly executor: JobExecutor;
}

/** How long nothing more must be asked for until all that can be is taken to be in the queue, in milliseconds. */
const quiet = 500;

/**
 * Computes the cells of a grid, and shows how far it is.
 *
 * @throws as `runGrid`, and RunLeftError where steps go on without this process
 */
export async function computeGrid({ executor, signal, ...grid }: ComputedGrid): Promise<CellRecord[]> {
  const table = new ProgressTable();
  const running = new Map<GridTask, JobProgress | undefined>();
  let counts: GridProgressReport | undefined;
  const show = (): void => {
    if (counts === undefined) return;
    const known = counts;
    table.update(() => ({
      unit: 'cells',
      ...known,
      running: [...running].map(([task, latest]) => rowOf(task, latest)),
    }));
  };
  const leaving = new AbortController();
  const asked = new Set<GridTask>();
  const left = new Set<GridTask>();

  const runStep = async (task: GridTask, own: AbortSignal): Promise<GridTaskResult> => {
    asked.add(task);
    const onStart = (): void => {
      running.set(task, undefined);
      show();
    };
    const progress = (latest: JobProgress): void => {
      running.set(task, latest);
      show();
    };
    try {
      return await runJob(executor, task, { signal: own, onStart, progress });
    } catch (error) {
      if (!wasLeft(error)) throw error;
      left.add(task);
      return await untilLeft(own, error);
    } finally {
      running.delete(task);
      asked.delete(task);
    }
  };
  /** A step that was left has not failed: it waits here until every other that can be asked for has been. */
  const untilLeft = async (own: AbortSignal, error: Error): Promise<never> => {
    for (;;) {
      const before = asked.size;
      await delay(quiet, undefined, { signal: own });
      if (asked.size === before && left.size === asked.size) leaving.abort(error);
    }
  };

  try {
    return await runGrid({
      ...{ ...grid, run: runStep, signal: AbortSignal.any([signal, leaving.signal]) },
      onProgress: (report) => {
        counts = report;
        show();
      },
    });
  } finally {
    table.done();
  }
}

function rowOf(task: GridTask, latest: JobProgress | undefined): RunningJob {
  return { name: stepText(task), stage: latest?.stage, fraction: latest?.fraction };
}
