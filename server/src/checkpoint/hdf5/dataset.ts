/** Datasets: what they hold, and where. */

import type { ByteSource } from '../byteSource';
import { section } from '../byteSource';
import { decodedSource } from '../decodedSource';
import { limits } from '../limits';
import type { StridedView } from '../stridedView';
import { contiguousStride, elementCount, viewProblem } from '../stridedView';
import type { Chunk } from './chunkIndex';
import { chunkCount, chunksOf, mostChunks } from './chunkIndex';
import type { Run } from './chunks';
import { chunkRuns, joinedChunks } from './chunks';
import { readDataspace } from './dataspace';
import { readDatatype } from './datatype';
import { Hdf5Fault } from './fault';
import type { Hdf5File } from './file';
import { readFillValue } from './fillValue';
import type { Filter } from './filters';
import { filterProblem, readFilters } from './filters';
import type { ChunkedLayout } from './layout';
import { readLayout } from './layout';
import type { ObjectHeader } from './objectHeader';
import { messageType } from './objectHeader';

export interface Dataset {
  /** The elements as a view of `storage`. */
  readonly view: StridedView;
  readonly storage: ByteSource;
  /** Runs of elements in the file, or why they are not there as they are. Throws CheckpointError where it is damaged. */
  runs(): readonly Run[] | string;
  /** Of a dataset that is compressed or has checksums: what it takes to write its chunks anew. */
  readonly filtered?: FilteredDataset;
}

export interface FilteredDataset {
  readonly file: Hdf5File;
  readonly layout: ChunkedLayout;
  readonly filters: readonly Filter[];
  /** Throws CheckpointError where their list is damaged. */
  chunks(): readonly Chunk[];
}

/** Bytes that all datasets of a file may claim together: no two share any, so there cannot be more than the file has. */
export interface DatasetBudget {
  /** Of elements that lie in the file as they are. */
  stored: number;
  /** Of elements that are put together from chunks, or were never written. */
  decoded: number;
}

export function datasetBudget(source: ByteSource): DatasetBudget {
  return { stored: source.length, decoded: source.length * limits.inflateRatio + limits.inflateFreely };
}

/** Whether an object is a dataset. */
export function isDataset(header: ObjectHeader): boolean {
  return header.has(messageType.layout);
}

/**
 * Finds the elements of a dataset, or says why they are not read.
 *
 * @param failed makes the error that reading a damaged chunk throws
 */
export function readDataset(
  file: Hdf5File,
  header: ObjectHeader,
  budget: DatasetBudget,
  largeTensors: boolean,
  failed: (fault: Hdf5Fault) => Error,
): Dataset | string {
  if (header.has(messageType.externalFiles)) return 'its elements lie in other files, which are not opened';
  const [typeMessage, spaceMessage, layoutMessage] = [
    header.first(messageType.datatype),
    header.first(messageType.dataspace),
    header.first(messageType.layout),
  ];
  if (typeMessage === undefined || spaceMessage === undefined || layoutMessage === undefined) {
    return 'it has no element type, shape or place';
  }
  const type = readDatatype(typeMessage);
  if (type.kind !== 'number') {
    return `its elements are ${type.kind === 'other' ? type.description : 'texts'}, which are not read`;
  }
  const shape = readDataspace(spaceMessage);
  if (shape === undefined) return 'it has no elements';
  const { dtype, littleEndian } = type;
  const view = { dtype, shape, stride: contiguousStride(shape), byteOffset: 0, littleEndian };
  const size = elementCount(shape) * type.size;
  const checked = (storage: ByteSource, runs: Dataset['runs'], filtered?: FilteredDataset): Dataset | string =>
    viewProblem(view, storage.length, largeTensors) ?? { view, storage, runs, filtered };

  const layout = readLayout(layoutMessage);
  if (layout.kind === 'unread') return layout.reason;
  if (layout.kind === 'contiguous' && layout.address !== undefined && size > 0) {
    const { address } = layout;
    if (layout.size < size) return `it needs ${size} bytes where there are ${layout.size}`;
    if (!(address + size <= file.source.length)) return 'its elements run past the end of the file';
    if (!(size <= budget.stored)) return 'it shares elements with other datasets';
    budget.stored -= size;
    const run = { offset: address, from: 0, count: elementCount(shape) };
    const storage = section(file.source, address, address + size);
    const isSealed = layout.isCompact === true && header.isChecked;
    return checked(storage, () => (isSealed ? 'its elements lie in a header with a checksum' : [run]));
  }
  if (!(size <= Math.min(budget.decoded, limits.tensorSpan))) return 'it claims more elements than the file can hold';
  const fillMessage = header.first(messageType.fillValue);
  const fill = fillMessage && readFillValue(fillMessage);
  if (fill !== undefined && fill.length > 0 && fill.length !== type.size) return 'its fill value has another size';
  if (layout.kind === 'contiguous') {
    budget.decoded -= size;
    const nothing: ChunkedLayout = {
      kind: 'chunked',
      index: 'implicit',
      address: undefined,
      chunk: shape.map(() => 1),
      elementSize: type.size,
    };
    const storage = decodedSource(size, () => joinedChunks(file, [], nothing, shape, [], fill));
    return checked(storage, () => (size === 0 ? [] : 'its elements were never written'));
  }

  const filterMessage = header.first(messageType.filters);
  const filters = filterMessage === undefined ? [] : readFilters(filterMessage);
  const problem = filterProblem(filters);
  if (problem !== undefined) return problem;
  if (layout.chunk.length !== shape.length || layout.elementSize !== type.size)
    return 'its chunks are of another shape';
  const count = chunkCount(shape, layout.chunk);
  if (count > mostChunks) return 'it has more chunks than are read';
  // Chunks are unpacked whole, however little of them is used.
  const unpacked = count * elementCount(layout.chunk) * type.size;
  if (!(unpacked <= Math.min(budget.decoded, limits.tensorSpan))) return 'its chunks are larger than the file can hold';
  budget.decoded -= unpacked;
  const listed = <T>(use: (chunks: readonly Chunk[]) => T): T => {
    try {
      return use(chunksOf(file, layout, shape, filters.length > 0));
    } catch (error) {
      throw error instanceof Hdf5Fault ? failed(error) : error;
    }
  };
  const storage = decodedSource(size, () =>
    listed((chunks) => joinedChunks(file, chunks, layout, shape, filters, fill)),
  );
  if (filters.length === 0) return checked(storage, () => listed((chunks) => chunkRuns(chunks, layout, shape)));
  const filtered = { file, layout, filters, chunks: () => listed((chunks) => chunks) };
  return checked(storage, () => 'its elements are compressed or have checksums', filtered);
}
