import { JobCancelledError } from '../../jobs/workerProcess';

/**
 * Waits for work that ends when it is told to stop, and no longer than that for work that does not.
 *
 * @param grace time it has to end by itself after `stop`, in milliseconds
 * @throws JobCancelledError when that time has passed; what the work throws
 */
export async function orGivenUp<T>(work: Promise<T>, stop: AbortSignal, grace: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let giveUpSoon = (): void => undefined;
  const givenUp = new Promise<never>((_, reject) => {
    giveUpSoon = () => (timer = setTimeout(() => reject(new JobCancelledError()), grace));
  });
  if (stop.aborted) giveUpSoon();
  else stop.addEventListener('abort', giveUpSoon, { once: true });
  try {
    return await Promise.race([work, givenUp]);
  } finally {
    stop.removeEventListener('abort', giveUpSoon);
    clearTimeout(timer);
  }
}
