import { deflateSync, inflateSync } from 'node:zlib';
import { joblibFile, numpyPickle, torchPickle } from '../../../bench/formats/pickleFiles';
import { bytesOf } from '../../../bench/formats/sparseFile';
import { checkModelFile } from '../checks/modelFile';
import type { Mutator } from '../mutators/mutator';
import { pickleMutator } from '../mutators/pickle';
import { samples } from '../samples/files';
import type { FuzzTarget } from '../target';

/** What was compressed is compressed again, so that mutations get past its checksum. */
const mutate: Mutator = (input, context) => {
  const stream = inflated(input);
  if (stream === undefined || context.rng.integer(8) === 0) return pickleMutator(input, context);
  const other = () => inflated(context.other()) ?? context.other();
  return deflateSync(pickleMutator(stream, { rng: context.rng, other }));
};

function inflated(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] !== 0x78) return undefined;
  try {
    return inflateSync(bytes, { maxOutputLength: 1 << 16 });
  } catch {
    return undefined;
  }
}

export const target: FuzzTarget = {
  title: 'Pickles of NumPy arrays, joblib',
  code: /^server\/src\/checkpoint\/(numpy\/(pickle|zlib)|pickle\/joblib)/,
  seeds: () => [
    ...samples('formats/pickle', /\.(pkl|joblib)$/),
    ...samples('formats/pickled-tensors', /\.pkl$/),
    // So long that numbers are not read with the pickle where that is read by ranges.
    ...[numpyPickle, joblibFile, torchPickle].map((make) => bytesOf(make(8192))),
  ],
  mutate,
  run: (input) => checkModelFile(input),
};
