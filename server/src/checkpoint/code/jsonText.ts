/** JSON inside files: as the whole of one, or between binary data, as HDF5 has it in its attributes. */

import type { ByteSource } from '../byteSource';
import { wholeOf } from '../byteSource';
import { limits } from '../limits';

/** Whether bytes begin as a JSON object with at least one key. */
export function looksLikeJson(head: Uint8Array): boolean {
  return /^(?:\xef\xbb\xbf)?\s*\{\s*"/.test(Buffer.from(head.subarray(0, 64)).toString('latin1'));
}

/** Whether a source is JSON from its first to its last byte. */
export function isJson(source: ByteSource): boolean {
  return source.length <= limits.configBytes && parseJson(wholeOf(source)) !== undefined;
}

/** The value that `bytes` are the JSON of, or undefined. Takes what Python takes: NaN and Infinity are null. */
function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length > limits.configBytes) return undefined;
  const text = new TextDecoder().decode(bytes);
  for (const candidate of [text, text.replace(/([:,[]\s{0,100})-?(?:NaN|Infinity)\b/g, '$1null')]) {
    try {
      return JSON.parse(candidate) as unknown;
    } catch {
      // The next one, or none.
    }
  }
  return undefined;
}

export interface FoundJson {
  readonly value: unknown;
  /** Its first byte. */
  readonly offset: number;
}

/** Bytes that may be looked at for each byte of a file. */
const passes = 4;

/**
 * The JSON objects of `bytes` that hold the text `key`: the outermost where it can be parsed, else the innermost. Takes
 * time proportional to the bytes; `isComplete` is false where that did not suffice.
 */
export function findJson(bytes: Uint8Array, key: string): { found: FoundJson[]; isComplete: boolean } {
  const found: FoundJson[] = [];
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const work = { left: passes * bytes.length };
  let at = buffer.indexOf(key);
  for (; at >= 0 && found.length < limits.configsInFile && work.left > 0;) {
    const object =
      objectFrom(buffer, outermostStart(buffer, at, work), at, work) ??
      objectFrom(buffer, innermostStart(buffer, at, work), at, work);
    if (object !== undefined) found.push({ value: object.value, offset: object.start });
    at = buffer.indexOf(key, Math.max(at + key.length, object?.end ?? 0));
  }
  return { found, isComplete: at < 0 };
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
