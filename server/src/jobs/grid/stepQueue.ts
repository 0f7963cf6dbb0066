import { WorkerCrashedError } from '../workerProcess';
import type { Step } from './plan';

/** How a step ended. */
export type StepOutcome =
  | { readonly kind: 'done'; readonly result: unknown }
  /** It threw, or one that it needs did: `step` is the one that threw. */
  | { readonly kind: 'failed'; readonly step: Step; readonly error: Error };

export interface StepQueueOptions {
  /** As {@link inOrder} puts them. */
  readonly steps: readonly Step[];
  /** Steps that need not run. */
  readonly done: ReadonlySet<Step>;
  /** Steps that run at the same time. */
  readonly size: number;
  readonly run: (step: Step, signal: AbortSignal) => Promise<unknown>;
  /** Hears the end of every step, one after the other; the next steps do not wait for it. */
  readonly onEnd: (step: Step, outcome: StepOutcome) => Promise<void>;
  readonly onStart?: (step: Step) => void;
  readonly signal: AbortSignal;
}

/**
 * Runs steps, each once and after all that it needs. A step that fails takes those with it that need it; the rest goes
 * on.
 *
 * @throws the signal's reason once it is aborted, or an error of `onEnd`; nothing runs any more then
 */
export async function runSteps(options: StepQueueOptions): Promise<void> {
  const { done, size, run, onEnd, onStart, signal } = options;
  const waiting = [...options.steps];
  const outcomes = new Map<Step, StepOutcome>();
  const running = new Map<Step, Promise<void>>();
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener('abort', abort, { once: true });

  /** What ends the whole run. */
  let fault: Error | undefined;

  const settle = async (step: Step, outcome: StepOutcome): Promise<void> => {
    outcomes.set(step, outcome);
    await onEnd(step, outcome);
  };
  const outcomeOf = async (step: Step): Promise<StepOutcome> => {
    // A signal of its own: whoever listens for the end of one step need not stop listening.
    const own = AbortSignal.any([controller.signal]);
    try {
      return { kind: 'done', result: await run(step, own) };
    } catch (thrown) {
      controller.signal.throwIfAborted();
      const error = asError(thrown);
      // Ctrl-C reaches the worker as well, and may reach it first: that is no failure of the step.
      if (wasInterrupted(error)) throw new Error('cancelled', { cause: error });
      return { kind: 'failed', step, error };
    }
  };
  const start = async (step: Step): Promise<void> => {
    try {
      await settle(step, await outcomeOf(step));
    } catch (error) {
      fault ??= asError(error);
    } finally {
      running.delete(step);
    }
  };

  try {
    for (;;) {
      for (let i = 0; i < waiting.length && running.size < size;) {
        const step = waiting[i];
        const needed = step.needs.filter((need) => !done.has(need)).map((need) => outcomes.get(need));
        const failed = needed.find((outcome) => outcome?.kind === 'failed');
        if (failed) {
          waiting.splice(i, 1);
          await settle(step, failed);
        } else if (needed.every((outcome) => outcome !== undefined)) {
          waiting.splice(i, 1);
          onStart?.(step);
          running.set(step, start(step));
        } else i++;
      }
      if (running.size === 0) break;
      await Promise.race(running.values());
      if (fault !== undefined) throw fault;
      signal.throwIfAborted();
    }
    if (fault !== undefined) throw fault;
  } finally {
    controller.abort();
    await Promise.allSettled(running.values());
    signal.removeEventListener('abort', abort);
  }
}

/** Steps, each once, with those that they need and that are not done, which come first. */
export function inOrder(wanted: readonly Step[], done: ReadonlySet<Step>): Step[] {
  const order = new Set<Step>();
  const add = (step: Step): void => {
    if (order.has(step) || done.has(step)) return;
    step.needs.forEach(add);
    order.add(step);
  };
  wanted.forEach(add);
  return [...order];
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

function wasInterrupted(error: Error): boolean {
  return error instanceof WorkerCrashedError && (error.signal === 'SIGINT' || error.signal === 'SIGTERM');
}
