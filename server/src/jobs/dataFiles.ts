import path from 'node:path';
import { DatasetError } from '../dataset/dataset';
import { datasetFiles } from '../dataset/loadDataset';

/**
 * Files that data sets are read from, which must survive whatever an output is called.
 *
 * @param folders TU folders; those that hold no data set have none
 * @returns absolute paths
 */
export async function dataFiles(folders: readonly string[]): Promise<string[]> {
  return (await Promise.all(folders.map(filesOf))).flat();
}

async function filesOf(folder: string): Promise<string[]> {
  try {
    const { directory, names } = await datasetFiles(folder);
    return names.map((name) => path.join(directory, name));
  } catch (error) {
    if (error instanceof DatasetError) return [];
    throw error;
  }
}
