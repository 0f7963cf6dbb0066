/**
 * The two readings of an array of objects in a file of joblib. It is a pickle of its own for joblib, with an empty memo;
 * `pickle.load` goes on with the memo of the pickle around it, and takes other values from it at the same opcodes.
 */

import { computedModule, isLookup, isPlausible } from './importLog';
import type { PickleImport } from './importLog';

interface ComparedReadings {
  /** A name that stands in the array, of a module that only the memo around it has there: in every file of joblib. */
  readonly misread: readonly PickleImport[];
  /** What else `pickle.load` would import, and joblib does not. */
  readonly others: readonly PickleImport[];
}

/**
 * @param intended imports of the array as joblib reads it
 * @param plain the same as `pickle.load` reads it
 */
export function comparedReadings(intended: readonly PickleImport[], plain: readonly PickleImport[]): ComparedReadings {
  const told = new Set(intended.map(toldAs));
  const at = new Map(intended.map((record) => [record.offset, record]));
  const misread = new Map<string, PickleImport>();
  const others: PickleImport[] = [];
  for (const record of plain) {
    if (!isPlausible(record) || told.has(toldAs(record))) continue;
    const path = pathOf(record);
    const meant = at.get(record.offset);
    const isMisread = meant?.name === record.name && meant.module !== record.module;
    if (isMisread) misread.set(path, { ...record, insteadOf: meant.module });
    else if (!misread.has(path)) others.push(record);
  }
  // A module that is no text cannot be imported.
  return { misread: [...misread.values()].filter(({ module }) => module !== computedModule), others };
}

function pathOf({ module, name }: PickleImport): string {
  return JSON.stringify([module, name]);
}

/** What makes two records tell the same: their names, and of a lookup what it looks up. */
function toldAs(record: PickleImport): string {
  return isLookup(record) ? `${pathOf(record)} ${record.argumentsText}` : pathOf(record);
}
