/** Fuzzes one target for a while, in threads that are replaced where an input ends them. */

import { Worker } from 'node:worker_threads';
import type { Defect } from './guard';
import type { FuzzMessage, FuzzOrder } from './messages';
import { ShownInput } from './messages';

export interface FuzzResult {
  readonly inputs: number;
  readonly seconds: number;
  readonly corpus: readonly Uint8Array[];
  readonly coverage?: number;
  readonly defects: number;
}

export type FuzzAssignment = Omit<FuzzOrder, 'shown' | 'stream'> & {
  /** Told of each defect once, with the smallest input that showed it. */
  readonly onDefect: (defect: Defect, input: Uint8Array) => void;
};

/** Seconds after which an input hangs, whatever else the machine does. */
const longestRun = 20;
/** Megabytes of heap: an input that takes more ends its thread. */
const mostHeap = 768;

/** @throws where the fuzzing itself fails */
export async function fuzzTarget(assignment: FuzzAssignment): Promise<FuzzResult> {
  const { onDefect, ...order } = assignment;
  const started = performance.now();
  const secondsSince = () => (performance.now() - started) / 1000;
  const corpus = [...order.corpus];
  let inputs = 0;
  let defects = 0;
  const report = (defect: Defect, input: Uint8Array) => {
    defects++;
    onDefect(defect, input);
  };
  for (let thread = 0; ; thread++) {
    const seconds = Math.max(1, order.seconds - secondsSince());
    const outcome = await runThread({ ...order, corpus, seconds, stream: `thread ${thread}` }, corpus, report);
    inputs += outcome.inputs;
    if (outcome.end !== undefined) {
      return { inputs, seconds: secondsSince(), corpus: outcome.end.corpus, coverage: outcome.end.coverage, defects };
    }
    report(outcome.defect, outcome.input);
    if (secondsSince() >= order.seconds) return { inputs, seconds: secondsSince(), corpus: [], defects };
  }
}

type ThreadOutcome =
  | { inputs: number; end: Extract<FuzzMessage, { type: 'end' }> }
  | { inputs: number; end?: undefined; defect: Defect; input: Uint8Array };

function runThread(
  order: Omit<FuzzOrder, 'shown'>,
  found: Uint8Array[],
  report: (defect: Defect, input: Uint8Array) => void,
): Promise<ThreadOutcome> {
  const shown = new ShownInput();
  const worker = new Worker(order.bundle, {
    workerData: { ...order, shown: shown.buffer } satisfies FuzzOrder,
    // Nothing that transforms code as it is loaded: coverage counts characters of the file.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: mostHeap },
  });
  return new Promise((resolve, reject) => {
    let inputs = 0;
    let last = { count: shown.count, since: performance.now() };
    const watch = setInterval(() => {
      if (shown.count !== last.count) last = { count: shown.count, since: performance.now() };
      if (performance.now() - last.since < 1000 * longestRun) return;
      ended({ inputs, defect: { kind: 'hang', identity: 'hang', text: 'it did not end' }, input: shown.input });
    }, 500);
    const ended = (outcome: ThreadOutcome) => {
      clearInterval(watch);
      void worker.terminate().then(() => resolve(outcome));
    };
    worker.on('message', (message: FuzzMessage) => {
      if (message.type === 'defect') report(message.defect, message.input);
      else if (message.type === 'found') found.push(message.input);
      else inputs = message.inputs;
      if (message.type === 'end') ended({ inputs, end: message });
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
        const defect: Defect = { kind: 'memory', identity: 'heap', text: `it took more than ${mostHeap} MiB of heap` };
        ended({ inputs, defect, input: shown.input });
        return;
      }
      clearInterval(watch);
      reject(error);
    });
  });
}
