/** Numbers, texts and byte strings as opcodes write them. */

import { limits } from '../limits';
import { PickleFault } from './fault';
import type { Operand } from './opcodeReader';
import { opcode } from './opcodes';
import { OpaqueValue } from './values';
import type { ByteString, TextString, PickleValue } from './values';

/** What an opcode pushes that is a literal by itself; undefined for all others. */
export function literalOf(code: number, operand: Operand): PickleValue | undefined {
  switch (code) {
    case opcode.NONE:
      return null;
    case opcode.NEWTRUE:
      return true;
    case opcode.NEWFALSE:
      return false;
    case opcode.BININT:
    case opcode.BININT1:
    case opcode.BININT2:
    case opcode.BINFLOAT:
      return operand as number;
    case opcode.INT:
      return parseInteger(operand as string, false);
    case opcode.LONG:
      return parseInteger(operand as string, true);
    case opcode.LONG1:
    case opcode.LONG4:
      return decodeInteger(operand as ByteString);
    case opcode.FLOAT:
      return parseFloat64(operand as string);
    case opcode.STRING:
      return parseQuoted(operand as string);
    case opcode.UNICODE:
      return parseRawUnicode(operand as string);
    case opcode.BINSTRING:
    case opcode.SHORT_BINSTRING:
    case opcode.BINUNICODE:
    case opcode.SHORT_BINUNICODE:
    case opcode.BINUNICODE8:
      return operand as TextString;
    case opcode.BINBYTES:
    case opcode.SHORT_BINBYTES:
    case opcode.BINBYTES8:
    case opcode.BYTEARRAY8:
      return operand as ByteString;
    default:
      return undefined;
  }
}

/**
 * Operand of INT and LONG: `01` and `00` are booleans for INT, LONG ends in `L`. What is not decimal becomes opaque, as
 * CPython takes more spellings than are worth following.
 */
export function parseInteger(text: string, isLong: boolean): number | bigint | boolean | OpaqueValue {
  if (!isLong && text === '00') return false;
  if (!isLong && text === '01') return true;
  const trimmed = text.trim();
  const digits = isLong && trimmed.endsWith('L') ? trimmed.slice(0, -1) : trimmed;
  if (!/^[+-]?\d+$/.test(digits) || digits.length > limits.pickleInteger) return new OpaqueValue('integer');
  return narrow(BigInt(digits.replace('+', '')));
}

/** Operand of LONG1 and LONG4: two's complement, little endian; no bytes are zero. */
export function decodeInteger(bytes: ByteString): number | bigint | OpaqueValue {
  // What is not in memory is longer than that.
  const isRead = bytes instanceof Uint8Array && bytes.length <= limits.pickleInteger;
  if (!isRead) return new OpaqueValue(`integer of ${bytes.length} bytes`);
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
  return narrow(BigInt.asIntN(8 * bytes.length, value));
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Operand of FLOAT, as Python writes it. */
export function parseFloat64(text: string): number | OpaqueValue {
  const trimmed = text.trim();
  const special = /^(-?)(inf|nan)$/.exec(trimmed);
  if (special) return special[2] === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity;
  const value = Number(trimmed);
  return trimmed === '' || Number.isNaN(value) ? new OpaqueValue('float') : value;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** Operand of STRING: a quoted Python 2 string literal with escapes. Text without quotes is taken as it is. */
export function parseQuoted(line: string): string {
  const text = line.trim();
  const quoted = text.length >= 2 && /^['"]$/.test(text[0]) && text.endsWith(text[0]);
  return (quoted ? text.slice(1, -1) : text).replace(
    /\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|[^])/g,
    (whole: string, escape: string) => {
      if (escape.length === 3 && escape.startsWith('x')) return String.fromCharCode(parseInt(escape.slice(1), 16));
      if (/^[0-7]+$/.test(escape)) return String.fromCharCode(parseInt(escape, 8) & 0xff);
      return simpleEscapes[escape] ?? whole;
    },
  );
}

/** Operand of UNICODE: Latin-1 text in which only `\uXXXX` and `\UXXXXXXXX` are escapes. */
export function parseRawUnicode(line: string): string {
  return line.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g, (whole: string, short?: string, long?: string) => {
    const code = parseInt(short ?? long ?? '', 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Operand of GET and PUT. */
export function parseMemoKey(text: string): number {
  const digits = text.trim().replaceAll('_', '');
  const key = Number(digits);
  if (!Number.isSafeInteger(key) || key < 0 || digits === '') throw new PickleFault('a memo key is no number');
  return key;
}
