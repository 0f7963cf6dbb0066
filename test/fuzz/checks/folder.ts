import { unpackFolder } from '../mutators/folder';
import { checkModelFile } from './modelFile';

/** `checkModelFile` of a model of several files: the first file of the folder, the others beside it. */
export function checkModelFolder(input: Uint8Array): string {
  const files = unpackFolder(input);
  if (files.length === 0) return 'no folder';
  return checkModelFile(files[0].data, new Map(files.map(({ name, data }) => [name, data])));
}
