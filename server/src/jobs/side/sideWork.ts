import { fineTuneSuspect } from '../../defense/purify';
import type { PurifyOptions } from '../../defense/options';
import type { PurifyProgress } from '../../defense/run';
import type { GraphModel } from '../../gnn/graphModel';
import type { BackdoorScan } from '../../scan/backdoor';
import { probeRunner, type RunProbe } from '../../scan/signals/averagedSignals';
import type { Backend } from '../../tensor/backend';
import { findTriggerToCompareBy, type FoundTrigger } from '../foundTrigger';
import { modelOfPlain, plainModel, type PlainModel } from './plainModel';
import type { SideThread } from './sideThread';
import type { SideResult, SideTask } from './sideTasks';

/** The suspect model and the clean graphs. */
export interface SideSubject extends Pick<BackdoorScan, 'model' | 'clean' | 'layout' | 'seed'> {
  readonly backend: Backend;
}

type Progress = (fraction: number) => void;

/**
 * Parts of a purification that need nothing of each other: done by the side thread where there is one, and here where
 * there is none or it fails. What comes out is the same.
 */
export class SideWork {
  /** Aborted with the job, and as soon as one of its parts has failed. */
  readonly signal: AbortSignal;
  private readonly over = new AbortController();

  constructor(
    private readonly thread: SideThread | undefined,
    private readonly subject: SideSubject,
    signal: AbortSignal,
  ) {
    this.signal = AbortSignal.any([signal, this.over.signal]);
    if (thread === undefined) return;
    this.signal.addEventListener('abort', () => thread.end(), { once: true });
    const { model, ...about } = subject;
    tell(thread, { kind: 'open', suspect: plainModel(model), ...about });
  }

  /** Whether anything goes on beside what is done here. */
  get isBeside(): boolean {
    return this.thread !== undefined;
  }

  /** Scans the suspect for the trigger to compare by; see `findTriggerToCompareBy` for what it throws. */
  findTrigger(progress: Progress): Promise<FoundTrigger> {
    const here = (): Promise<FoundTrigger> =>
      findTriggerToCompareBy({ ...this.subject, signal: this.signal, progress });
    return this.stopping(this.do({ kind: 'find-trigger' }, here, progress));
  }

  /**
   * Fine-tunes the suspect; see `fineTuneSuspect` for what it throws.
   *
   * @returns waits for the model, which is the caller's
   */
  startFineTuning(options: PurifyOptions, progress: Progress): () => Promise<GraphModel> {
    const input = this.subject;
    const here = async (): Promise<PlainModel> => {
      const onProgress = ({ epoch, epochs }: PurifyProgress): void => progress(epoch / epochs);
      const model = await fineTuneSuspect({ ...input, options, signal: this.signal, onProgress });
      try {
        return plainModel(model);
      } finally {
        model.dispose();
      }
    };
    const plain = this.stopping(this.do({ kind: 'fine-tune', options }, here, progress));
    return async () => modelOfPlain(await plain);
  }

  /** Does the probes of a scan of another model: the first here, since the scan goes on with it, and the others beside. */
  probesOf(model: GraphModel): RunProbe {
    const { thread } = this;
    const here = probeRunner({ ...this.subject, model, signal: this.signal });
    if (thread === undefined) return here;
    tell(thread, { kind: 'prepare-probes', model: plainModel(model) });
    return (probe, progress) =>
      probe === 0 ? here(probe, progress) : this.do({ kind: 'probe', probe }, () => here(probe, progress), progress);
  }

  /** Ends the thread, and all that still goes on. */
  end(): void {
    this.over.abort();
  }

  private async do<T extends SideTask>(
    task: T,
    here: () => Promise<SideResult<T>>,
    progress?: Progress,
  ): Promise<SideResult<T>> {
    if (this.thread !== undefined) {
      try {
        return await this.thread.ask(task, progress);
      } catch {
        // Done here then: should the work itself be at fault, it fails in the same way.
        this.signal.throwIfAborted();
      }
    }
    return here();
  }

  /** A part that fails ends the others: whoever waits for all of them need not wait any longer. */
  private stopping<T>(part: Promise<T>): Promise<T> {
    part.catch((error: unknown) => this.over.abort(error));
    return part;
  }
}

/** Prepares the thread for what is asked later: where that fails, what is asked fails there too, and is done here. */
function tell(thread: SideThread, task: SideTask): void {
  void thread.ask(task).catch(() => undefined);
}
