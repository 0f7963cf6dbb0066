/** What the pool and its worker processes say to each other, one job at a time. */
import type { JobProgress } from '../../../protocol/reports';

export type ToWorker<Task = unknown> =
  | { readonly type: 'run'; readonly job: number; readonly task: Task }
  | { readonly type: 'cancel'; readonly job: number }
  /** How many threads it may use from now on; jobs that compute without a pause hear of it late. */
  | { readonly type: 'threads'; readonly threads: number };

export type FromWorker =
  | { readonly type: 'progress'; readonly job: number; readonly progress: JobProgress }
  | { readonly type: 'result'; readonly job: number; readonly result: unknown }
  | { readonly type: 'error'; readonly job: number; readonly error: ErrorData };

/** An error as plain data: what it says and the fields its class adds (file, offset, reason, code, ...). */
export interface ErrorData {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Turns anything thrown into plain data that survives the way to another process, or into JSON. */
export function errorData(error: unknown): ErrorData {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), fields: {} };
  const fields: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(error)) {
    const plain = plainValue(value);
    if (!['name', 'message', 'stack'].includes(key) && plain !== undefined) fields[key] = plain;
  }
  return { name: error.name, message: error.message, stack: error.stack, fields };
}

/** An error thrown by a job in a worker: name, message and fields are those of the original. */
export class JobError extends Error {
  readonly fields: ErrorData['fields'];
  /** Where it was thrown, in the worker. */
  readonly workerStack?: string;

  constructor(data: ErrorData) {
    super(data.message);
    this.name = data.name;
    this.fields = data.fields;
    this.workerStack = data.stack;
  }
}

function plainValue(value: unknown): unknown {
  try {
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined; // circular, or a BigInt: not plain data
  }
}
