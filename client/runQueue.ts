/**
 * Runs a job one at a time: while one runs, at most one more waits, and whoever asks meanwhile shares that one.
 * For restarts: ten changed settings in a row make two restarts, not ten.
 */
export class RunQueue {
  private running: Promise<void> | undefined;
  private waiting: Promise<void> | undefined;

  constructor(private readonly job: () => Promise<void>) {}

  /** Resolves when a run of the job that started after this call has ended; rejects with that run's error. */
  run(): Promise<void> {
    if (this.running === undefined) {
      this.running = this.job().finally(() => (this.running = undefined));
      return this.running;
    }
    this.waiting ??= this.running
      .catch(() => undefined) // whoever asked for that run hears of its error
      .then(() => {
        this.waiting = undefined;
        return this.run();
      });
    return this.waiting;
  }

  /** Resolves when nothing runs or waits, whatever became of it. */
  async idle(): Promise<void> {
    while (this.running ?? this.waiting) await (this.waiting ?? this.running)?.catch(() => undefined);
  }
}
