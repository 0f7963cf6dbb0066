import { existsSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { lendThread, mayUseThreads } from '../../tensor/threads';
import type { FromSide, SideResult, SideTask, ToSide } from './sideTasks';

export interface SideThreadOptions {
  /** What the thread runs; default: `side.js` of the build. */
  readonly script?: string;
  /** Arguments to Node itself; default none. */
  readonly execArgv?: readonly string[];
}

/** The side thread did not do what it was asked for: it failed, has ended, or may not be used any more. */
class SideThreadError extends Error {
  override readonly name = 'SideThreadError';
}

interface Waiting {
  readonly resolve: (result: SideResult<SideTask>) => void;
  readonly reject: (error: SideThreadError) => void;
  readonly progress?: (fraction: number) => void;
}

/**
 * A thread with a backend of its own for work that does not need what this one computes. It has one of the threads
 * that the process may use, so that kernels are shared among fewer meanwhile. Nobody depends on it: whoever asks it for
 * something can do the same here, with the same result, and does where it fails. It never outlives the process.
 */
export class SideThread {
  private readonly waiting = new Map<number, Waiting>();
  private readonly giveBack = lendThread();
  private asked = 0;
  private ended = false;

  private constructor(private readonly worker: Worker) {
    worker.on('message', (message: FromSide) => this.receive(message));
    worker.on('error', (error) => this.lose(error.message));
    worker.on('exit', () => this.lose('it has ended'));
  }

  /** Starts a thread; none where the process may use but one, or gets no more. */
  static start({ script = sideScript(), execArgv = [] }: SideThreadOptions = {}): SideThread | undefined {
    if (!mayUseThreads() || script === undefined) return undefined;
    try {
      // Standard output may carry a protocol; nothing of the environment or the command line is needed.
      return new SideThread(
        new Worker(script, { execArgv: [...execArgv], env: {}, stdin: false, stdout: true, stderr: true }),
      );
    } catch {
      return undefined;
    }
  }

  /**
   * Has something done there.
   *
   * @param progress share of the work that is done, in [0, 1]
   * @throws SideThreadError where it is to be done here instead
   */
  ask<T extends SideTask>(task: T, progress?: (fraction: number) => void): Promise<SideResult<T>> {
    const answer = new Promise<SideResult<SideTask>>((resolve, reject) => {
      if (this.ended) throw new SideThreadError('the side thread has ended');
      // Other jobs may have come that need the processors.
      if (!mayUseThreads()) throw new SideThreadError('there is one thread left to compute on');
      const id = ++this.asked;
      const message: ToSide = { id, task };
      this.worker.postMessage(message);
      this.waiting.set(id, { resolve, reject, progress });
    });
    // Who asked may look at the answer late, or never where something else goes wrong before.
    answer.catch(() => undefined);
    return answer as Promise<SideResult<T>>;
  }

  /** Ends it at once, whatever it does. */
  end(): void {
    this.lose('it was ended');
    void this.worker.terminate();
  }

  private receive(message: FromSide): void {
    const waiting = this.waiting.get(message.id);
    if (waiting === undefined) return;
    if (message.type === 'progress') {
      waiting.progress?.(message.fraction);
      return;
    }
    this.waiting.delete(message.id);
    if (message.type === 'result') waiting.resolve(message.result);
    else waiting.reject(new SideThreadError(`the side thread failed: ${message.reason}`));
  }

  private lose(reason: string): void {
    this.ended = true;
    this.giveBack();
    const lost = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of lost) reject(new SideThreadError(`the side thread is lost: ${reason}`));
  }
}

/** The build's script: beside the bundle that this runs in; when running from sources, in the build's folder. */
function sideScript(): string | undefined {
  const folders = [__dirname, path.resolve(__dirname, '../../../../dist')];
  return folders.map((folder) => path.join(folder, 'side.js')).find((file) => existsSync(file));
}
