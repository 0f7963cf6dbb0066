import path from 'node:path';

/** `model.pt` -> `model.purified.pt`: beside the original, in the same format. */
export function suggestedOutputName(modelName: string): string {
  const { name, ext } = path.posix.parse(modelName);
  return `${name}.purified${ext}`;
}

/** What is wrong with an output name, or nothing. The file goes into the model's folder. */
export function outputNameProblem(outputName: string, modelName: string): string | undefined {
  const name = outputName.trim();
  if (name === '') return 'Type a file name.';
  if (/[\\/]/.test(name) || name === '.' || name === '..') return 'Type a file name without a folder.';
  if (name.toLowerCase() === modelName.toLowerCase())
    return 'The original model is never replaced: choose another name.';
  const extension = path.posix.extname(modelName);
  if (path.posix.extname(name).toLowerCase() !== extension.toLowerCase()) {
    return `The format stays the same: the name must end in ${extension}`;
  }
  return undefined;
}
