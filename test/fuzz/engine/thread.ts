/** The fuzzing loop, in a thread of its own: what hangs or takes all memory ends the thread alone. */

import { parentPort, workerData } from 'node:worker_threads';
import { Rng } from '../../../server/src/graph/rng';
import { repeated } from '../mutators/mutator';
import type { FuzzTarget } from '../target';
import { longestInput } from '../target';
import { Coverage } from './coverage';
import type { Outcome } from './guard';
import { runGuarded } from './guard';
import type { FuzzMessage, FuzzOrder } from './messages';
import { ShownInput } from './messages';
import { minimised } from './minimise';

/** Inputs between two looks at the coverage. */
const batchSize = 400;
/** Kinds of outcomes that count; messages that quote the input must not keep everything. */
const mostOutcomes = 400;
const mostDefects = 20;

/** Fuzzes `target` as the order of this thread says. */
export function fuzz(target: FuzzTarget): void {
  new FuzzRun(target, workerData as FuzzOrder).run();
}

class FuzzRun {
  private readonly rng: Rng;
  private readonly coverage: Coverage;
  private readonly shown: ShownInput;
  private readonly mutate;
  private readonly pool: Uint8Array[] = [];
  private readonly outcomes = new Set<string>();
  private readonly defects = new Set<string>();
  private inputs = 0;

  constructor(
    private readonly target: FuzzTarget,
    private readonly order: FuzzOrder,
  ) {
    this.rng = new Rng(order.seed, order.stream);
    this.coverage = new Coverage(order.bundle, target.code);
    this.shown = new ShownInput(order.shown);
    this.mutate = repeated(target.mutate);
  }

  run(): void {
    const { seeds, corpus, seconds } = this.order;
    const deadline = performance.now() + 1000 * seconds;
    for (const input of [...seeds, ...corpus]) this.pool.push(input);
    for (const input of this.pool) this.tryOut(input);
    this.coverage.look();
    this.coverage.merge();
    while (performance.now() < deadline && this.defects.size < mostDefects) this.batch();
    const kept = this.smallestCorpus();
    tell({ type: 'end', inputs: this.inputs, corpus: kept, coverage: this.coverage.share });
  }

  private batch(): void {
    const batch: Uint8Array[] = [];
    for (let i = 0; i < batchSize; i++) {
      const input = this.newInput();
      batch.push(input);
      if (this.tryOut(input)) this.keep(input);
    }
    if (this.coverage.look()) this.keepWhatIsNew(batch);
    tell({ type: 'progress', inputs: this.inputs });
  }

  private newInput(): Uint8Array {
    const { rng, pool } = this;
    // What was found last has been mutated least.
    const recent = Math.max(1, pool.length >> 3);
    const from = rng.integer(3) === 0 ? pool.length - 1 - rng.integer(recent) : rng.integer(pool.length);
    const input = this.mutate(pool[from], { rng, other: () => rng.pick(pool) });
    return input.length > longestInput ? input.subarray(0, longestInput) : input;
  }

  /** Runs an input. True where it led to an outcome that none led to before. */
  private tryOut(input: Uint8Array): boolean {
    this.inputs++;
    const { outcome, defect } = this.guarded(input);
    if (defect !== undefined) {
      if (this.defects.has(defect.identity)) return false;
      this.defects.add(defect.identity);
      const isSame = (smaller: Uint8Array) => this.guarded(smaller).defect?.identity === defect.identity;
      tell({ type: 'defect', defect, input: minimised(input, isSame) });
      return false;
    }
    if (this.outcomes.has(outcome) || this.outcomes.size >= mostOutcomes) return false;
    this.outcomes.add(outcome);
    return true;
  }

  private guarded(input: Uint8Array): Outcome {
    this.shown.show(input);
    return runGuarded(this.target, input);
  }

  /** Finds which of some inputs, that together reached new code, did so. */
  private keepWhatIsNew(inputs: readonly Uint8Array[]): void {
    for (const input of inputs) this.guarded(input);
    if (!this.coverage.look()) return;
    if (inputs.length === 1) {
      this.coverage.merge();
      this.keep(inputs[0]);
      return;
    }
    const half = inputs.length >> 1;
    this.keepWhatIsNew(inputs.slice(0, half));
    this.keepWhatIsNew(inputs.slice(half));
  }

  private keep(input: Uint8Array): void {
    this.pool.push(input);
    tell({ type: 'found', input });
  }

  private smallestCorpus(): Uint8Array[] {
    const { seeds, mostKept } = this.order;
    this.coverage.forget();
    this.outcomes.clear();
    for (const input of seeds) this.tryOut(input);
    this.coverage.look();
    this.coverage.merge();
    const kept: Uint8Array[] = [];
    let left = mostKept;
    for (const input of this.pool.slice(seeds.length).sort((a, b) => a.length - b.length)) {
      if (input.length > left) break;
      const isNewOutcome = this.tryOut(input);
      const isNewCode = this.coverage.look();
      if (isNewCode) this.coverage.merge();
      if (!isNewCode && !isNewOutcome) continue;
      kept.push(input);
      left -= input.length;
    }
    return kept;
  }
}

function tell(message: FuzzMessage): void {
  parentPort?.postMessage(message);
}
