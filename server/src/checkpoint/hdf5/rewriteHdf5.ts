import { CheckpointError } from '../checkpoint';
import type { Replacements } from '../checkpointFormat';
import { elementSize, misfit, writeElement } from '../dtypes';
import { ReplacedBytes, requireKnownNames } from '../replacedBytes';
import { elementCount } from '../stridedView';
import type { Dataset, FilteredDataset } from './dataset';
import { Hdf5Fault } from './fault';
import type { Patch } from './rewriteChunks';
import { chunkPatches, chunkProblem, littleEndian } from './rewriteChunks';

/** Datasets by the names that replacements use. */
type Datasets = ReadonlyMap<string, Dataset>;

/**
 * A copy of the HDF5 file in `bytes` with other numbers in some datasets, each in its place. Chunks that are compressed or
 * have checksums are made anew; those that no longer fit move behind the end of the file.
 *
 * @param read lists the datasets of a file
 * @throws CheckpointError where a name is unknown, a value does not fit, or a dataset was never written whole, lies where
 *   checksums are, or overlaps something else; what `read` throws
 */
export function rewriteHdf5(
  bytes: Uint8Array,
  read: (bytes: Uint8Array) => Datasets,
  replacements: Replacements,
  file: string,
): Uint8Array {
  const datasets = read(bytes);
  requireKnownNames(replacements, datasets, file);
  const replaced = new ReplacedBytes(bytes, file);
  for (const [name, values] of replacements) {
    const dataset = datasets.get(name);
    if (dataset !== undefined && dataset.filtered === undefined) replaceDataset(replaced, name, dataset, values, file);
  }
  const rewritten = rewriteFiltered(replaced.bytes, datasets, replacements, file);
  if (rewritten !== replaced.bytes) requireElements(read(rewritten), datasets, replacements, file);
  return rewritten;
}

const failure = (file: string, name: string, reason: string): CheckpointError =>
  new CheckpointError(file, `tensor ${JSON.stringify(name)}: ${reason}`);

const refusal = (file: string, name: string, reason: string): CheckpointError =>
  failure(file, name, `it cannot be written back into the HDF5 file, as ${reason}: write the model as safetensors`);

const notWhole = 'not all of it was ever written';

function requireCount(file: string, name: string, { view }: Dataset, values: ArrayLike<number>): number {
  const count = elementCount(view.shape);
  if (values.length !== count) throw failure(file, name, `${values.length} values replace ${count}`);
  return count;
}

function replaceDataset(
  replaced: ReplacedBytes,
  name: string,
  dataset: Dataset,
  values: ArrayLike<number>,
  file: string,
): void {
  const count = requireCount(file, name, dataset, values);
  const runs = dataset.runs();
  if (typeof runs === 'string') throw refusal(file, name, runs);
  const written = runs.reduce((sum, run) => sum + run.count, 0);
  if (written !== count) throw refusal(file, name, notWhole);
  const all = Array.from(values);
  for (const { offset, from, count: length } of runs) {
    const view = { ...dataset.view, shape: [length], stride: [1], byteOffset: offset };
    if (offset + length * elementSize[view.dtype] > replaced.bytes.length)
      throw failure(file, name, 'it runs past the end of the file');
    replaced.replace(name, view, all.slice(from, from + length));
  }
}

/** The same of datasets with filters; the bytes that were given where there are none. */
function rewriteFiltered(bytes: Uint8Array, datasets: Datasets, replacements: Replacements, file: string): Uint8Array {
  const patches: Patch[] = [];
  let end = bytes.length;
  for (const [name, values] of replacements) {
    const dataset = datasets.get(name);
    if (dataset?.filtered === undefined) continue;
    for (const patch of patchesOf(dataset.filtered, name, dataset, values, end, file)) {
      patches.push(patch);
      end = Math.max(end, patch.offset + patch.bytes.length);
    }
    const { endField, sizes } = dataset.filtered.file;
    if (end > bytes.length) patches.push({ offset: endField ?? 0, bytes: littleEndian(end, sizes.offsets) });
  }
  if (patches.length === 0) return bytes;
  const copy = new Uint8Array(end);
  copy.set(bytes);
  for (const { offset, bytes: patch } of patches) copy.set(patch, offset);
  return copy;
}

function patchesOf(
  filtered: FilteredDataset,
  name: string,
  dataset: Dataset,
  values: ArrayLike<number>,
  end: number,
  file: string,
): readonly Patch[] {
  requireCount(file, name, dataset, values);
  const problem = chunkProblem(filtered);
  if (problem !== undefined) throw refusal(file, name, problem);
  const wrong = misfit(values, dataset.view.dtype);
  if (wrong !== undefined) throw failure(file, name, `${wrong} does not fit into ${dataset.view.dtype}`);
  try {
    const elements = elementBytes(dataset, values);
    const patches = chunkPatches(filtered, filtered.chunks(), dataset.view.shape, elements, end);
    if (patches === undefined) throw refusal(file, name, notWhole);
    return patches;
  } catch (error) {
    throw error instanceof Hdf5Fault ? failure(file, name, error.reason) : error;
  }
}

/** Values as elements of a dataset, row-major. */
function elementBytes({ view: { dtype, littleEndian: isLittle } }: Dataset, values: ArrayLike<number>): Uint8Array {
  const size = elementSize[dtype];
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) writeElement(view, i * size, dtype, isLittle, values[i]);
  return bytes;
}

/** Chunks may lie where other chunks, or what lists them, do: then a file that was written holds something else. */
function requireElements(written: Datasets, datasets: Datasets, replacements: Replacements, file: string): void {
  for (const [name, dataset] of datasets) {
    const values = replacements.get(name);
    const length = elementCount(dataset.view.shape) * elementSize[dataset.view.dtype];
    const expected = values === undefined ? dataset.storage.subarray(0, length) : elementBytes(dataset, values);
    const found = written.get(name)?.storage.subarray(0, length);
    if (found === undefined || Buffer.compare(found, expected) !== 0) {
      throw failure(file, name, 'it shares bytes with something else in the file, which would change with it');
    }
  }
}
