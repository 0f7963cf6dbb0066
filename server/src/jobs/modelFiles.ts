import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { modelEnding } from '../../../protocol/model';
import { CheckpointError } from '../checkpoint/checkpoint';
import { filesBeside } from '../checkpoint/formats';
import { mayBeModel } from '../checkpoint/mayBeModel';
import { FileSource } from './fileSource';

/** Endings of files that may be a part of a model; what names them ends in `.json`. */
const parts: ReadonlySet<string> = new Set(['.bin', '.safetensors']);
/** Endings under which people keep anything. */
const anything: ReadonlySet<string> = new Set(['.bin', '.json']);

/** Whether a file is named like a checkpoint. */
export function isModelName(file: string): boolean {
  return modelEnding(path.basename(file)) !== undefined;
}

/**
 * Whether a file that is named like a model is one to look at by itself. Where names say little the content decides, and
 * a file that belongs to a model of several is part of that.
 *
 * @param file an absolute path
 */
export async function isModelFile(file: string): Promise<boolean> {
  if (!isModelName(file)) return false;
  if (anything.has(path.extname(file).toLowerCase()) && !(await contentMayBeModel(file))) return false;
  return (await modelOf(file)) === undefined;
}

/** The model of several files that a file is a part of, by what the model says; undefined where it is none. */
export async function modelOf(file: string): Promise<string | undefined> {
  const { dir, base, ext } = path.parse(file);
  if (!parts.has(ext.toLowerCase())) return undefined;
  const names = await readdir(dir).catch((): string[] => []);
  for (const name of names.filter((one) => modelEnding(one)?.toLowerCase().endsWith('json'))) {
    const model = path.join(dir, name);
    if ((await partsOf(model)).includes(base)) return model;
  }
  return undefined;
}

/** Names of the other files of a model of several; none of one that cannot be read. */
export async function partsOf(model: string): Promise<readonly string[]> {
  try {
    return await FileSource.with(model, (source) => filesBeside(source, model));
  } catch (error) {
    if (error instanceof CheckpointError) return [];
    throw error;
  }
}

/** A file that cannot be read counts: the scan says why. */
async function contentMayBeModel(file: string): Promise<boolean> {
  try {
    return await FileSource.with(file, (source) => mayBeModel(source, file));
  } catch (error) {
    if (error instanceof CheckpointError) return true;
    throw error;
  }
}
