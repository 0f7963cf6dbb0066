import assert from 'node:assert/strict';
import { limits } from '../../../server/src/checkpoint/limits';
import { sweepImports } from '../../../server/src/checkpoint/pickle/sweep';
import { bytesOf, callWithText, proto } from '../../unit/checkpoint/pickleAssembler';
import { pickleMutator } from '../mutators/pickle';
import { pickleSamples } from '../samples/pickles';
import type { FuzzTarget } from '../target';

const payload = bytesOf(proto(4), callWithText('os', 'system', 'echo'));

export const target: FuzzTarget = {
  title: 'Sweep over broken pickles',
  code: /^server\/src\/checkpoint\/pickle\/(sweep|opcodeReader|opcodes)/,
  seeds: pickleSamples,
  mutate: pickleMutator,
  run(input) {
    const found = sweepImports(input, 0, { left: limits.sweepOperations });
    for (const { offset } of found) assert.ok(offset >= 0 && offset < input.length, 'an import has a place');
    const behind = sweepImports(bytesOf(payload, input), 0, { left: limits.sweepOperations });
    assert.ok(
      behind.some(({ module, name }) => module === 'os' && name === 'system'),
      'what follows hides nothing',
    );
    return found.length > 0 ? 'imports' : 'none';
  },
};
