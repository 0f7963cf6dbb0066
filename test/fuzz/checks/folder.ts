import { CheckpointError } from '../../../server/src/checkpoint/checkpoint';
import { unpackFolder } from '../mutators/folder';
import { checkModelFile } from './modelFile';
import { readOrRefused } from './refusal';

/** `checkModelFile` of a model of several files: the first file of the folder, the others beside it. */
export function checkModelFolder(input: Uint8Array): string {
  // Not every input is a folder: cut short, it is none.
  const { value: files = [] } = readOrRefused([CheckpointError], () => unpackFolder(input));
  if (files.length === 0) return 'no folder';
  return checkModelFile(files[0].data, new Map(files.map(({ name, data }) => [name, data])));
}
