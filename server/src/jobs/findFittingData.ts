import path from 'node:path';
import type { ArchitectureSummary } from '../../../protocol/model';
import { CheckpointError } from '../checkpoint/checkpoint';
import { UnrecognisedArchitectureError } from '../gnn/recognise';
import { walk } from './findModels';
import { fitData } from './fitData';
import { loadModel } from './loadModel';

/**
 * The TU data set inside `folders` that fits a model best: of those with features as wide as its first layer and as
 * many classes, the one nearest in the folder tree, then the first by name.
 *
 * @returns undefined where none fits, or the model itself cannot be read or recognised
 */
export async function findFittingData(
  model: string,
  folders: readonly string[],
  override?: Partial<ArchitectureSummary>,
): Promise<string | undefined> {
  const architecture = await architectureOf(model, override);
  if (architecture === undefined) return undefined;
  const fitting: string[] = [];
  for (const folder of await findDatasetFolders(folders)) {
    const fit = await fitData({ kind: 'fit-data', data: folder, architecture });
    if (fit.fitting.length > 0) fitting.push(folder);
  }
  return fitting.sort((a, b) => distance(model, a) - distance(model, b) || (a < b ? -1 : 1)).at(0);
}

/** Folders below `folders` that hold a TU data set. */
async function findDatasetFolders(folders: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const folder of folders) {
    for await (const file of walk(folder)) if (file.endsWith('_A.txt')) found.add(path.dirname(file));
  }
  return [...found];
}

async function architectureOf(
  model: string,
  override?: Partial<ArchitectureSummary>,
): Promise<ArchitectureSummary | undefined> {
  try {
    return (await loadModel(model, override)).recognition.architecture;
  } catch (error) {
    if (error instanceof CheckpointError || error instanceof UnrecognisedArchitectureError) return undefined;
    throw error;
  }
}

/** Steps between two places in the folder tree. */
function distance(a: string, b: string): number {
  return path.relative(path.dirname(a), b).split(path.sep).length;
}
