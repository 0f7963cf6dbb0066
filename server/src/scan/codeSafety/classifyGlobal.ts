/** The three levels of an imported callable. */

import type { PickleGlobal } from '../../checkpoint/checkpoint';
import { computedModule } from '../../checkpoint/pickle/importLog';
import { canonicalPath } from './canonicalPath';
import { dangerousReason } from './knownDangerous';
import { safeReason } from './knownSafe';

export type CodeSafety = 'dangerous' | 'unknown' | 'safe';

export interface Classification {
  readonly level: CodeSafety;
  /** What it does, continuing "NAME ...". */
  readonly reason: string;
}

/** `torch.relu` and its like pickle as a lookup by name among PyTorch's own functions. */
const torchFunctionLookup =
  /^torch\._C\.(_VariableFunctionsClass|_VariableFunctions|_?TensorBase), "(?!from_file")[a-z]\w*"$/;

/** What is not known to be safe, and deserves more than the general words. Prefixes of full paths, the first match counts. */
const remarks: readonly (readonly [prefix: string, reason: string])[] = [
  [
    '__main__.',
    'is a class of the script that saved the whole model; loading runs whatever the loading program has under this name',
  ],
  ['__torch__.torch.classes.', 'is a class of a native library that the loading program has to bring'],
  ['__torch__.', 'is a class of TorchScript, but in a file that has no code of TorchScript'],
  [
    'torch_geometric.',
    'belongs to PyTorch Geometric; its classes are made for whole-model files, and some generate code when constructed',
  ],
  ['torch.storage._load_from_bytes', 'unpickles a storage kept inside the pickle, which was looked into as well'],
  ['joblib.numpy_pickle.', 'reads an array from another file, by a name that stands here, and may unpickle it'],
  ['copyreg._inverted_registry', 'is an extension number that only the loading program can resolve'],
  ['functools.', 'calls whatever function it is given'],
  ['itertools.', 'calls whatever function it is given'],
  ['operator.', 'calls whatever operator it is given'],
  ['_operator.', 'calls whatever operator it is given'],
  ['builtins.map', 'calls whatever function it is given'],
  ['builtins.filter', 'calls whatever function it is given'],
  ['torch.', 'is part of PyTorch, but not of what a state dict needs'],
  ['numpy.', 'is part of NumPy, but not of what an array needs'],
];

/** Level and reason of one import. What is on no list is unknown, never safe. */
export function classifyGlobal(imported: PickleGlobal): Classification {
  const { insteadOf } = imported;
  if (insteadOf === undefined) return classified(imported);
  // Files of joblib read so with pickle.load, and names of what is cut off from their middle: no such module has the name.
  const isMeantWell = classified({ ...imported, module: insteadOf }).level === 'safe';
  const read = classified(imported);
  if (!isMeantWell && read.level === 'dangerous') return read;
  return { level: 'safe', reason: 'is a name that is not found there' };
}

function classified(imported: PickleGlobal): Classification {
  if (imported.module === computedModule) {
    return { level: 'dangerous', reason: 'is computed while loading, which hides what is imported' };
  }
  const { module, path } = canonicalPath(imported.module, imported.name);
  const safe = safeReason(path, imported.entry);
  if (safe !== undefined) return { level: 'safe', reason: safe };
  if (path === 'builtins.getattr' && torchFunctionLookup.test(imported.argumentsText ?? '')) {
    return { level: 'unknown', reason: 'looks up a function of PyTorch by its name' };
  }
  const dangerous = dangerousReason(module, path);
  if (dangerous !== undefined) return { level: 'dangerous', reason: dangerous };
  const remark = remarks.find(([prefix]) => path.startsWith(prefix))?.[1];
  return { level: 'unknown', reason: remark ?? 'is not known here; importing it runs the code of its module' };
}
