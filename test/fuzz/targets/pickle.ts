import assert from 'node:assert/strict';
import { limits } from '../../../server/src/checkpoint/limits';
import type { PickleRun } from '../../../server/src/checkpoint/pickle/machine';
import { runPickle } from '../../../server/src/checkpoint/pickle/machine';
import { CountedSource } from '../../unit/checkpoint/sampleSource';
import { withoutDetails } from '../engine/guard';
import { pickleMutator } from '../mutators/pickle';
import { pickleSamples } from '../samples/pickles';
import type { FuzzTarget } from '../target';

export const target: FuzzTarget = {
  title: 'Pickle machine',
  code: /^server\/src\/checkpoint\/pickle\/(?!writer)/,
  seeds: pickleSamples,
  mutate: pickleMutator,
  run(input) {
    const budget = { left: limits.pickleOperations };
    const run = runPickle(input, 0, budget);
    const { end, imports, notes, embedded, fault } = run;
    assert.ok(end >= 0 && end <= input.length, 'the stream ends in the file');
    for (const { offset } of [...imports, ...notes, ...embedded]) {
      assert.ok(Number.isInteger(offset) && offset >= 0 && offset < input.length, 'what is found has a place');
    }
    assert.ok(budget.left <= limits.pickleOperations, 'work is taken from the budget');
    const byRanges = runPickle(new CountedSource(input), 0, { left: limits.pickleOperations });
    assert.deepEqual(outlineOf(byRanges), outlineOf(run), 'by ranges it comes to the same');
    return fault === undefined ? `ends, ${notes.length > 0 ? 'with notes' : 'without'}` : withoutDetails(fault.reason);
  },
};

/** All but the value, whose long byte strings are others by ranges. */
function outlineOf({ end, imports, notes, embedded, fault }: PickleRun) {
  const found = embedded.map(({ offset, bytes, isUnpickled }) => [offset, isUnpickled, bytes.length]);
  return { end, imports, notes, found, fault };
}
