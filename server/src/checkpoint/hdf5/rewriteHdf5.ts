import { CheckpointError } from '../checkpoint';
import type { Replacements } from '../checkpointFormat';
import { elementSize } from '../dtypes';
import { ReplacedBytes, requireKnownNames } from '../replacedBytes';
import { elementCount } from '../stridedView';
import type { Dataset } from './dataset';

/**
 * A copy of the HDF5 file in `bytes` with other numbers in some datasets, each in its place.
 *
 * @param datasets by the names that `replacements` uses
 * @throws CheckpointError where a name is unknown, a value does not fit, or a dataset is compressed, was never written
 *   whole or overlaps another one
 */
export function rewriteHdf5(
  bytes: Uint8Array,
  datasets: ReadonlyMap<string, Dataset>,
  replacements: Replacements,
  file: string,
): Uint8Array {
  requireKnownNames(replacements, datasets, file);
  const replaced = new ReplacedBytes(bytes, file);
  for (const [name, values] of replacements) {
    const dataset = datasets.get(name);
    if (dataset !== undefined) replaceDataset(replaced, name, dataset, values, file);
  }
  return replaced.bytes;
}

function replaceDataset(
  replaced: ReplacedBytes,
  name: string,
  dataset: Dataset,
  values: ArrayLike<number>,
  file: string,
): void {
  const fail = (reason: string) => new CheckpointError(file, `tensor ${JSON.stringify(name)}: ${reason}`);
  const count = elementCount(dataset.view.shape);
  if (values.length !== count) throw fail(`${values.length} values replace ${count}`);
  const refused = (reason: string) =>
    fail(`it cannot be written back into the HDF5 file, as ${reason}: write the model as safetensors`);
  const runs = dataset.runs();
  if (typeof runs === 'string') throw refused(runs);
  const written = runs.reduce((sum, run) => sum + run.count, 0);
  if (written !== count) throw refused('not all of it was ever written');
  const all = Array.from(values);
  for (const { offset, from, count: length } of runs) {
    const view = { ...dataset.view, shape: [length], stride: [1], byteOffset: offset };
    if (offset + length * elementSize[view.dtype] > replaced.bytes.length)
      throw fail('it runs past the end of the file');
    replaced.replace(name, view, all.slice(from, from + length));
  }
}
