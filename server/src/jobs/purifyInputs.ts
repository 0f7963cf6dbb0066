import { CheckpointError } from '../checkpoint/checkpoint';
import { filesBeside } from '../checkpoint/formats';
import { dataFiles } from './dataFiles';
import { FileSource } from './fileSource';
import { pathBeside } from './filesBeside';
import type { PurifyTask } from './tasks';

/** Files that a purification reads, which no output may take the place of. */
export async function purifyInputs({ model, data, trigger, benign, idFiles, repeats }: PurifyTask): Promise<string[]> {
  const named = [model, trigger, benign, idFiles?.clean, idFiles?.test, repeats?.file];
  const beside = await Promise.all([model, benign].filter((file) => file !== undefined).map(pathsBeside));
  return [...named.filter((file) => file !== undefined), ...beside.flat(), ...(await dataFiles([data]))];
}

/** Paths of the other files of a model of several; none where it cannot be read, which whoever reads it says. */
async function pathsBeside(model: string): Promise<string[]> {
  try {
    return await FileSource.with(model, (source) => filesBeside(source, model).map((name) => pathBeside(model, name)));
  } catch (error) {
    if (error instanceof CheckpointError) return [];
    throw error;
  }
}
