/** Values as a person may read them in one line: literals as Python writes them, shortened, everything unprintable escaped. */

import type { ByteSource } from '../byteSource';
import { FarText } from './far';
import {
  GlobalReference,
  isBytes,
  OpaqueValue,
  PersistentReference,
  PickleDict,
  PickleList,
  PickleTuple,
} from './values';
import type { PickleValue, PickleObject } from './values';

/** Characters of one literal, and of a whole argument list. */
const literalLength = 80;
const totalLength = 160;
const shownItems = 6;
const shownDepth = 4;

/** Arguments as in a call, without the parentheses: `"curl ...", shell=...`. */
export function displayArguments(args: readonly PickleValue[]): string {
  return shorten(displayItems(args, shownDepth), totalLength);
}

export function displayValue(value: PickleValue): string {
  return shorten(display(value, shownDepth), totalLength);
}

/** Text from a file made fit to be shown: all but ASCII becomes an escape, as look-alikes and direction marks disguise names. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

function display(value: PickleValue, depth: number): string {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof FarText) return quote(value.head());
  if (isBytes(value)) return displayBytes(value);
  if (value instanceof GlobalReference) return printable(value.path);
  if (value instanceof PersistentReference) return '<storage>';
  if (value instanceof OpaqueValue) return `<${value.description}>`;
  if (depth === 0) return '...';
  if (value instanceof PickleTuple) {
    return `(${displayItems(value.items, depth - 1)}${value.items.length === 1 ? ',' : ''})`;
  }
  if (value instanceof PickleList) return `[${displayItems(value.items, depth - 1)}]`;
  if (value instanceof PickleDict) return `{${displayEntries(value.entries, depth - 1)}}`;
  return displayObject(value, depth - 1);
}

function displayObject(value: PickleObject, depth: number): string {
  return `${display(value.callable, depth)}(${displayItems(value.args, depth)})`;
}

function displayItems(items: readonly PickleValue[], depth: number): string {
  const shown = items.slice(0, shownItems).map((item) => display(item, depth));
  if (items.length > shownItems) shown.push('...');
  return shown.join(', ');
}

function displayEntries(entries: readonly [PickleValue, PickleValue][], depth: number): string {
  const shown = entries.slice(0, shownItems).map(([key, item]) => `${display(key, depth)}: ${display(item, depth)}`);
  if (entries.length > shownItems) shown.push('...');
  return shown.join(', ');
}

function displayBytes(bytes: ByteSource): string {
  return `b${quote(String.fromCharCode(...bytes.subarray(0, literalLength + 1)))}`;
}

function quote(text: string): string {
  const escaped = text.slice(0, literalLength + 1).replace(/[\\"]/g, '\\$&');
  return `"${shorten(printable(escaped.replaceAll('\n', '\\n')), literalLength)}"`;
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 3)}...`;
}
