/** Mutations of bytes that know nothing about their format but words that mean something in it. */

import type { Rng } from '../../../server/src/graph/rng';
import type { MutationContext, Mutator } from './mutator';

/** Numbers at which arithmetic and bounds go wrong. */
export const hardIntegers: readonly bigint[] = [
  ...[0n, 1n, 2n, 7n, 8n, 16n, 63n, 64n, 127n, 128n, 255n, 256n, 512n, 1000n, 4096n, 32767n, 32768n, 65535n, 65536n],
  ...[2n ** 24n, 2n ** 27n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 2n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 40n],
  ...[2n ** 53n - 1n, 2n ** 53n, 2n ** 62n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 8n, 2n ** 64n - 1n],
];

/** @param words that mean something in the format: inserted, or written over what is there */
export function bytesMutator(words: readonly (string | Uint8Array)[] = []): Mutator {
  const dictionary = words.map((word) => (typeof word === 'string' ? Buffer.from(word, 'latin1') : word));
  const edits: readonly Edit[] =
    dictionary.length === 0 ? plainEdits : [...plainEdits, ...wordEdits(dictionary), ...wordEdits(dictionary)];
  return (input, context) => {
    let bytes = input;
    for (let left = 1 << context.rng.weighted([8, 4, 2, 1]); left > 0; left--) {
      bytes = bytes.length === 0 ? insertRandom(bytes, context) : context.rng.pick(edits)(bytes, context);
    }
    return bytes;
  };
}

/** A change of bytes of which there is at least one. */
type Edit = (bytes: Uint8Array, context: MutationContext) => Uint8Array;

/** `bytes` with those from `from` to before `to` replaced. */
function spliced(bytes: Uint8Array, from: number, to: number, by: Uint8Array): Uint8Array {
  const result = new Uint8Array(from + by.length + bytes.length - to);
  result.set(bytes.subarray(0, from));
  result.set(by, from);
  result.set(bytes.subarray(to), from + by.length);
  return result;
}

/** A part of `bytes`, more often short than long; not empty unless they are. */
export function randomRange(bytes: Uint8Array, rng: Rng): { from: number; to: number } {
  if (bytes.length === 0) return { from: 0, to: 0 };
  const longest = Math.min(bytes.length, 1 << (1 + rng.integer(10)));
  const length = 1 + rng.integer(longest);
  const from = rng.integer(bytes.length - length + 1);
  return { from, to: from + length };
}

const flipBit: Edit = (bytes, { rng }) => changed(bytes, rng, (byte) => byte ^ (1 << rng.integer(8)));
const setByte: Edit = (bytes, { rng }) => changed(bytes, rng, () => rng.integer(256));
const nudge: Edit = (bytes, { rng }) => changed(bytes, rng, (byte) => byte + rng.integer(17) - 8);

function changed(bytes: Uint8Array, rng: Rng, change: (byte: number) => number): Uint8Array {
  const result = Uint8Array.from(bytes);
  const at = rng.integer(bytes.length);
  result[at] = change(result[at]);
  return result;
}

const setInteger: Edit = (bytes, { rng }) => {
  const size = Math.min(bytes.length, 1 << rng.integer(4));
  const isBig = rng.integer(4) === 0;
  const at = rng.integer(bytes.length - size + 1);
  // Sizes and offsets of the file itself are the ones that come close to passing.
  const value = rng.integer(3) === 0 ? BigInt(bytes.length + rng.integer(9) - 4) : rng.pick(hardIntegers);
  const result = Uint8Array.from(bytes);
  for (let i = 0; i < size; i++) result[at + (isBig ? size - 1 - i : i)] = Number((value >> BigInt(8 * i)) & 0xffn);
  return result;
};

const remove: Edit = (bytes, { rng }) => {
  const { from, to } = randomRange(bytes, rng);
  return spliced(bytes, from, to, new Uint8Array());
};

const cut: Edit = (bytes, { rng }) => bytes.slice(0, rng.integer(bytes.length));

const repeat: Edit = (bytes, { rng }) => {
  const { from, to } = randomRange(bytes, rng);
  return spliced(bytes, to, to, bytes.subarray(from, to));
};

const move: Edit = (bytes, { rng }) => {
  const { from, to } = randomRange(bytes, rng);
  const result = Uint8Array.from(bytes);
  result.copyWithin(rng.integer(bytes.length), from, to);
  return result;
};

const insertRandom: Edit = (bytes, { rng }) => {
  const at = rng.integer(bytes.length + 1);
  const some = Uint8Array.from({ length: 1 + rng.integer(8) }, () => rng.integer(256));
  return spliced(bytes, at, at, some);
};

const takeOther: Edit = (bytes, { rng, other }) => {
  const source = other();
  const taken = randomRange(source, rng);
  const at = rng.integer(bytes.length + 1);
  const to = rng.integer(2) === 0 ? at : Math.min(bytes.length, at + taken.to - taken.from);
  return spliced(bytes, at, to, source.subarray(taken.from, taken.to));
};

const crossOver: Edit = (bytes, { rng, other }) => {
  const source = other();
  const at = rng.integer(bytes.length);
  return spliced(bytes, at, bytes.length, source.subarray(rng.integer(2) === 0 ? at : rng.integer(source.length + 1)));
};

const plainEdits: readonly Edit[] = [
  ...[flipBit, setByte, nudge, setInteger, setInteger, remove, cut],
  ...[repeat, move, insertRandom, takeOther, crossOver],
];

function wordEdits(dictionary: readonly Uint8Array[]): Edit[] {
  return [
    (bytes, { rng }) => {
      const at = rng.integer(bytes.length + 1);
      return spliced(bytes, at, at, rng.pick(dictionary));
    },
    (bytes, { rng }) => {
      const word = rng.pick(dictionary);
      const at = rng.integer(bytes.length);
      return spliced(bytes, at, Math.min(bytes.length, at + word.length), word);
    },
  ];
}
