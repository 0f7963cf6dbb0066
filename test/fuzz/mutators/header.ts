/** Mutations of files that are a length, a header of that length, and data. */

import { bytesMutator } from './bytes';
import type { Mutator } from './mutator';
import { oneOf } from './mutator';

interface Layout {
  /** Bytes before the length. */
  readonly lengthAt: number;
  /** Bytes of the length, little-endian. */
  readonly lengthSize: number;
}

/** Mutates the header by `mutateHeader` and writes its new length before it. */
function headerMutator(layoutOf: (bytes: Uint8Array) => Layout, mutateHeader: Mutator, words: string[]): Mutator {
  const asBytes = bytesMutator(words);
  const structured: Mutator = (input, context) => {
    const parts = takenApart(input, layoutOf);
    if (parts === undefined) return asBytes(input, context);
    const { before, header, data, lengthSize } = parts;
    const { rng, other } = context;
    const others = takenApart(other(), layoutOf);
    const isHeader = rng.integer(4) > 0;
    const newHeader = isHeader ? mutateHeader(header, { rng, other: () => others?.header ?? header }) : header;
    const newData = isHeader ? data : bytesMutator()(data, { rng, other: () => others?.data ?? data });
    const length = Buffer.alloc(8);
    length.writeUInt32LE(newHeader.length);
    return Buffer.concat([before, length.subarray(0, lengthSize), newHeader, newData]);
  };
  return oneOf([5, structured], [1, asBytes]);
}

function takenApart(bytes: Uint8Array, layoutOf: (bytes: Uint8Array) => Layout) {
  const { lengthAt, lengthSize } = layoutOf(bytes);
  const start = lengthAt + lengthSize;
  if (bytes.length < start) return undefined;
  const length = Buffer.from(bytes.subarray(lengthAt, start)).readUIntLE(0, Math.min(lengthSize, 6));
  if (start + length > bytes.length) return undefined;
  return {
    before: bytes.subarray(0, lengthAt),
    header: bytes.subarray(start, start + length),
    data: bytes.subarray(start + length),
    lengthSize,
  };
}

/** `mutateHeader` changes the JSON. */
export function safetensorsMutator(mutateHeader: Mutator): Mutator {
  return headerMutator(() => ({ lengthAt: 0, lengthSize: 8 }), mutateHeader, ['__metadata__', 'data_offsets']);
}

const npyWords = [
  ...[
    "'descr'",
    "'fortran_order'",
    "'shape'",
    'True',
    'False',
    'None',
    "'<f4'",
    "'>f8'",
    "'|O'",
    "'|b1'",
    '(',
    ')',
    ',',
  ],
  ...[
    "[('a', '<f4')]",
    "'<U3'",
    '(3,)',
    '()',
    '0x10',
    '1L',
    '-1',
    '1e9',
    '9007199254740993',
    '{',
    '}',
    ':',
    '\\',
    "b'x'",
  ],
];

/** The header is a Python dictionary, mutated as text. */
export const npyMutator: Mutator = headerMutator(
  (bytes) => ({ lengthAt: 8, lengthSize: bytes[6] === 1 ? 2 : 4 }),
  bytesMutator(npyWords),
  ['\x93NUMPY'],
);
