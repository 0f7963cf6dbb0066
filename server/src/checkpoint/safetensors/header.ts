/** The safetensors header: 8 bytes of length, then JSON. Every byte after it belongs to exactly one tensor. */

import type { ByteSource } from '../byteSource';
import type { DType } from '../checkpoint';
import { CheckpointError } from '../checkpoint';
import { elementSize } from '../dtypes';
import { limits } from '../limits';
import { isJsonObject, parseJson } from '../parseJson';
import { elementCount } from '../stridedView';

/** Element types by their name in the format. */
export const safetensorsDTypes: Readonly<Record<string, DType>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U8: 'uint8',
  BOOL: 'bool',
};

export interface SafetensorsEntry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** First byte, and first byte after, in the file. */
  readonly start: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  /** In the order of their bytes. */
  readonly entries: readonly SafetensorsEntry[];
  /** Tensors of an element type that is not read, with the reason. */
  readonly unread: ReadonlyMap<string, string>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes of header that the format allows. */
const longestHeader = 100_000_000;

/** Whether `bytes` start as a safetensors file does, cut off or not. */
export function looksLikeSafetensors(bytes: Uint8Array): boolean {
  return bytes.length > 8 && bytes[8] === '{'.charCodeAt(0) && headerLength(bytes) <= longestHeader;
}

/** Reads and checks the header. Throws CheckpointError for anything the format does not allow. */
export function readHeader(source: ByteSource, file: string): SafetensorsHeader {
  const fail = (reason: string) => new CheckpointError(file, `the safetensors header is damaged: ${reason}`);
  if (source.length < 8) throw fail('the file is shorter than the length of its header');
  const length = headerLength(source.subarray(0, 8));
  const dataStart = 8 + length;
  if (length > limits.safetensorsHeader) throw fail(`its length ${length} is more than is read`);
  if (dataStart > source.length) throw fail(`its length ${length} is more than the file has`);
  const { __metadata__: metadata, ...tensors } = parseHeader(source.subarray(8, dataStart), fail);

  const described: (DescribedEntry & { readonly name: string })[] = [];
  for (const [name, description] of Object.entries(tensors)) {
    const entry = readEntry(description, dataStart);
    if (typeof entry === 'string') throw fail(`tensor ${JSON.stringify(name)}: ${entry}`);
    described.push({ name, ...entry });
  }
  described.sort((a, b) => a.start - b.start || a.end - b.end);
  // A key that occurs twice leaves a hole behind, as JSON keeps the last.
  let covered = dataStart;
  for (const { name, start, end } of described) {
    if (start !== covered) throw fail(`there is a hole or an overlap before tensor ${JSON.stringify(name)}`);
    covered = end;
  }
  if (covered !== source.length) throw fail(`its tensors end at byte ${covered} of ${source.length}`);

  const entries: SafetensorsEntry[] = [];
  const unread = new Map<string, string>();
  for (const { typeName, ...entry } of described) {
    const dtype = dtypeOf(typeName);
    if (dtype === undefined) unread.set(entry.name, `its element type ${JSON.stringify(typeName)} is not read`);
    else entries.push({ ...entry, dtype });
  }
  return { entries, unread, metadata: readMetadata(metadata, fail) };
}

/** A tensor whose element type may be unknown here. */
type DescribedEntry = Omit<SafetensorsEntry, 'name' | 'dtype'> & { readonly typeName: string };

function dtypeOf(typeName: string): DType | undefined {
  return Object.hasOwn(safetensorsDTypes, typeName) ? safetensorsDTypes[typeName] : undefined;
}

function headerLength(bytes: Uint8Array): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
}

function parseHeader(json: Uint8Array, fail: (reason: string) => CheckpointError): Record<string, unknown> {
  const header = parseJson(json, fail);
  if (!isJsonObject(header)) throw fail('it is no JSON object');
  return header;
}

function readEntry(description: unknown, dataStart: number): DescribedEntry | string {
  if (!isJsonObject(description)) return 'it is not described by an object';
  const { dtype: typeName, shape, data_offsets: offsets } = description;
  if (typeof typeName !== 'string') return 'its element type is no text';
  if (!isCounts(shape) || shape.length > limits.tensorDimensions) return 'its shape is no list of whole numbers';
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[1] < offsets[0]) {
    return 'its offsets are no pair of whole numbers in order';
  }
  const dtype = dtypeOf(typeName);
  const size = dtype && elementCount(shape) * elementSize[dtype];
  if (size !== undefined && offsets[1] - offsets[0] !== size) {
    return `its offsets span ${offsets[1] - offsets[0]} bytes, its shape needs ${size}`;
  }
  return { typeName, shape, start: dataStart + offsets[0], end: dataStart + offsets[1] };
}

function readMetadata(metadata: unknown, fail: (reason: string) => CheckpointError): Record<string, string> {
  if (metadata === undefined) return {};
  if (!isJsonObject(metadata)) throw fail('its metadata is no object');
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') throw fail(`its metadata ${JSON.stringify(key)} is no text`);
  }
  return metadata as Record<string, string>;
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
