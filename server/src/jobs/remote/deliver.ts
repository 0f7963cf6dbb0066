import path from 'node:path';
import type { PurifyReport } from '../../../../protocol/reports';
import { sha256OfModelBytes } from '../hashFile';
import { purifyCommandLine } from '../purifyCommandLine';
import { purifyInputs } from '../purifyInputs';
import type { PurifyTask } from '../tasks';
import { writeFolder } from '../writeFolder';
import { checkTarget, OutputError, writeTogether, writeWhole, type WriteOptions } from '../writeWhole';
import type { OutputFile, RemoteTask } from './message';

/** A file that came back, with what is in it. */
export type DeliveredFile = OutputFile & { readonly content: Uint8Array };

/**
 * Finds out before a job is asked for whether what it writes can be written.
 *
 * @throws OutputError
 */
export async function requireTargets(task: RemoteTask): Promise<void> {
  if (task.kind !== 'purify') return;
  const writing = await writingOf(task);
  await checkTarget(task.output, writing);
  if (task.report !== undefined) await checkTarget(task.report, { ...writing, otherOutputs: [task.output] });
}

/**
 * Writes what a job wrote elsewhere to where it was asked for, whole or not at all.
 *
 * @param task as it was asked for
 * @param result what the job found out, with the paths of this machine
 * @returns the result as the same job would have had it here
 * @throws OutputError; nothing is written then
 */
export async function deliver(task: RemoteTask, result: unknown, files: readonly DeliveredFile[]): Promise<unknown> {
  if (task.kind === 'purify') return deliverPurified(task, result as PurifyReport, files);
  if (task.kind === 'grid' && task.step === 'train') await deliverFolder(task.folder, files);
  return result ?? undefined;
}

async function deliverPurified(
  task: PurifyTask,
  result: PurifyReport,
  files: readonly DeliveredFile[],
): Promise<PurifyReport> {
  const writing = await writingOf(task);
  const folder = path.dirname(task.output);
  const order = [...files].sort((a, b) => Number(isMain(a, task)) - Number(isMain(b, task)));
  const main = order.find((file) => isMain(file, task));
  if (main === undefined) throw new OutputError(task.output, 'the worker that purified it sent no file of this name');
  // The files came by their hashes, and are what they say.
  const hashes = new Map(files.map(({ name, sha256 }) => [name, sha256]));
  if (sha256OfModelBytes(main.content, task.output, (name) => hashes.get(name) ?? '') !== result.receipt.outputSha256) {
    throw new OutputError(task.output, 'the worker that purified it sent a file that its report is not of');
  }
  // Quoting depends on the paths, so the line cannot travel.
  const report = { ...result, commandLine: purifyCommandLine(task, result.settings) };
  await writeTogether(
    task.output,
    order.map(({ name, content }) => [path.join(folder, ...name.split('/')), content] as const),
    writing,
  );
  if (task.report !== undefined) {
    const text = `${JSON.stringify(report, null, 2)}\n`;
    await writeWhole(task.report, text, { ...writing, otherOutputs: [task.output] });
  }
  return report;
}

function isMain({ name }: OutputFile, { output }: PurifyTask): boolean {
  return name === path.basename(output);
}

async function deliverFolder(folder: string, files: readonly DeliveredFile[]): Promise<void> {
  const before = `${path.basename(folder)}/`;
  const own = files.filter(({ name }) => name.startsWith(before));
  try {
    await writeFolder(folder, new Map(own.map(({ name, content }) => [name.slice(before.length), content])));
  } catch (error) {
    // Another process that was after the same has put it there meanwhile.
    if (!(error instanceof OutputError) || error.code !== 'ENOTEMPTY') throw error;
  }
}

async function writingOf(task: PurifyTask): Promise<WriteOptions> {
  return { overwrite: task.overwrite, protect: await purifyInputs(task) };
}
