import type { JobProgress } from '../../../protocol/reports';
import type { Priority } from './queue';

export interface RunOptions {
  /** Default `background`. */
  readonly priority?: Priority;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: JobProgress) => void;
  /** Hears when it no longer waits for its turn; again where it is begun anew. */
  readonly onStart?: () => void;
}

/**
 * Does jobs: by processes of this machine (`WorkerPool`), or by workers anywhere that share a queue (`RemoteExecutor`).
 * Whoever asks does not know which.
 */
export interface JobExecutor {
  /** Jobs that are worth asking for at the same time: more would only wait. */
  readonly places: number;

  /**
   * Does a job when its turn comes.
   *
   * @param task plain data that names its files by absolute paths
   * @throws JobError what the job threw; JobCancelledError by `signal`; WorkerCrashedError where it ended its process,
   *   each time it was tried
   */
  run(task: unknown, options?: RunOptions): Promise<unknown>;

  /** Ends everything that was asked for here, and lets go of processes and connections. */
  dispose(): Promise<void>;
}
