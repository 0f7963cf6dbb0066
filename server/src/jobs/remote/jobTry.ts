import { promisify } from 'node:util';
import { gzip as gzipWithCallback } from 'node:zlib';
import type { Redis } from 'ioredis';
import type { JobProgress } from '../../../../protocol/reports';
import type { JobExecutor } from '../executor';
import { JobError } from '../messages';
import type { ContentStore } from './contentStore';
import { JobFolder, type JobPlaces } from './jobFolder';
import { keptFor, outcomeKey } from './keys';
import type { JobMessage, JobOutcome, OutputFile } from './message';

const gzip = promisify(gzipWithCallback);

/** What a worker has to do jobs with. */
export interface Workshop {
  /** Does jobs, in processes that may die. */
  readonly executor: JobExecutor;
  readonly places: JobPlaces;
  readonly client: Redis;
  readonly content: ContentStore;
}

interface Trying {
  readonly signal: AbortSignal;
  readonly progress: (progress: JobProgress) => void;
  /** Has the server take something, however long that takes. */
  readonly taken: <T>(work: () => Promise<T>) => Promise<T>;
}

/** What a job came to, and where the files lie that it wrote. */
interface Made {
  readonly outcome: JobOutcome;
  readonly written: readonly { readonly file: OutputFile; readonly path: string }[];
}

/**
 * Does a job and keeps its outcome in the queue.
 *
 * @throws what the executor throws, but for errors that are the job's outcome; what `JobFolder.open` throws
 */
export async function tryJob(id: string, message: JobMessage, workshop: Workshop, trying: Trying): Promise<void> {
  const folder = await JobFolder.open(message, workshop.places);
  try {
    const made = await make(folder, workshop.executor, trying);
    await folder.requireUnchanged();
    const kept = await gzip(JSON.stringify(folder.withoutPaths(made.outcome)));
    await trying.taken(() => keep(id, made, kept, workshop));
  } finally {
    await folder.remove();
  }
}

async function make(folder: JobFolder, executor: JobExecutor, { signal, progress }: Trying): Promise<Made> {
  try {
    const result = await executor.run(folder.task, { signal, progress });
    const written = await folder.written();
    return { outcome: { kind: 'done', result, files: written.map(({ file }) => file) }, written };
  } catch (error) {
    // That this worker cannot write what is to be written is nothing of the job's.
    if (!(error instanceof JobError) || (error.name === 'OutputError' && error.fields.code !== undefined)) throw error;
    const { name, message, fields } = error;
    return { outcome: { kind: 'error', error: { name, message, fields } }, written: [] };
  }
}

/** Files first: where the outcome is there, so are they. What another worker has kept before stands. */
async function keep(id: string, { written }: Made, outcome: Buffer, { client, content }: Workshop): Promise<void> {
  const from = new Map(written.map(({ file, path }) => [file.sha256, path]));
  for (const sha256 of await content.claim(id, [...from.keys()])) await content.put(sha256, from.get(sha256)!);
  await client.set(outcomeKey(id), outcome, 'EX', keptFor, 'NX');
}
