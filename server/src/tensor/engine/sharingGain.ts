import type { KernelName } from './kernels';

/** A loss that may be chance, as a part of what a call should have taken. */
const tolerance = 0.1;
/** How long nothing is shared after a loss, as a multiple of it; doubled as long as losses go on. */
const leastCaution = 20;
const mostCaution = 640;
/** The longest such time, in milliseconds: whatever kept the other processors busy may be over. */
const longestPause = 100;

/**
 * Learns from the time calls take whether it pays to share them. Where other programs need the processors it does not:
 * a thread that is woken then takes its time from the calling one, or is itself stopped in the middle of a chunk.
 */
export class SharingGain {
  /** Milliseconds a unit of estimated work takes the calling thread alone, by kernel. */
  private readonly pace = new Map<KernelName, number>();
  private caution = leastCaution;
  private pausedUntil = 0;

  /** Whether sharing may pay now, as far as one knows. */
  maySharePay(now: number): boolean {
    return now >= this.pausedUntil;
  }

  /** Takes note of a call that ran on the calling thread alone. @param time in milliseconds */
  ranAlone(kernel: KernelName, work: number, time: number): void {
    const known = this.pace.get(kernel) ?? time / work;
    // Times are now and then too long, because the thread was stopped in between, but never too short.
    const seen = Math.min(time / work, 2 * known);
    this.pace.set(kernel, known + (seen - known) * (seen < known ? 0.5 : 0.1));
  }

  /** Takes note of a call that was shared. @param now when it ended */
  wasShared(kernel: KernelName, work: number, time: number, now: number): void {
    const expected = work * (this.pace.get(kernel) ?? Infinity);
    const loss = time - expected;
    if (loss > tolerance * expected) {
      this.pausedUntil = now + Math.min(longestPause, this.caution * loss);
      this.caution = Math.min(mostCaution, 2 * this.caution);
    } else if (loss < -tolerance * expected) {
      this.caution = Math.max(leastCaution, this.caution / 2);
    }
  }
}
