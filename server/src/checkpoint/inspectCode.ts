import { CodeInspector } from './codeInspector';
import type { CodeInspection } from './codeInspector';

export type { CodeInspection } from './codeInspector';

/**
 * Lists what loading a file would import and call, in every pickle stream in it: of PyTorch's zip and older formats, plain
 * pickles, streams inside other streams, and bytes that loaders skip. Nothing is executed. Never throws: what was found
 * before a stream broke is reported, with an anomaly that says where it broke.
 */
export function inspectCode(bytes: Uint8Array, file: string): CodeInspection {
  return new CodeInspector(file).inspectFile(bytes);
}
