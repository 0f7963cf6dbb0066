/** What a stream imports, and what it calls with which arguments. */

import { displayArguments } from './displayValue';
import { GlobalReference, isBytes, isText, PickleList, PickleTuple } from './values';
import type { PickleValue } from './values';

/** An import as in `PickleGlobal`, before the container entry is known. */
export interface PickleImport {
  readonly module: string;
  readonly name: string;
  readonly offset: number;
  readonly called: boolean;
  readonly argumentsText?: string;
  /** The module that stands here for who wrote the file, where another way of reading takes this one instead. */
  readonly insteadOf?: string;
}

/** Module name recorded where the stream computes what it imports, so that it is unknown without running it. */
export const computedModule = '(computed)';

/** Characters of a module or name. A dotted one may go round in circles (`os.path.os.path.os.system`). */
const longestName = 1 << 16;

/** Whether an import could succeed: names made of letters, digits and a few signs. */
export function isPlausible({ module, name }: PickleImport): boolean {
  return [module, name].every((text) => text.length < longestName && /^[\p{L}\p{N}_.[\]()-]+$/u.test(text));
}

/** Whether the stream itself has the names of an import, and such as could succeed: numbers hold others by chance. */
export function isSpelledOut(record: PickleImport): boolean {
  return isPlausible(record) && !/[[\]()]/.test(record.module + record.name);
}

/** Further calls of one import kept, where their arguments differ. */
const callsKept = 16;

/** The same of what hands out anything by its name, where a harmless call says nothing about the next. */
const lookupsKept = 1000;

/** Arguments of a call that are looked at; a tuple of a million may be passed a million times. */
const argumentsCompared = 8;

export class ImportLog {
  private readonly records: { -readonly [K in keyof PickleImport]: PickleImport[K] }[] = [];
  private readonly calls = new Map<GlobalReference, { record: number; seen: Set<string> }>();

  get imports(): readonly PickleImport[] {
    return this.records;
  }

  add(module: string, name: string, offset: number): GlobalReference {
    const reference = new GlobalReference(module, name, offset);
    this.calls.set(reference, { record: this.records.length, seen: new Set() });
    this.records.push({ module, name, offset, called: false });
    return reference;
  }

  /** Notes that what a call of `reference` returned was called itself, as in `getattr(x, "y")("z")`. */
  noteCallOfResult(reference: GlobalReference, calls: readonly (readonly PickleValue[])[], offset: number): void {
    const seen = this.calls.get(reference)?.seen;
    const argumentsText = calls.map(displayArguments).join(')(');
    if (seen === undefined || seen.size >= keptOf(reference) || seen.has(argumentsText)) return;
    seen.add(argumentsText);
    this.records.push({ module: reference.module, name: reference.name, offset, called: true, argumentsText });
  }

  /**
   * Notes a call at `offset`. The first completes the import's record; later ones get a record of their own where they
   * pass other literal text, so that every command line is seen and a thousand tensors are not.
   */
  noteCall(reference: GlobalReference, args: readonly PickleValue[], offset: number): void {
    const calls = this.calls.get(reference);
    if (calls === undefined) return;
    const record = this.records[calls.record];
    const first = !record.called;
    const telling = isLookup(reference) || args.slice(0, argumentsCompared).some(isTelling);
    if (!first && (!telling || calls.seen.size > keptOf(reference))) return;
    const isLast = calls.seen.size === keptOf(reference);
    if (isLast && !isLookup(reference)) return;
    const argumentsText = isLast ? 'more than is kept' : displayArguments(args);
    if (calls.seen.has(argumentsText)) return;
    calls.seen.add(argumentsText);
    if (first) {
      record.called = true;
      record.argumentsText = argumentsText;
    } else {
      this.records.push({ module: reference.module, name: reference.name, offset, called: true, argumentsText });
    }
  }
}

export function isLookup({ name }: Pick<GlobalReference, 'name'>): boolean {
  return name === 'getattr';
}

function keptOf(reference: GlobalReference): number {
  return isLookup(reference) ? lookupsKept : callsKept;
}

/** Whether an argument tells one call from another: text, or a list or tuple of texts such as a command line. */
function isTelling(argument: PickleValue): boolean {
  if (argument instanceof PickleTuple || argument instanceof PickleList) {
    return argument.items.slice(0, argumentsCompared).some(isLiteral);
  }
  return isLiteral(argument);
}

function isLiteral(value: PickleValue): boolean {
  return isText(value) || isBytes(value);
}
