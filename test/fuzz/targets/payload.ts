import assert from 'node:assert/strict';
import { inspectCode, inspectCodeByRanges } from '../../../server/src/checkpoint/inspectCode';
import { bytesOf, callWithText, op, proto } from '../../unit/checkpoint/pickleAssembler';
import { CountedSource } from '../../unit/checkpoint/sampleSource';
import { rawZip } from '../../unit/checkpoint/zipAssembler';
import { pickleMutator } from '../mutators/pickle';
import { pickleSamples } from '../samples/pickles';
import type { FuzzTarget } from '../target';

/** Runs before anything that follows is looked at. */
const call = bytesOf(proto(4), callWithText('os', 'system', 'echo'), op('POP'));

/** A loader runs what comes first, whatever comes behind it: so it has to be found, whatever comes behind it. */
export const target: FuzzTarget = {
  title: 'Payload before anything else',
  code: /^server\/src\/checkpoint\/pickle\/(?!writer)/,
  seeds: pickleSamples,
  mutate: pickleMutator,
  run(input) {
    const stream = bytesOf(call, input);
    assertFound(stream, 'as a file');
    assertFound(rawZip([{ name: 'archive/data.pkl', data: stream }]), 'in an archive');
    return 'found';
  },
};

function assertFound(file: Uint8Array, where: string): void {
  const { globals } = inspectCode(file, 'sample');
  const isCall = globals.some(({ module, name, called }) => module === 'os' && name === 'system' && called);
  assert.ok(isCall, `the call of os.system is found ${where}`);
  const byRanges = inspectCodeByRanges(new CountedSource(file), 'sample');
  assert.deepEqual(byRanges.globals, globals, `by ranges the same is found ${where}`);
}
