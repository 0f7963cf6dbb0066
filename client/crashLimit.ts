/** Crashes within this time count together. */
const windowMilliseconds = 3 * 60 * 1000;
/** The crash that ends the restarts. */
const limit = 5;

/** Decides whether a crashed server is started once more: not after the fifth crash within three minutes. */
export class CrashLimit {
  private crashes: number[] = [];

  /**
   * Notes a crash.
   * @param now time of the crash, in milliseconds
   * @returns whether to start the server again
   */
  mayRestart(now: number): boolean {
    this.crashes = [...this.crashes.filter((time) => now - time <= windowMilliseconds), now];
    return this.crashes.length < limit;
  }

  /** A restart asked for by a person starts the count anew. */
  reset(): void {
    this.crashes = [];
  }
}
