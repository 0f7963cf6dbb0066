/** Byte strings and texts of a pickle that are a pickle, an archive or compiled code themselves, encoded or not. */

import type { ByteSource } from '../byteSource';
import { newestProtocol, opcode } from './opcodes';

/** A byte string or text of a stream that looks like a stream or an archive itself. */
export interface EmbeddedBytes {
  readonly offset: number;
  readonly bytes: ByteSource;
  /** Whether the stream unpickles it, as it is. */
  readonly isUnpickled?: boolean;
}

/** How other data begins that may hold a pickle: NumPy's arrays, gzip and zlib streams, archives. */
const signatures: readonly (readonly number[])[] = [
  [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59],
  [0x1f, 0x8b, 0x08],
  [0x50, 0x4b, 0x03, 0x04],
  [0x50, 0x4b, 0x05, 0x06],
  [0x89, 0x48, 0x44, 0x46],
];

/** The two lines of GLOBAL or INST, as text pickles have them: `cos\nsystem\n`. */
const moduleLine = /[ci][A-Za-z_][\w.]*$/;
const nameLine = /^[A-Za-z_][\w.]*$/;
/** Characters of such a line. Bounded, so that many bytes take linear time. */
const longestLine = 100;

/** Bytes in which such an import is looked for. */
const searched = 1 << 12;

/** Characters of a text by which its encoding is told, a whole number of groups of four. */
const comparedText = 1 << 10;

/** Shorter texts are no encoding of anything that could do harm. */
const shortestEncoded = 10;

/** Whether bytes begin as a pickle with PROTO, or hold an import of the oldest protocol near their beginning. */
export function looksLikePickle(bytes: Uint8Array): boolean {
  return (bytes[0] === opcode.PROTO && bytes[1] <= newestProtocol) || hasTextImport(bytes);
}

/** Whether an import of protocol 0 stands in the first bytes. */
export function hasTextImport(bytes: Uint8Array, length = searched): boolean {
  const text = latin1(bytes.subarray(0, length));
  for (let at = text.indexOf('\n'); at >= 0;) {
    const next = text.indexOf('\n', at + 1);
    if (next < 0) return false;
    const isShort = next - at <= longestLine;
    if (
      isShort &&
      nameLine.test(text.slice(at + 1, next)) &&
      moduleLine.test(text.slice(Math.max(0, at - longestLine), at))
    ) {
      return true;
    }
    at = next;
  }
  return false;
}

const newline = 0x0a;
const globalOpcodes: readonly number[] = [opcode.GLOBAL, opcode.INST];

/**
 * Where imports of protocol 0 may start, in bytes that are anything: one after another, in time proportional to them. Each
 * may start at several bytes, of which the one with the longest name comes first.
 */
export function* textImports(bytes: Uint8Array): Generator<readonly number[], void> {
  for (let at = bytes.indexOf(newline); at >= 0;) {
    const next = bytes.indexOf(newline, at + 1);
    if (next < 0) return;
    if (isNameByte(bytes[at - 1]) && next - at > 2 && next - at <= longestLine && isName(bytes, at + 1, next)) {
      const starts: number[] = [];
      for (let start = at - 1; start >= at - longestLine && isNameByte(bytes[start]); start--) {
        if (globalOpcodes.includes(bytes[start]) && at - start > 2) starts.unshift(start);
      }
      if (starts.length > 0) yield starts;
    }
    at = next;
  }
}

function isName(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isNameByte(bytes[at])) return false;
  return true;
}

/** Letters, digits, underscores and dots. */
function isNameByte(byte: number): boolean {
  const letter = byte | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f || byte === 0x2e;
}

/** Whether bytes begin as a compiled code object (marshal, `TYPE_CODE` with its flag, no positional arguments or some). */
export function looksLikeMarshal(bytes: Uint8Array): boolean {
  return (
    bytes.length >= shortestEncoded && (bytes[0] === 0xe3 || bytes[0] === 0x63) && bytes[2] + bytes[3] + bytes[4] === 0
  );
}

/** How a byte string or text of a pickle holds such data: as it is, or in the letters of an encoding. */
type EmbeddedForm = 'plain' | 'base64' | 'hex';

/** The form in which `value` holds such data, by its beginning; undefined where it holds none. */
export function embeddedForm(value: string | Uint8Array): EmbeddedForm | undefined {
  const head =
    typeof value === 'string' ? Buffer.from(value.slice(0, searched), 'latin1') : value.subarray(0, searched);
  if (looksEmbedded(head)) return 'plain';
  const start = plain(latin1(head.subarray(0, comparedText)));
  const encoding = start.length < shortestEncoded ? undefined : encodingOf(start);
  if (encoding === undefined) return undefined;
  const decoded = Buffer.from(start, encoding);
  return looksEmbedded(decoded) || looksLikeMarshal(decoded) ? encoding : undefined;
}

/**
 * What a byte string or text of a pickle holds where it is such data: as it is (protocol 2 writes bytes as Latin-1 text),
 * in base64, or in hexadecimal digits.
 */
export function embeddedIn(value: string | Uint8Array): Uint8Array | undefined {
  const form = embeddedForm(value);
  if (form === undefined) return undefined;
  if (form !== 'plain') return Buffer.from(plain(typeof value === 'string' ? value : latin1(value)), form);
  return typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
}

function looksEmbedded(bytes: Uint8Array): boolean {
  return (
    looksLikePickle(bytes) || isZlib(bytes) || signatures.some((start) => start.every((byte, i) => bytes[i] === byte))
  );
}

function encodingOf(start: string): 'base64' | 'hex' | undefined {
  if (/^(?:[0-9a-fA-F]{2})+[0-9a-fA-F]?$/.test(start)) return 'hex';
  return /^[\w+/-]+={0,2}$/.test(start) ? 'base64' : undefined;
}

/** Without line breaks and spaces, which decoders skip. */
function plain(text: string): string {
  return text.replace(/\s+/g, '');
}

/** The two header bytes of a zlib stream: deflate with a window of up to 32 KiB, and a check. */
function isZlib(bytes: Uint8Array): boolean {
  return bytes[0] === 0x78 && bytes.length > 8 && ((bytes[0] << 8) | bytes[1]) % 31 === 0;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
