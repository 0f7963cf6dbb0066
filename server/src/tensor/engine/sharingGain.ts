/** How fast the mean of the times alone follows new ones. */
const following = 0.1;
/** Longer times count as this multiple of the mean: the thread was stopped in between. */
const longestTime = 4;
/** Every so many calls that could be shared one is not, so that the times alone stay up to date. */
const soloEvery = 64;
/** What sharing has won lately and may lose again, in milliseconds. */
const mostCredit = 2;
/** Sharing is judged by so many calls, because the first of them has to wake the others, */
const judgedCalls = 24;
/** or when it has lost so much, in milliseconds. */
const mostDebt = 1;
/** How long nothing is shared after a loss, as a multiple of it; doubled as long as losses go on. */
const leastCaution = 20;
const mostCaution = 640;
/** The longest such time for small losses, in milliseconds: whatever kept the other processors busy may be over. */
const longestPause = 100;

/**
 * Learns from the time calls take whether it pays to share them. Where other programs need the processors it does not:
 * a thread that is woken then takes its time from the calling one, or is itself stopped in the middle of a chunk.
 */
export class SharingGain {
  /** Mean of the milliseconds that a unit of estimated work takes the calling thread alone, by kind of call. */
  private readonly pace = new Map<number, number>();
  private credit = 0;
  private caution = leastCaution;
  private pausedUntil = 0;
  private calls = 0;
  private callsToJudge = judgedCalls;

  /** Whether to share the next call that could be. */
  shareNext(now: number): boolean {
    return now >= this.pausedUntil && ++this.calls % soloEvery !== 0;
  }

  /**
   * Takes note of a call that ran on the calling thread alone.
   *
   * @param kind the same for calls whose estimates are right or wrong by about the same
   * @param time in milliseconds
   */
  ranAlone(kind: number, work: number, time: number): void {
    const known = this.pace.get(kind) ?? time / work;
    const seen = Math.min(time / work, longestTime * known);
    this.pace.set(kind, known + following * (seen - known));
  }

  /** Takes note of a call that was shared. @param now when it ended */
  wasShared(kind: number, work: number, time: number, now: number): void {
    const expected = work * (this.pace.get(kind) ?? time / work);
    this.credit = Math.min(mostCredit, this.credit + expected - time);
    if (this.credit === mostCredit) this.caution = leastCaution;
    if (--this.callsToJudge > 0 && this.credit > -mostDebt) return;
    this.callsToJudge = judgedCalls;
    if (this.credit >= 0) return;
    const loss = -this.credit;
    this.pausedUntil = now + Math.max(leastCaution * loss, Math.min(longestPause, this.caution * loss));
    this.caution = Math.min(mostCaution, 2 * this.caution);
    this.credit = 0;
  }
}
