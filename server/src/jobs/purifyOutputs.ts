import path from 'node:path';
import { namesBeside } from './filesBeside';
import { partsOf } from './modelFiles';
import type { PurifyTask } from './tasks';

/** Files of a model that a purification may write: those that a worker may have begun before it was killed. */
export async function purifyOutputs({ model, output }: Pick<PurifyTask, 'model' | 'output'>): Promise<string[]> {
  const beside = (await partsOf(model)).map(namesBeside(model, output));
  return [output, ...beside.map((name) => path.join(path.dirname(output), name))];
}
