import path from 'node:path';
import { modelEnding } from '../../protocol/model';

/** `model.pt` -> `model.purified.pt`: beside the original, in the same format. */
export function suggestedOutputName(modelName: string): string {
  const { name, ending } = partsOf(modelName);
  return `${name}.purified${ending}`;
}

/** The first of `model.purified-2.pt`, `model.purified-3.pt`, ... that is not taken. */
export function nextOutputName(outputName: string, taken: ReadonlySet<string>): string {
  const { name, ending } = partsOf(outputName);
  const stem = name.replace(/-\d+$/, '');
  for (let number = 2; ; number++) {
    const candidate = `${stem}-${number}${ending}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** Endings of what is written as a new file of the tensors, whatever the original is. */
const newFiles = ['.safetensors', '.pt'];

/** What is wrong with an output name, or nothing. The file goes into the model's folder. */
export function outputNameProblem(outputName: string, modelName: string): string | undefined {
  const name = outputName.trim();
  if (name === '') return 'Type a file name.';
  if (/[\\/]/.test(name) || name === '.' || name === '..') return 'Type a file name without a folder.';
  if (name.toLowerCase() === modelName.toLowerCase())
    return 'The original model is never replaced: choose another name.';
  const ending = partsOf(modelName).ending.toLowerCase();
  if (![ending, ...newFiles].includes(partsOf(name).ending.toLowerCase())) {
    return `The name must end in ${ending}, so that the format stays the same, or in ${newFiles.join(' or ')}`;
  }
  return undefined;
}

/** A name and its ending, which for models of several files has a dot in it. */
function partsOf(fileName: string): { readonly name: string; readonly ending: string } {
  const ending = modelEnding(fileName) ?? path.posix.extname(fileName);
  return { name: fileName.slice(0, fileName.length - ending.length), ending };
}
