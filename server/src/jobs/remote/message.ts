/** What goes through a queue, as plain data: a job, and what came of it. */
import type { CurvePoint, JobProgress } from '../../../../protocol/reports';
import type { ErrorData } from '../messages';
import type { GridTask } from '../grid/gridTask';
import type { Task } from '../tasks';

/** Jobs that can be done elsewhere: those that take time, and need nothing but their files. */
export type RemoteTask = Task | GridTask;

/** A file by its content. */
export interface ContentFile {
  /** Path below its folder, with `/` between names. */
  readonly name: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** A folder that a job reads from. */
export interface InputFolder {
  /** Its name without what is before it, where the job may speak of it. */
  readonly name: string;
  /** Absolute path at the asker's, where workers see it as well; absent where its files travel through the queue. */
  readonly at?: string;
  /** The files that the job reads. */
  readonly files: readonly ContentFile[];
}

/** A job as it waits in the queue. */
export interface JobMessage {
  /** Paths in it are places (`places.ts`): each in one of the folders below, or in one for what is written. */
  readonly task: RemoteTask;
  readonly inputs: readonly InputFolder[];
  /** Number of folders that the job writes to. */
  readonly outputs: number;
}

/** SHA-256 of the files of a job that travel through the queue, each once. */
export function travelledOf({ inputs }: JobMessage): string[] {
  const files = inputs.filter(({ at }) => at === undefined).flatMap((folder) => folder.files);
  return [...new Set(files.map(({ sha256 }) => sha256))];
}

/** A file that a job wrote. */
export interface OutputFile extends ContentFile {
  /** Number of the folder that it was written to. */
  readonly folder: number;
}

/** What came of a job that was done: also that its input is at fault, which another try would find as well. */
export type JobOutcome =
  | { readonly kind: 'done'; readonly result: unknown; readonly files: readonly OutputFile[] }
  | { readonly kind: 'error'; readonly error: ErrorData };

/** How far a job is. */
export type SentProgress = Omit<JobProgress, 'waits' | 'curve'> & {
  readonly curve?: undefined;
  /** Points since the last time, oldest first. */
  readonly points?: readonly CurvePoint[];
};
