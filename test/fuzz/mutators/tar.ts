/** Mutations of tar archives whose headers keep true checksums. */

import { bytesMutator, randomRange } from './bytes';
import type { Mutator } from './mutator';
import { oneOf } from './mutator';

const block = 512;
const size = { at: 124, length: 12 };
const checksum = { at: 148, length: 8 };

interface Member {
  readonly header: Buffer;
  readonly data: Uint8Array;
}

/** @param mutateMember changes the content of a member */
export function tarMutator(mutateMember: Mutator): Mutator {
  const structured: Mutator = (input, context) => {
    const { rng, other } = context;
    const members = membersOf(input);
    if (members.length === 0) return asBytes(input, context);
    let isHonest = true;
    for (let left = 1 + rng.weighted([5, 2, 1]); left > 0; left--) {
      const at = rng.integer(members.length);
      const { header, data } = members[at];
      switch (rng.weighted([8, 3, 1, 1, 1])) {
        case 0: {
          const others = membersOf(other());
          const sameOfOther = () => (others.length > 0 ? others[at % others.length].data : data);
          members[at] = { header, data: mutateMember(data, { rng, other: sameOfOther }) };
          break;
        }
        case 1: {
          const { from } = randomRange(header, rng);
          const changed = Buffer.from(header);
          changed.write(
            rng.pick(['0', '7', '/', '..', '\0', 'x', ' ', '9', '\x80']),
            Math.min(from, block - 2),
            'latin1',
          );
          members[at] = { header: changed, data };
          isHonest &&= from < size.at || from >= size.at + size.length;
          break;
        }
        case 2:
          if (members.length > 1) members.splice(at, 1);
          break;
        case 3:
          members.splice(rng.integer(members.length + 1), 0, members[at]);
          break;
        default:
          members.splice(at, 1, ...membersOf(other()).slice(0, 2), members[at]);
      }
    }
    return packed(members, isHonest);
  };
  const asBytes = bytesMutator(['ustar', 'storages', 'tensors', 'pickle']);
  return oneOf([6, structured], [1, asBytes]);
}

function membersOf(bytes: Uint8Array): Member[] {
  const members: Member[] = [];
  for (let at = 0; at + block <= bytes.length && bytes[at] !== 0;) {
    const header = Buffer.from(bytes.subarray(at, at + block));
    const length = parseInt(header.toString('latin1', size.at, size.at + size.length), 8);
    if (!(length >= 0 && at + block + length <= bytes.length)) break;
    members.push({ header, data: bytes.subarray(at + block, at + block + length) });
    at += block + Math.ceil(length / block) * block;
  }
  return members;
}

/** @param isHonest whether headers say how long members are, or what was put there instead */
function packed(members: readonly Member[], isHonest: boolean): Uint8Array {
  const parts = members.flatMap(({ header, data }) => {
    const written = Buffer.from(header);
    if (isHonest) written.write(data.length.toString(8).padStart(size.length - 1, '0'), size.at, 'latin1');
    written.fill(' ', checksum.at, checksum.at + checksum.length);
    const sum = written.reduce((total, byte) => total + byte, 0);
    written.write(`${sum.toString(8).padStart(6, '0')}\0`, checksum.at, 'latin1');
    return [written, data, Buffer.alloc((block - (data.length % block)) % block)];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}
