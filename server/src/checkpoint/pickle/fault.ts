/** Why a pickle stream cannot be followed any further. Stays inside this room: readers turn it into their own errors. */
export class PickleFault extends Error {
  constructor(
    readonly reason: string,
    /** Whether a bound of ours was reached, so that a loader might go on where we stop. */
    readonly atLimit = false,
  ) {
    super(reason);
    this.name = 'PickleFault';
  }
}
