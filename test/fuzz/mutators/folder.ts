/** Models of several files as one input: a zip archive of them, the model file first. */

import { CheckpointError } from '../../../server/src/checkpoint/checkpoint';
import { readZip } from '../../../server/src/checkpoint/zip/readZip';
import type { NewZipEntry } from '../../../server/src/checkpoint/zip/writeZip';
import { writeZip } from '../../../server/src/checkpoint/zip/writeZip';
import type { Mutator } from './mutator';

/** Files by name, the model file first. */
export type Folder = readonly NewZipEntry[];

export function packFolder(files: Folder): Uint8Array {
  return writeZip(files, 1);
}

/** The files of an input; none where it is no folder, as one that was cut off is none. */
export function unpackFolder(input: Uint8Array): Folder {
  try {
    return readZip(input, 'folder').entries.map(({ name, data }) => ({ name, data }));
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    return [];
  }
}

/** Changes one of the files, and sometimes leaves one out or takes one of another folder. */
export function folderMutator(mutatorOf: (name: string, index: number) => Mutator): Mutator {
  return (input, { rng, other }) => {
    const files = [...unpackFolder(input)];
    if (files.length === 0) return other();
    const found = unpackFolder(other());
    const others = found.length > 0 ? found : files;
    const at = rng.integer(files.length);
    const { name, data } = files[at];
    const sameOfOther = () => (others.find((file) => file.name === name) ?? rng.pick(others)).data;
    switch (rng.weighted([12, files.length > 1 ? 1 : 0, 1])) {
      case 0:
        files[at] = { name, data: mutatorOf(name, at)(data, { rng, other: sameOfOther }) };
        break;
      case 1:
        files.splice(1 + rng.integer(files.length - 1), 1);
        break;
      default:
        files[at] = { name, data: sameOfOther() };
    }
    return packFolder(files);
  };
}
