import { ErrorCodes, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { JobError } from '../jobs/messages';
import { JobCancelledError, WorkerCrashedError } from '../jobs/workerProcess';

/** What a failed request carries beside its message: the class of the error and its fields. */
export interface ErrorDetails {
  readonly name: string;
  readonly [field: string]: unknown;
}

/** Turns what a job throws into the answer to a request: in plain words, with the error's fields as data. */
export function toResponseError(error: unknown): ResponseError<ErrorDetails | void> {
  if (error instanceof ResponseError) return error as ResponseError<ErrorDetails>;
  if (error instanceof JobCancelledError) return new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled');
  if (error instanceof WorkerCrashedError) {
    const { name, exitCode, signal, output } = error;
    return new ResponseError(ErrorCodes.InternalError, capitalised(error.message), { name, exitCode, signal, output });
  }
  if (error instanceof JobError) {
    const { name, message, fields } = error;
    return new ResponseError(LSPErrorCodes.RequestFailed, message, { ...fields, name });
  }
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return new ResponseError(ErrorCodes.InternalError, message, { name });
}

/** An error for the log: what its class explains in plain words, and where it was thrown for one that nobody expected. */
export function logText(error: unknown): string {
  if (error instanceof WorkerCrashedError) return [error.message, ...error.output].join('\n');
  if (error instanceof JobError) {
    return Object.keys(error.fields).length > 0 ? error.message : (error.workerStack ?? error.message);
  }
  if (error instanceof ResponseError || !(error instanceof Error)) return String(error);
  return error.stack ?? error.message;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
