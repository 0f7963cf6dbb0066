import type { ByteSource } from './byteSource';
import { wholeOf } from './byteSource';
import { CodeInspector } from './codeInspector';
import type { CodeInspection } from './codeInspector';
import { containerKind } from './containerKind';
import { looksLikeHdf5 } from './hdf5/superblock';
import { limits } from './limits';
import { looksLikeNpy } from './numpy/header';
import { looksLikeOnnx } from './onnx/model';

export type { CodeInspection } from './codeInspector';

/** Bytes that tell these formats apart. */
const headLength = 64;

/**
 * Lists what loading a file would import and call, in every pickle stream in it: of PyTorch's zip and older formats, plain
 * pickles, streams inside other streams, and bytes that loaders skip. Nothing is executed. Never throws: what was found
 * before a stream broke is reported, with an anomaly that says where it broke.
 */
export function inspectCode(bytes: Uint8Array, file: string): CodeInspection {
  return new CodeInspector(file).inspectFile(bytes);
}

/**
 * The same of a file that is too large to be read whole: its headers, its pickles and whatever lies between entries,
 * but not its weights, whose checksums are not compared. A file of no known container of which a long part is to be searched
 * is read whole, or only the first `limits.streamBytes` of that part where the file is larger than `limits.wholeFile`. Throws
 * what reading the source throws.
 */
export function inspectCodeByRanges(source: ByteSource, file: string): CodeInspection {
  const kind = containerKind(source);
  const head = source.subarray(0, headLength);
  const hasHeaders = looksLikeNpy(head) || looksLikeHdf5(head) || looksLikeOnnx(source);
  const hasContainer = kind !== 'other' || hasHeaders;
  const inspector = new CodeInspector(file, isReadAnyway);
  const inspection = inspector.inspectFile(source);
  const isAll = hasContainer || !inspector.leavesSome || source.length > limits.wholeFile;
  return isAll ? inspection : inspectCode(wholeOf(source), file);
}

/** Whether an entry is no more than what is read of a large file in any case. */
export function isReadAnyway(name: string, size: number): boolean {
  return /\.(pkl|pickle)$/i.test(name) || size <= limits.checkedEntry;
}
