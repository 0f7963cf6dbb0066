/** How far a job is, on its way from its worker: seldom, and with all points of its curves all the same. */
import type { CurvePoint, JobProgress } from '../../../../protocol/reports';
import { visible } from '../../report/visible';
import { throttled } from '../throttled';
import type { SentProgress } from './message';
import { isSentProgress } from './outcomeChecks';

/** What is shown of the names of what a job is at: characters of each, and number of them. */
const mostStageText = 100;
const mostStages = 20;
/** Points that come at a time; real jobs have fewer in all. */
const mostPoints = 10_000;

/**
 * Sends every new stage, and of the rest no more than one message an interval. Points that come between two messages go
 * with the next; those behind the last are in the result.
 *
 * @param interval in milliseconds
 */
export function sender(send: (progress: SentProgress) => void, interval: number): (progress: JobProgress) => void {
  let points: CurvePoint[] = [];
  const sendNow = throttled((progress) => {
    send({ ...progress, curve: undefined, ...(points.length > 0 ? { points } : {}) });
    points = [];
  }, interval);
  return (progress) => {
    if (progress.curve !== undefined) points.push(progress.curve);
    sendNow(progress);
  };
}

/**
 * What came, as the job said it: once for each point. Anybody may have sent it who can write to the queue, and it is
 * shown as it comes; none for what is no progress.
 */
export function received(value: unknown): JobProgress[] {
  if (!isSentProgress(value)) return [];
  const { points = [], ...rest } = value;
  const shown = (stage: string): string => visible(stage).slice(0, mostStageText);
  const progress: JobProgress = {
    ...rest,
    waits: undefined,
    stage: shown(rest.stage),
    stages: rest.stages?.slice(0, mostStages).map(shown),
  };
  if (points.length === 0) return [progress];
  return points.slice(-mostPoints).map((curve) => ({ ...progress, curve }));
}
