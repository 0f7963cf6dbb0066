/** Which files may come back from a job: those that it was asked to write. Whoever does it may be anybody. */
import path from 'node:path';
import { factsFile, modelFile, triggerFile } from '../grid/modelFolderFiles';
import { purifyOutputs } from '../purifyOutputs';
import type { OutputFile, RemoteTask } from './message';

/** Bytes that a job may write in all: whoever asked holds them in memory. */
export const mostWrittenBytes = 2 ** 30;

/** Whether files are of those that a job was asked to write, each once, and not too large together. */
export async function areAskedFor(task: RemoteTask, files: readonly OutputFile[]): Promise<boolean> {
  if (files.length === 0) return true;
  const asked = new Set(await namesOf(task));
  return (
    files.reduce((sum, { bytes }) => sum + bytes, 0) <= mostWrittenBytes &&
    // What was seen is not asked for again.
    files.every(({ folder, name }) => folder === 0 && asked.delete(name))
  );
}

/** Below the first output folder, with `/` between names. */
async function namesOf(task: RemoteTask): Promise<readonly string[]> {
  if (task.kind === 'purify') return (await purifyOutputs(task)).map((file) => path.basename(file));
  if (task.kind !== 'grid' || task.step !== 'train') return [];
  const folder = path.basename(task.folder);
  return [modelFile, triggerFile, factsFile].map((name) => `${folder}/${name}`);
}
