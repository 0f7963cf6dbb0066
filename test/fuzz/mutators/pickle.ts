/** Mutations of pickle streams, opcode by opcode. */

import { PickleFault } from '../../../server/src/checkpoint/pickle/fault';
import { OpcodeReader } from '../../../server/src/checkpoint/pickle/opcodeReader';
import { opcode, operandKinds } from '../../../server/src/checkpoint/pickle/opcodes';
import type { Rng } from '../../../server/src/graph/rng';
import { bytesMutator, hardIntegers } from './bytes';
import type { Mutator } from './mutator';
import { oneOf } from './mutator';

const words = [
  ...['os', 'system', 'builtins', 'eval', 'getattr', 'posix', 'collections', 'OrderedDict', 'torch', 'FloatStorage'],
  ...['torch._utils', '_rebuild_tensor_v2', '_rebuild_parameter', 'storage', '0', '1', 'cpu', 'state_dict', '__main__'],
  ...['numpy.core.multiarray', '_reconstruct', 'numpy', 'dtype', 'ndarray', 'scalar', '_codecs', 'encode', 'f4', '<'],
  ...['__proto__', 'constructor', 'joblib.numpy_pickle', 'NumpyArrayWrapper', '_modules', '_parameters', 'weight'],
];

const codes = Object.values(opcode);

const structured: Mutator = (input, { rng, other }) => {
  const { parts, rest } = opcodesOf(input);
  for (let left = 1 + rng.weighted([4, 3, 2, 1]); left > 0; left--) {
    const at = rng.integer(parts.length + 1);
    switch (rng.weighted([2, 2, 2, 1, 3, 2])) {
      case 0:
        parts.splice(at, 1 + rng.integer(3));
        break;
      case 1:
        parts.splice(at, 0, randomOpcode(rng));
        break;
      case 2:
        if (at < parts.length) parts[at] = sameWithOtherOperand(parts[at], rng);
        break;
      case 3: {
        const from = rng.integer(parts.length + 1);
        parts.splice(at, 0, ...parts.slice(from, from + 1 + rng.integer(8)));
        break;
      }
      case 4: {
        const taken = opcodesOf(other()).parts;
        const from = rng.integer(taken.length + 1);
        parts.splice(at, rng.integer(4), ...taken.slice(from, from + 1 + rng.integer(12)));
        break;
      }
      default:
        if (at < parts.length) parts[at] = bytesMutator(words)(parts[at], { rng, other });
    }
  }
  return Buffer.concat([...parts, rest]);
};

export const pickleMutator: Mutator = oneOf([4, structured], [1, bytesMutator(words)]);

/** The opcodes with their operands as far as they can be told apart, and what follows. */
function opcodesOf(bytes: Uint8Array): { parts: Uint8Array[]; rest: Uint8Array } {
  const parts: Uint8Array[] = [];
  const reader = new OpcodeReader(bytes);
  try {
    while (reader.position < bytes.length) {
      reader.next();
      parts.push(bytes.subarray(reader.offset, reader.position));
    }
  } catch (error) {
    if (!(error instanceof PickleFault)) throw error;
  }
  return { parts, rest: bytes.subarray(parts.reduce((sum, part) => sum + part.length, 0)) };
}

function randomOpcode(rng: Rng): Uint8Array {
  return withOperand(rng.pick(codes), rng);
}

function sameWithOtherOperand(part: Uint8Array, rng: Rng): Uint8Array {
  return part.length === 1 ? randomOpcode(rng) : withOperand(part[0], rng);
}

function withOperand(code: number, rng: Rng): Uint8Array {
  return Buffer.concat([Buffer.of(code), operandOf(code, rng)]);
}

function operandOf(code: number, rng: Rng): Uint8Array {
  const text = Buffer.from(rng.pick(words));
  switch (operandKinds[code]) {
    case 'uint8':
      return Buffer.of(rng.integer(rng.pick([4, 256])));
    case 'uint16':
      return integer(2, rng);
    case 'int32':
    case 'uint32':
      return integer(4, rng);
    case 'uint64':
    case 'float64':
      return integer(8, rng);
    case 'line':
    case 'latin1Line':
      return Buffer.from(
        `${rng.pick([rng.pick(words), String(rng.integer(300)), '-1', '1e400', "'a'", '0xL', '01'])}\n`,
      );
    case 'twoLines':
      return Buffer.from(`${rng.pick(words)}\n${rng.pick(words)}\n`);
    case 'text1':
    case 'string1':
    case 'bytes1':
      return Buffer.concat([Buffer.of(text.length), text]);
    case 'text4':
    case 'string4':
    case 'bytes4':
      return Buffer.concat([Buffer.of(text.length, 0, 0, 0), text]);
    case 'text8':
    case 'bytes8':
      return Buffer.concat([Buffer.of(text.length, 0, 0, 0, 0, 0, 0, 0), text]);
    default:
      return Buffer.alloc(0);
  }
}

function integer(size: number, rng: Rng): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(rng.integer(2) === 0 ? BigInt(rng.integer(300)) : rng.pick(hardIntegers));
  return bytes.subarray(0, size);
}
