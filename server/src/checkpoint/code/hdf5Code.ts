/** Parts of an HDF5 file that lie in other files: whoever opens it reads those, wherever they are. */

import type { Hdf5Contents } from '../hdf5/contents';
import type { CodeMention } from './codeMention';

/** Datasets with external storage and links to other files, by their paths. */
export function hdf5Mentions({ unread }: Hdf5Contents, entry: string): CodeMention[] {
  const elsewhere = [...unread].filter(([, reason]) => /\bother files?\b/.test(reason));
  return elsewhere.map(([path]): CodeMention => ({ kind: 'hdf5-path', name: 'external_storage', entry, detail: path }));
}
