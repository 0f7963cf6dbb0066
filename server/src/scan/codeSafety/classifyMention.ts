/** The levels of code that is no import of a pickle. */

import type { CodeMention, MentionKind } from '../../checkpoint/code/codeMention';
import type { CodeSafety } from './classifyGlobal';
import { reachesFiles } from '../../checkpoint/code/torchScriptCode';
import { dangerousReason } from './knownDangerous';

interface MentionClassification {
  readonly level: Exclude<CodeSafety, 'safe'>;
  /** What it does, continuing "NAME ...". */
  readonly reason: string;
  /** What to do about it. */
  readonly advice: string;
}

const keras =
  'Do not load this file with Keras, and never with safe_mode=False or enable_unsafe_deserialization(). HDF5 files (.h5) have no safe mode before Keras 3.11.3.';
const torchScript = 'Do not load this file with torch.jit.load, nor with a torch.load that falls back to it.';
const onnx = 'Run this model only with operator libraries from a source you trust.';

const kinds: Readonly<Record<MentionKind, MentionClassification>> = {
  'keras-bytecode': {
    level: 'dangerous',
    reason: 'is Python code kept in the file, which Keras runs with the rights of whoever loads or calls the model',
    advice: keras,
  },
  'keras-pickle': {
    level: 'dangerous',
    reason: 'unpickles a PyTorch module kept in the file, which can run anything',
    advice: keras,
  },
  'keras-path': {
    level: 'dangerous',
    reason: 'reads a file or address that the model names, when it is loaded',
    advice: keras,
  },
  'keras-object': {
    level: 'unknown',
    reason:
      'is no class or function of Keras that only builds a model: loading takes it from whatever module has this name',
    advice: keras,
  },
  'python-source': {
    level: 'unknown',
    reason: 'is Python code in an archive, which torch.package and others run with the rights of whoever loads it',
    advice: 'Load this file with torch.load(weights_only=True) or not at all, and read its code first.',
  },
  'torchscript-operator': {
    level: 'unknown',
    reason: 'is an operator of a native library outside of PyTorch, which the loading program has to bring',
    advice: torchScript,
  },
  'onnx-operator': {
    level: 'unknown',
    reason: 'is an operator that ONNX does not define: a library that is loaded beside the model computes it',
    advice: onnx,
  },
  'onnx-path': {
    level: 'dangerous',
    reason: 'makes the loading program read a file outside of the folder of the model',
    advice:
      'Do not load this model: its numbers would come from files of your machine, and may leave with its outputs.',
  },
  'onnx-memory': {
    level: 'dangerous',
    reason: 'makes the loading program take numbers of the file for addresses in its memory',
    advice: 'Do not load this model with ONNX Runtime or OpenVINO: no exporter writes such a thing.',
  },
  'hdf5-path': {
    level: 'unknown',
    reason: 'makes the loading program read another file as part of this one, which may be any file of your machine',
    advice:
      'Load this file only where nothing is kept that must not leave with a model; Keras refuses such files since 3.13.2.',
  },
};

/** Level, reason and advice of one mention; nothing that is mentioned is known to be safe. */
export function classifyMention({ kind, name }: CodeMention): MentionClassification {
  const general = kinds[kind];
  if (kind === 'keras-object') {
    const reason = dangerousReason(name.slice(0, Math.max(0, name.lastIndexOf('.'))), name);
    if (reason !== undefined) return { ...general, level: 'dangerous', reason };
  }
  if (kind === 'torchscript-operator' && !name.startsWith('torch.classes.') && reachesFiles(name)) {
    return {
      ...general,
      level: 'dangerous',
      reason: 'reads or writes a file, or loads a native library, when the model runs',
    };
  }
  return general;
}
