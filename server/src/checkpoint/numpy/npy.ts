import type { ByteSource } from '../byteSource';
import { CheckpointError } from '../checkpoint';
import type { CheckpointFormat } from '../checkpointFormat';
import { noExtras } from '../checkpointFormat';
import { placedTensor, rewriteInPlace } from '../placed';
import { looksLikeNpy, NpyFault, readNpyHeader } from './header';
import type { NpyArray } from './header';

/** What the one tensor of an npy file is called, as the file names none. */
const arrayName = 'array';

/** https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html: one array. */
export const npy: CheckpointFormat = {
  id: 'numpy',

  matches: ({ head }) => looksLikeNpy(head),

  open(source, { file, largeTensors }) {
    const { view } = readArray(source, file, largeTensors);
    const isRead = typeof view !== 'string';
    return {
      format: 'numpy',
      tensors: new Map(isRead ? [[arrayName, placedTensor(arrayName, view, source)]] : []),
      unread: new Map(isRead ? [] : [[arrayName, view]]),
      wrapper: '',
      globals: [],
      anomalies: [],
      metadata: {},
      extras: noExtras,
    };
  },

  rewrite(bytes, replacements, { file, largeTensors }) {
    const { view } = readArray(bytes, file, largeTensors);
    const placed = new Map(typeof view === 'string' ? [] : [[arrayName, view]]);
    return { bytes: rewriteInPlace(bytes, placed, replacements, file), beside: new Map() };
  },
};

function readArray(source: ByteSource, file: string, largeTensors: boolean): NpyArray {
  try {
    return readNpyHeader(source, largeTensors);
  } catch (error) {
    if (error instanceof NpyFault) throw new CheckpointError(file, error.reason, error.offset);
    throw error;
  }
}
