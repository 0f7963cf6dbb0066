import type { ByteSource } from './byteSource';
import type { PickleRun } from './pickle/machine';
import { runPickle } from './pickle/machine';
import { operandKinds } from './pickle/opcodes';

/** Bytes that are enough for most pickles; more are read of those that go on. */
const firstWindow = 1 << 13;
const windowGrowth = 8;

/**
 * Follows the pickle that begins with the first byte of a source as `runPickle` does, and reads little more of it than
 * the pickle is long: in windows that grow as long as the pickle may go on behind them.
 *
 * @param most bytes that are read at most: a longer pickle breaks there
 */
export function runGrowingPickle(source: ByteSource, most: number, budget: { left: number }): PickleRun {
  const length = Math.min(source.length, most);
  let last: PickleRun['fault'];
  for (let window = source instanceof Uint8Array ? length : firstWindow; ; window *= windowGrowth) {
    const bytes = source.subarray(0, Math.min(window, length));
    const left = { ...budget };
    const run = runPickle(bytes, 0, left);
    const { fault } = run;
    if (fault === undefined || fault.atLimit || window >= length || breaksThere(bytes, fault, last)) {
      budget.left = left.left;
      return run;
    }
    last = fault;
  }
}

/** Whether a pickle breaks at a place for good, and not for want of what comes behind the window. */
function breaksThere(bytes: Uint8Array, fault: NonNullable<PickleRun['fault']>, before: PickleRun['fault']): boolean {
  // What misses bytes says how many there are; a line that has no end says the same each time.
  if (fault.offset !== before?.offset || fault.reason !== before.reason) return false;
  const kind = operandKinds[bytes[fault.offset]];
  return kind !== 'line' && kind !== 'latin1Line' && kind !== 'twoLines';
}
