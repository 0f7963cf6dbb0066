import type { Failure } from './failure';

/** A job goes on, but nobody here waits for it any more. */
export class RunLeftError extends Error {
  override readonly name = 'RunLeftError';

  constructor(readonly run: string) {
    super(`the run ${run} was left; its jobs go on`);
  }
}

/** A job that is not tried any more: it ended its process too often, or could not be begun. */
export class JobFailedError extends Error {
  override readonly name = 'JobFailedError';

  constructor(
    readonly failure: Failure,
    /** What was said of each try, oldest first. */
    readonly log: readonly string[],
  ) {
    super(
      failure.kind === 'quarantined'
        ? `it is not tried any more: ${failure.reason}`
        : `it could not be done: ${failure.reason}`,
    );
  }
}
