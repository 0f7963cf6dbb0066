/**
 * Does something again and again, but never twice at a time: what is asked of a server that does not answer would pile up.
 *
 * @param interval pause between two times, in milliseconds
 * @param work what it throws is of no matter: the next time does as well
 * @returns ends it
 */
export function repeated(interval: number, work: () => Promise<unknown>): () => void {
  let isAtWork = false;
  const timer = setInterval(() => {
    if (isAtWork) return;
    isAtWork = true;
    work()
      .catch(() => undefined)
      .finally(() => (isAtWork = false));
  }, interval);
  return () => clearInterval(timer);
}
