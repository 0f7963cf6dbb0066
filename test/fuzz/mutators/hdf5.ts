/** Mutations of HDF5 files near the structures in them: sizes, counts, and addresses that lead somewhere else. */

import { bytesMutator, hardIntegers } from './bytes';
import type { Mutator } from './mutator';
import { oneOf } from './mutator';

const signatures = [
  ...['\x89HDF', 'OHDR', 'OCHK', 'TREE', 'HEAP', 'SNOD', 'GCOL', 'FRHP', 'FHDB', 'FHIB'],
  ...['BTHD', 'BTIN', 'BTLF', 'FAHD', 'FADB', 'EAHD', 'EAIB'],
].map((text) => Buffer.from(text, 'latin1'));

/** Bytes behind a signature in which most fields of a structure lie. */
const reach = 96;

const structured: Mutator = (input, { rng }) => {
  const bytes = Buffer.from(input);
  const places = structuresIn(bytes);
  if (places.length === 0 || bytes.length < 8) return bytes;
  for (let left = 1 + rng.weighted([4, 2, 1]); left > 0; left--) {
    const size = 1 << rng.integer(4);
    // Objects of the first version have no signature; their headers lie at multiples of 8.
    const start = rng.integer(3) === 0 ? 8 * rng.integer(bytes.length >> 3) : rng.pick(places);
    const at = Math.min(start + rng.integer(reach), bytes.length - size);
    if (at < 0) continue;
    const value = newValue(bytes, at, size, rng.integer(4));
    const number = Buffer.alloc(8);
    number.writeBigUInt64LE(BigInt.asUintN(64, value));
    number.copy(bytes, at, 0, size);
  }
  return bytes;

  function newValue(content: Buffer, at: number, size: number, choice: number): bigint {
    if (choice === 0) return BigInt(rng.pick(places));
    if (choice === 1) return BigInt(rng.integer(content.length));
    if (choice === 2) return rng.pick(hardIntegers);
    return BigInt(content.readUIntLE(at, Math.min(size, 6)) + rng.integer(9) - 4);
  }
};

function structuresIn(bytes: Buffer): number[] {
  return signatures.flatMap((signature) => {
    const found: number[] = [];
    for (let at = bytes.indexOf(signature); at >= 0; at = bytes.indexOf(signature, at + 1)) found.push(at);
    return found;
  });
}

export const hdf5Mutator: Mutator = oneOf(
  [5, structured],
  [2, bytesMutator([...signatures, 'model_weights', 'weight_names', 'layer_names', 'kernel:0'])],
);
