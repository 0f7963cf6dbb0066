import type { JobProgress } from '../../../protocol/reports';

/**
 * Lets through every new stage and what is news by itself, and of the rest no more than one an interval.
 *
 * @param interval in milliseconds
 * @param isNews of what is let through in any case; default: nothing
 */
export function throttled(
  report: (progress: JobProgress) => void,
  interval: number,
  isNews: (progress: JobProgress) => boolean = () => false,
): (progress: JobProgress) => void {
  let last = -Infinity;
  let stage: string | undefined;
  return (progress) => {
    const now = performance.now();
    if (progress.stage === stage && !isNews(progress) && now - last < interval) return;
    last = now;
    stage = progress.stage;
    report(progress);
  };
}
