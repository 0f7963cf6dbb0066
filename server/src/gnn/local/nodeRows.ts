/** A row of values for each node of a batch, and behind them room for rows that edits change. */
export class NodeRows {
  /** Row-major `[at least nodes, width]`; replaced where room is made. */
  values: Float32Array;

  /** @param changed number of changed rows to have room for at first */
  constructor(
    readonly nodes: number,
    readonly width: number,
    changed: number,
  ) {
    this.values = new Float32Array((nodes + changed) * width);
  }

  /** Makes room for changed rows. What the last ones were is lost; those of the batch stay. */
  reserve(changed: number): void {
    const needed = (this.nodes + changed) * this.width;
    if (this.values.length >= needed) return;
    const kept = this.values.subarray(0, this.nodes * this.width);
    // Twice what is needed, so that ever larger edits do not copy the batch's rows each time.
    this.values = new Float32Array(needed + changed * this.width);
    this.values.set(kept);
  }
}
