/** Mutations of zip archives: of their entries, packed again as they should be, and of what headers say. */

import { CheckpointError } from '../../../server/src/checkpoint/checkpoint';
import { readZip } from '../../../server/src/checkpoint/zip/readZip';
import type { Rng } from '../../../server/src/graph/rng';
import type { ArchiveOptions, RawEntry } from '../../unit/checkpoint/zipAssembler';
import { rawZip } from '../../unit/checkpoint/zipAssembler';
import { bytesMutator, hardIntegers } from './bytes';
import type { Mutator } from './mutator';
import { oneOf } from './mutator';

const signatures = ['PK\x03\x04', 'PK\x01\x02', 'PK\x05\x06', 'PK\x06\x06', 'PK\x06\x07', 'PK\x07\x08'];
const hardNames = [
  ...[
    '../x',
    '/x',
    'C:\\x',
    'x/../../y',
    'data.pkl',
    'archive/data.pkl',
    'archive/data/0',
    'archive/byteorder',
    'a\u0000b',
  ],
  ...[
    'archive/version',
    'archive/constants.pkl',
    'archive/code/__torch__.py',
    '__proto__',
    '',
    '.',
    'config.json',
    'x.npy',
  ],
];

/** @param mutatorOf what changes the content of an entry, by its name */
export function zipMutator(mutatorOf: (name: string) => Mutator): Mutator {
  const structured: Mutator = (input, context) => {
    const { rng, other } = context;
    const entries = entriesOf(input);
    if (entries === undefined || entries.length === 0) return asBytes(input, context);
    let options: ArchiveOptions = {};
    for (let left = 1 + rng.weighted([6, 3, 1]); left > 0; left--) {
      const at = rng.integer(entries.length);
      const entry = entries[at];
      switch (rng.weighted([12, 2, 1, 1, 2, 2, 3, 1])) {
        case 0: {
          const sameOfOther = () => entriesOf(other())?.find(({ name }) => name === entry.name)?.data ?? entry.data;
          entries[at] = { ...entry, data: mutatorOf(entry.name)(entry.data, { rng, other: sameOfOther }) };
          break;
        }
        case 1:
          entries[at] = { ...entry, name: rng.integer(2) === 0 ? rng.pick(hardNames) : rng.pick(entries).name };
          break;
        case 2:
          if (entries.length > 1) entries.splice(at, 1);
          break;
        case 3:
          entries.splice(rng.integer(entries.length + 1), 0, entry);
          break;
        case 4: {
          const taken = entriesOf(other()) ?? [];
          if (taken.length > 0) entries.splice(at, rng.integer(2), rng.pick(taken));
          break;
        }
        case 5:
          entries[at] = { ...entry, deflate: entry.deflate !== true };
          break;
        case 6:
          entries[at] = { ...entry, ...contradiction(rng) };
          break;
        default:
          options = { ...options, ...surroundings(rng, input) };
      }
    }
    return rawZip(entries, options);
  };
  const asBytes = bytesMutator(signatures);
  return oneOf([6, structured], [1, asBytes]);
}

interface Entry extends RawEntry {
  readonly data: Uint8Array;
}

function entriesOf(bytes: Uint8Array): Entry[] | undefined {
  try {
    return readZip(bytes, 'sample').entries.map(({ name, data }) => ({ name, data }));
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    return undefined;
  }
}

/** One thing that headers say otherwise than it is. */
function contradiction(rng: Rng): Omit<Partial<RawEntry>, 'data'> {
  const number = Number(BigInt.asUintN(32, rng.pick(hardIntegers)));
  const short = number & 0xffff;
  return rng.pick<Omit<Partial<RawEntry>, 'data'>>([
    { flags: 1 << rng.integer(16) },
    { crc: number },
    { size: number },
    { method: rng.pick([0, 1, 8, 9, 12, 99, short]) },
    { localName: rng.pick(hardNames) },
    { localFlags: 1 << rng.integer(16) },
    { localMethod: short },
    { localCrc: number },
    { localSize: number },
    { headerOffset: number },
    { headerOffset: rng.integer(2000) },
  ]);
}

function surroundings(rng: Rng, input: Uint8Array): ArchiveOptions {
  const some = rng.pick<Uint8Array | string>(['', 'x', 'PK', ...signatures, input.subarray(0, 2000)]);
  return rng.pick<ArchiveOptions>([
    { prefix: some },
    { between: some },
    { suffix: some },
    { comment: rng.pick(['x', ...signatures]) },
    { entryCount: rng.integer(5) },
    { directoryOffset: rng.integer(3000) },
  ]);
}
