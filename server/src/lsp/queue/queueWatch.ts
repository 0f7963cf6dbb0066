import { plural } from '../../../../protocol/numberText';
import type { QueueCounts, QueueWait } from '../../../../protocol/queue';
import type { JobProgress } from '../../../../protocol/reports';
import type { RunOptions } from '../../jobs/executor';

/** Pauses between looks at the queue, in milliseconds: while jobs are followed, and while nobody waits for anything. */
const pauses = { busy: 2_000, idle: 30_000 } as const;

interface Followed {
  begun: boolean;
  readonly tell: (progress: JobProgress) => void;
}

/** Looks at a queue again and again, and tells those who ask for jobs of it that these wait there, and for what. */
export class QueueWatch {
  private readonly jobs = new Set<Followed>();
  private timer: NodeJS.Timeout | undefined;
  private known: QueueCounts | undefined;
  private asking = false;
  /** Whether somebody wants to know since the last question was asked. */
  private wanted = false;
  private closed = false;

  /**
   * @param ask how the queue stands
   * @param onChange hears when something else is known of it
   */
  constructor(
    private readonly ask: () => Promise<QueueCounts>,
    private readonly onChange: () => void,
  ) {}

  /** As of the last look that was answered. */
  get counts(): QueueCounts | undefined {
    return this.known;
  }

  /**
   * Follows a job from when it is asked for to its end.
   *
   * @param run asks for it, with the options it is given
   */
  async follow<T>(options: RunOptions, run: (options: RunOptions) => Promise<T>): Promise<T> {
    const { progress, onStart } = options;
    const job: Followed = { begun: false, tell: (waiting) => progress?.(waiting) };
    this.jobs.add(job);
    if (this.jobs.size === 1) this.look();
    try {
      return await run({
        ...options,
        onStart: () => {
          job.begun = true;
          onStart?.();
        },
        progress: (news) => {
          job.begun = true;
          progress?.(news);
        },
      });
    } finally {
      this.jobs.delete(job);
      // The next look would be late, and until then jobs that ended would be said to wait.
      if (this.jobs.size === 0) this.look();
    }
  }

  /** Looks now, and from then on every now and then. */
  look(): void {
    // While the connection is lost there is no answer: one question waits for it, not one every two seconds.
    this.wanted = this.asking;
    if (!this.asking && !this.closed) void this.lookOnce();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private async lookOnce(): Promise<void> {
    clearTimeout(this.timer);
    this.asking = true;
    const counts = await this.ask().catch(() => undefined);
    this.asking = false;
    if (this.closed) return;
    const pause = this.wanted ? 0 : this.jobs.size > 0 ? pauses.busy : pauses.idle;
    this.timer = setTimeout(() => this.look(), pause);
    if (counts === undefined) return;
    this.known = counts;
    this.onChange();
    // One that was begun waits again when its worker is gone.
    const nobodyWorks = counts.workers === 0 || counts.active === 0;
    for (const job of this.jobs) if (!job.begun || nobodyWorks) job.tell(waiting(counts));
  }
}

/** A job that waits, as a stage of its own before all others. */
function waiting(counts: QueueCounts): JobProgress {
  const waits: QueueWait = counts.workers === 0 ? 'no-worker' : 'in-queue';
  return { stage: waitText(counts), stageIndex: 0, stageCount: 1, fraction: 0, waits };
}

function waitText({ workers, otherWorkers, waiting }: QueueCounts): string {
  if (workers > 0) return `Waits in the queue${waiting > 1 ? ` with ${plural(waiting - 1, 'other')}` : ''}`;
  if (otherWorkers === 0) return 'Waits in the queue: no worker is connected';
  return `Waits in the queue: no worker of this version is connected, ${otherWorkers} of other versions`;
}
