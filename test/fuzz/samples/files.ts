/** The samples of `test/fixtures` as inputs to begin with. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { packFolder } from '../mutators/folder';
import { longestInput } from '../target';

const root = path.resolve(__dirname, '../../fixtures');

/**
 * Files of a folder of `test/fixtures` whose names match, in the order of their names; without those too long for an
 * input.
 */
export function samples(folder: string, pattern: RegExp): Uint8Array[] {
  const within = path.join(root, folder);
  if (!existsSync(within)) throw new Error(`there is no folder of samples ${within}`);
  return readdirSync(within)
    .sort()
    .filter((name) => pattern.test(name) && statSync(path.join(within, name)).size <= longestInput)
    .map((name) => sample(folder, name));
}

/** One file, of any size. */
function sample(folder: string, name: string): Uint8Array {
  return Uint8Array.from(readFileSync(path.join(root, folder, name)));
}

export function textInput(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text));
}

export function jsonInput(value: unknown): Uint8Array {
  return textInput(JSON.stringify(value));
}

/** Files of a folder as one input, `first` before the others. */
export function folderSample(folder: string, pattern: RegExp, first: string): Uint8Array {
  const names = readdirSync(path.join(root, folder)).filter((name) => pattern.test(name) && name !== first);
  return packFolder([first, ...names.sort()].map((name) => ({ name, data: sample(folder, name) })));
}
