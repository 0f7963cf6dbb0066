import type { CancellationToken, Connection } from 'vscode-languageserver';
import type { JobProgress } from '../../../protocol/reports';

/** Work-done progress of one request. */
export interface WorkDone {
  readonly report: (progress: JobProgress) => void;
  readonly done: () => void;
  /** Cancelled where the client shows the progress. */
  readonly token?: CancellationToken;
}

/**
 * Begins to report progress: under the token the client gave, else under one of our own where the client can show it.
 */
export async function beginWorkDone(
  { window }: Connection,
  title: string,
  clientToken: string | undefined,
): Promise<WorkDone> {
  // A client that shows no progress is no reason not to work.
  const own = clientToken === undefined ? await window.createWorkDoneProgress().catch(() => undefined) : undefined;
  const reporter = own ?? window.attachWorkDoneProgress(clientToken);
  reporter.begin(title, 0, undefined, true);
  return {
    report: (progress) => reporter.report(Math.floor(progress.fraction * 100), progressText(progress)),
    done: () => reporter.done(),
    token: own?.token,
  };
}

/** `Teacher, epoch 5 of 24` */
function progressText({ stage, epoch, epochs }: JobProgress): string {
  if (epoch === undefined) return stage;
  return `${stage}, epoch ${epoch}${epochs === undefined ? '' : ` of ${epochs}`}`;
}
