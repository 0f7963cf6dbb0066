import type { CancellationToken, Connection } from 'vscode-languageserver';
import type { JobProgress } from '../../../protocol/reports';
import type { Status } from './status';

/** Work that is shown while it goes on. */
export interface ShownWork {
  readonly report: (progress: JobProgress) => void;
  /** Cancelled where the client shows the progress. */
  readonly token?: CancellationToken;
}

/**
 * Does what somebody asked for and waits for: the client's progress and the status show it until it ends.
 *
 * @param clientToken `workDoneToken` of the request
 */
export async function showWork<T>(
  { connection, status }: { readonly connection: Connection; readonly status: Status },
  title: string,
  clientToken: string | undefined,
  work: (shown: ShownWork) => Promise<T>,
): Promise<T> {
  const workDone = await beginWorkDone(connection, title, clientToken);
  const activity = status.begin(title, true);
  try {
    return await work({
      token: workDone.token,
      report: (progress) => {
        workDone.report(progress);
        if (progress.waits === undefined) activity.progress(progress.fraction);
      },
    });
  } finally {
    workDone.done();
    activity.done();
  }
}

/**
 * Begins to report progress: under the token the client gave, else under one of our own where the client can show it.
 */
async function beginWorkDone(
  { window }: Connection,
  title: string,
  clientToken: string | undefined,
): Promise<ShownWork & { readonly done: () => void }> {
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
