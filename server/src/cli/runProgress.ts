import type { JobProgress } from '../../../protocol/reports';
import type { RunState } from './progressTable';

interface JobUnderWay {
  readonly name: string;
  /** It no longer waits for its turn. */
  hasStarted: boolean;
  latest?: JobProgress;
}

/** What is heard of one of the jobs. */
export interface JobNews {
  /** It waits for its turn, again perhaps. */
  readonly onAsk: () => void;
  readonly onStart: () => void;
  readonly progress: (progress: JobProgress) => void;
  readonly end: (failed: boolean) => void;
}

/** Keeps count of jobs that are done side by side, and tells when something has changed. */
export class RunProgress {
  private readonly underWay = new Set<JobUnderWay>();
  private readonly begun: number;
  private done = 0;
  private failed = 0;

  /** @param now milliseconds since any moment */
  constructor(
    private readonly counted: Pick<RunState, 'unit' | 'total'>,
    private readonly tell: () => void,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.begun = now();
  }

  /** Begins a job. */
  begin(name: string): JobNews {
    const job: JobUnderWay = { name, hasStarted: false };
    this.underWay.add(job);
    return {
      onAsk: () => {
        job.hasStarted = false;
        job.latest = undefined;
      },
      onStart: () => {
        job.hasStarted = true;
        this.tell();
      },
      progress: (progress) => {
        job.latest = progress;
        this.tell();
      },
      end: (failed) => {
        this.underWay.delete(job);
        this.done++;
        if (failed) this.failed++;
        this.tell();
      },
    };
  }

  /** How far it is at the moment. */
  state(): RunState {
    const { done, failed } = this;
    const minutes = (this.now() - this.begun) / 60_000;
    const running = [...this.underWay]
      .filter(({ hasStarted }) => hasStarted)
      .map(({ name, latest }) => ({ name, stage: latest?.stage, fraction: latest?.fraction }));
    const share = done + running.reduce((sum, { fraction = 0 }) => sum + fraction, 0);
    return {
      ...{ ...this.counted, done, failed, running },
      ...(done > 0 && minutes > 0
        ? { rate: done / minutes, secondsLeft: (60 * minutes * (this.counted.total - share)) / share }
        : {}),
    };
  }
}
