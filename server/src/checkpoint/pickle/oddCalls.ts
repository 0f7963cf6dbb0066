/** Calls of things that are known to be harmless, with arguments by which they are not. */

import { isLatin1 } from './arguments';
import { dtypeProblem } from './numpyTypes';
import type { PickleObject, PickleValue } from './values';
import { GlobalReference } from './values';

/** Takes bytes for elements of any type, objects too, where nobody made an array of them before: no array is pickled so. */
const overMemory = /^numpy\.(?:ndarray|(?:rec\.)?recarray)$/;

/** Calls what it is given, and may restore what comes out. */
const caller = /^(?:copyreg|copy_reg)\.(?:__newobj__|_reconstructor)$|^torch\._?tensor\._rebuild_from_type(?:_v2)?$/;

/** What is odd about a call, as a clause; undefined where nothing is. */
export function callProblem({ path }: GlobalReference, args: readonly PickleValue[]): string | undefined {
  if (path === '_codecs.encode' && !isLatin1(args)) return 'it makes bytes of a text in a way that hides them';
  if (overMemory.test(path)) return `it calls ${path}, which may take stored bytes for addresses in memory`;
  if (!caller.test(path)) return undefined;
  // What NumPy has is looked at where the stream calls it itself.
  const [called, base] = args;
  const isNumpy = [called, base].some((one) => one instanceof GlobalReference && one.module.startsWith('numpy'));
  return called instanceof GlobalReference && !isNumpy ? undefined : `it has ${path} call what is not looked at`;
}

/** The same of what is restored from a state, the last that it was given. */
export function stateProblem(target: PickleObject): string | undefined {
  const { path = '' } = target;
  if (path === 'logging.getLogger') return 'it changes a logger, for the whole process that loads it';
  return path === 'numpy.dtype' || path.startsWith('numpy.dtypes.') ? dtypeProblem(target) : undefined;
}
