/**
 * Memory for integers that are needed for a moment: the same again and again. Fresh typed arrays cost more than what is
 * done with them here: each is cleared, and the collector runs over everything when there were enough of them.
 */
export class Scratch {
  private integers = new Int32Array(0);

  /** So many integers, left over from before; valid until it is asked again. */
  take(length: number): Int32Array {
    if (this.integers.length < length) this.integers = new Int32Array(2 ** Math.ceil(Math.log2(length)));
    return this.integers.subarray(0, length);
  }
}
