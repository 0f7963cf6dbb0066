/** Dataspace messages: shapes. */

import { limits } from '../limits';
import type { Cursor } from './cursor';
import { Hdf5Fault } from './fault';

/** Sizes of a dataset or attribute; none for a single value, undefined where there is no value at all. */
export function readDataspace(cursor: Cursor): number[] | undefined {
  const version = cursor.version('a dataspace', 1, 2);
  const count = cursor.uint8();
  cursor.skip(1);
  const kind = cursor.uint8();
  if (version === 1) cursor.skip(4);
  if (version === 2 && kind === 2) return undefined;
  if (count > limits.tensorDimensions) throw new Hdf5Fault(`it has ${count} dimensions`, cursor.position);
  return Array.from({ length: count }, () => cursor.length());
}
