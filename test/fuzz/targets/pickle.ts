import assert from 'node:assert/strict';
import { limits } from '../../../server/src/checkpoint/limits';
import { runPickle } from '../../../server/src/checkpoint/pickle/machine';
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
    const { end, imports, notes, embedded, fault } = runPickle(input, 0, budget);
    assert.ok(end >= 0 && end <= input.length, 'the stream ends in the file');
    for (const { offset } of [...imports, ...notes, ...embedded]) {
      assert.ok(Number.isInteger(offset) && offset >= 0 && offset < input.length, 'what is found has a place');
    }
    assert.ok(budget.left <= limits.pickleOperations, 'work is taken from the budget');
    return fault === undefined ? `ends, ${notes.length > 0 ? 'with notes' : 'without'}` : withoutDetails(fault.reason);
  },
};
