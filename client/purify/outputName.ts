import path from 'node:path';

/** `model.pt` -> `model.purified.pt`: beside the original, in the same format. */
export function suggestedOutputName(modelName: string): string {
  const { name, ext } = path.posix.parse(modelName);
  return `${name}.purified${ext}`;
}

/** The first of `model.purified-2.pt`, `model.purified-3.pt`, ... that is not taken. */
export function nextOutputName(outputName: string, taken: ReadonlySet<string>): string {
  const { name, ext } = path.posix.parse(outputName);
  const stem = name.replace(/-\d+$/, '');
  for (let number = 2; ; number++) {
    const candidate = `${stem}-${number}${ext}`;
    if (!taken.has(candidate)) return candidate;
  }
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
