import type { ByteSource } from '../byteSource';
import { wholeOf } from '../byteSource';
import { CheckpointError } from '../checkpoint';
import type { CheckpointFormat, FormatOptions } from '../checkpointFormat';
import { noExtras } from '../checkpointFormat';
import { limits } from '../limits';
import type { PickleRun } from '../pickle/machine';
import { runPickle } from '../pickle/machine';
import { newestProtocol, opcode } from '../pickle/opcodes';
import { rewriteInPlace } from '../placed';
import type { PickledTensors } from '../pytorch/pickledTensors';
import { findPickledTensors } from '../pytorch/pickledTensors';
import type { StridedView, ViewedTensor } from '../stridedView';
import { viewProblem, viewedTensor } from '../stridedView';
import { findArrays } from './pickledArrays';
import { PickledBytes } from './pickledBytes';
import { deflated, inflated, inflatedHead, looksLikeZlib } from './zlib';

/**
 * Plain pickles and files of joblib that hold NumPy arrays (dicts of them, lists, attributes of objects), or a state dict
 * or module of PyTorch. Nothing in them is run. Numbers lie inside of the pickle, where they are passed over; what is
 * compressed can only be read whole.
 */
export const pickle: CheckpointFormat = {
  id: 'pickle',

  matches: ({ kind, head }) =>
    kind === 'other' && (looksLikePickle(head) || (looksLikeZlib(head) && looksLikePickle(inflatedHead(head)))),

  open(source, options) {
    const { run, found } = openPickle(source, options);
    const tensors = new Map<string, ViewedTensor>();
    const unread = new Map(found.unread);
    for (const [name, { view, bytes }] of found.arrays) {
      const problem = viewProblem(view, bytes.length, options.largeTensors);
      if (problem === undefined) tensors.set(name, viewedTensor(name, view, bytes));
      else unread.set(name, problem);
    }
    return {
      format: 'pickle',
      tensors,
      unread,
      wrapper: found.wrapper,
      globals: run.imports.map((record) => ({ ...record, entry: '' })),
      anomalies: run.notes,
      metadata: {},
      extras: found.extras,
    };
  },

  /** Where numbers lie in the stream as they are; what was compressed is compressed again. */
  rewrite(bytes, replacements, options) {
    const { stream, found } = openPickle(bytes, options);
    const placed = new Map<string, StridedView>();
    for (const [name, array] of found.arrays) {
      if (array.bytes instanceof Uint8Array && array.bytes.buffer === stream.buffer) {
        const byteOffset = array.bytes.byteOffset - stream.byteOffset + array.view.byteOffset;
        placed.set(name, { ...array.view, byteOffset });
      } else if (replacements.has(name)) {
        const reason = 'its numbers are written as text (protocol 2): write the model as safetensors';
        throw new CheckpointError(options.file, `tensor ${JSON.stringify(name)} cannot be written back: ${reason}`);
      }
    }
    const rewritten = rewriteInPlace(stream, placed, replacements, options.file);
    return { bytes: looksLikeZlib(bytes) ? deflated(rewritten) : rewritten, beside: new Map() };
  },
};

/** Whether bytes begin as a pickle of protocol 2 or later. */
function looksLikePickle(head: Uint8Array): boolean {
  return head[0] === opcode.PROTO && head[1] >= 2 && head[1] <= newestProtocol;
}

interface OpenPickle<S extends ByteSource> {
  /** The file, or what it inflates to. */
  readonly stream: S | Uint8Array;
  readonly run: PickleRun;
  readonly found: PickledTensors;
}

function openPickle<S extends ByteSource>(source: S, { file }: FormatOptions): OpenPickle<S> {
  const stream = looksLikeZlib(source.subarray(0, 2)) ? inflated(compressed(source, file), file) : source;
  const run = runPickle(stream, 0, { left: limits.pickleOperations });
  if (run.fault !== undefined) {
    throw new CheckpointError(file, `the pickle cannot be followed: ${run.fault.reason}`, run.fault.offset);
  }
  const root = run.value ?? null;
  const bytes = new PickledBytes(stream, file);
  const found = findPickledTensors(root, bytes, file) ?? { ...findArrays(root, bytes), wrapper: '', extras: noExtras };
  if (found.arrays.size + found.unread.size === 0) {
    throw new CheckpointError(file, 'it is a plain pickle without NumPy arrays or tensors');
  }
  return { stream, run, found };
}

/** All of a compressed file. */
function compressed(source: ByteSource, file: string): Uint8Array {
  if (source.length > limits.wholeFile) throw new CheckpointError(file, 'it is compressed, and larger than is read');
  return wholeOf(source);
}
