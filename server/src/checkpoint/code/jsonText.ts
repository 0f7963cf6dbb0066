/** JSON inside files: as the whole of one, or between binary data, as HDF5 has it in its attributes. */

import type { ByteSource } from '../byteSource';
import { wholeOf } from '../byteSource';
import { limits } from '../limits';

/** Bytes in which something other than space has to come. */
const searchedStart = 1 << 16;

/** Whether a source begins as a JSON object with at least one key, in any encoding that Python's `json` takes. */
export function looksLikeJson(source: ByteSource): boolean {
  const starts = (length: number) => decode(source.subarray(0, length)).trimStart();
  const start = starts(headLength) || starts(searchedStart);
  return /^\{\s*("|$)/.test(start) || (start === '' && source.length > searchedStart);
}

const headLength = 64;

/** The value that a source is the JSON of from its first to its last byte, or undefined. */
export function jsonOf(source: ByteSource): unknown {
  return source.length <= limits.configBytes ? parseJson(wholeOf(source)) : undefined;
}

/** The value that `bytes` are the JSON of, or undefined. Takes what Python takes: NaN and Infinity are null. */
function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length > limits.configBytes) return undefined;
  const text = decode(bytes);
  for (const read of [() => text, () => withoutNaN(text)]) {
    try {
      return JSON.parse(read()) as unknown;
    } catch {
      // The next one, or none.
    }
  }
  return undefined;
}

function withoutNaN(text: string): string {
  // Texts are matched to be left alone; one that never ends takes the rest, so that this takes linear time.
  return text.replace(/"(?:[^"\\]|\\[^])*"?|-?\b(?:NaN|Infinity)\b/g, (part) => (part.startsWith('"') ? part : 'null'));
}

/** Text in UTF-8, UTF-16 or UTF-32, told apart as `json.detect_encoding` of Python does. */
function decode(bytes: Uint8Array): string {
  const [a, b, c, d] = bytes;
  const startsWide = (a === 0xff && b === 0xfe) || (a !== 0 && b === 0);
  if (bytes.length >= 4 && a === 0 && b === 0) return utf32(bytes, false);
  if (bytes.length >= 4 && startsWide && c === 0 && d === 0) return utf32(bytes, true);
  if (startsWide) return new TextDecoder('utf-16le').decode(bytes);
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0)) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}

function utf32(bytes: Uint8Array, littleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const characters: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const code = view.getUint32(at, littleEndian);
    // Without the mark of the byte order.
    if (at > 0 || code !== 0xfeff) characters.push(code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd');
  }
  return characters.join('');
}

export interface FoundJson {
  readonly value: unknown;
  /** Its first byte. */
  readonly offset: number;
}

/** Bytes that may be looked at for each byte of a file. */
const passes = 4;

/**
 * The JSON objects of `bytes` that hold the key `key`: the outermost where it can be parsed, else the innermost. Takes
 * time proportional to the bytes; `isComplete` is false where that did not suffice, or an object cannot be parsed.
 *
 * @param key letters; in the file they may be escapes (`class\\u005fname`)
 */
export function findJson(bytes: Uint8Array, key: string): { found: FoundJson[]; isComplete: boolean } {
  const found: FoundJson[] = [];
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const work = { left: passes * bytes.length };
  let isComplete = true;
  let end = 0;
  for (const { index: at } of buffer.toString('latin1').matchAll(keyPattern(key))) {
    if (at < end) continue;
    if (found.length >= limits.configsInFile || work.left <= 0) return { found, isComplete: false };
    const object =
      objectFrom(buffer, outermostStart(buffer, at, work), at, work) ??
      objectFrom(buffer, innermostStart(buffer, at, work), at, work);
    if (object === undefined) isComplete = false;
    else found.push({ value: object.value, offset: object.start });
    end = object?.end ?? at;
  }
  return { found, isComplete };
}

function keyPattern(key: string): RegExp {
  const letters = [...key].map((letter) => {
    const code = letter.charCodeAt(0).toString(16).padStart(4, '0');
    const anyCase = code.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
    return `(?:${letter}|\\\\u${anyCase})`;
  });
  return new RegExp(`"${letters.join('')}"`, 'g');
}

/** The object that starts at `start`, if it can be parsed and reaches beyond `at`: one before it may end there. */
function objectFrom(
  buffer: Buffer,
  start: number,
  at: number,
  work: { left: number },
): { value: unknown; start: number; end: number } | undefined {
  const end = start < 0 ? -1 : objectEnd(buffer, start, work);
  const value = end <= at ? undefined : parseJson(buffer.subarray(start, end));
  return value === undefined ? undefined : { value, start, end };
}

/** Bytes before a key in which its object may begin. */
const lookedBack = 1 << 12;

/** The first brace before `at` that text alone separates from it, or -1. */
function outermostStart(buffer: Buffer, at: number, work: { left: number }): number {
  let start = -1;
  let i = at;
  for (; i >= Math.max(0, at - lookedBack) && isText(buffer[i]); i--) {
    if (buffer[i] === openingBrace) start = i;
  }
  work.left -= at - i;
  return start;
}

/** The nearest brace before `at` that is not closed again before it, or -1. */
function innermostStart(buffer: Buffer, at: number, work: { left: number }): number {
  let closed = 0;
  let start = -1;
  let i = at;
  for (; i >= Math.max(0, at - lookedBack) && isText(buffer[i]) && start < 0; i--) {
    if (buffer[i] === closingBrace) closed++;
    else if (buffer[i] === openingBrace && closed-- === 0) start = i;
  }
  work.left -= at - i;
  return start;
}

const openingBrace = 0x7b;
const closingBrace = 0x7d;
const quote = 0x22;
const backslash = 0x5c;

function isText(byte: number): boolean {
  return byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

/** The byte behind the object that starts at `start`, or -1. */
function objectEnd(buffer: Buffer, start: number, work: { left: number }): number {
  const limit = Math.min(buffer.length, start + limits.configBytes, start + work.left);
  let depth = 0;
  let inText = false;
  let end = -1;
  let i = start;
  for (; i < limit && end < 0 && isText(buffer[i]); i++) {
    const byte = buffer[i];
    if (inText) {
      if (byte === backslash) i++;
      else if (byte === quote) inText = false;
    } else if (byte === quote) inText = true;
    else if (byte === openingBrace) depth++;
    else if (byte === closingBrace && --depth === 0) end = i + 1;
  }
  work.left -= i - start;
  return end;
}

/** The beginning of a value's JSON, which may be as long and as deep as it likes: at most `longest` characters. */
export function shownJson(value: unknown, longest: number): string | undefined {
  if (value === undefined) return undefined;
  let text = '';
  // Each level adds to the text before it goes deeper.
  const add = (part: unknown): void => {
    if (text.length >= longest) return;
    if (Array.isArray(part)) {
      addAll('[', part.slice(0, longest), ']', add);
    } else if (typeof part === 'object' && part !== null) {
      addAll('{', Object.entries(part).slice(0, longest), '}', ([key, inner]) => {
        text += `${JSON.stringify(key.slice(0, longest))}:`;
        add(inner);
      });
    } else text += JSON.stringify(typeof part === 'string' ? part.slice(0, longest) : part);
  };
  const addAll = <T>(begin: string, parts: readonly T[], end: string, addPart: (part: T) => void): void => {
    text += begin;
    parts.forEach((part, i) => {
      if (text.length >= longest) return;
      if (i > 0) text += ',';
      addPart(part);
    });
    text += end;
  };
  add(value);
  return text.slice(0, longest);
}
